"""Where an exported file's heuristic ends."""

from evoheur.exported_file import SOLVER_LINE, heuristic_part


def test_the_part_above_the_line() -> None:
    assert heuristic_part(f"def f(x):\n    return x\n\n\n{SOLVER_LINE}\nimport os\n") == "def f(x):\n    return x\n"


def test_any_other_text_stays_as_it_is() -> None:
    for text in ("", "def f(x):\n    return x", f"line = '{SOLVER_LINE}'\n", f"{SOLVER_LINE}\nimport os\n"):
        assert heuristic_part(text) == text
