"""The two parts of an exported file: the heuristic, and below a line what solves instances with it."""

__all__ = ["SOLVER_LINE", "heuristic_part"]

SOLVER_LINE = "# ---- evoheur reads the heuristic above; below is what solves instances with it ----"
"""A comment at the left margin between the two."""


def heuristic_part(text: str) -> str:
    """The heuristic of an exported file; the whole text of any other."""
    above, line, _ = text.partition(f"\n{SOLVER_LINE}\n")
    return f"{above.rstrip()}\n" if line else text
