"""A falling step curve in characters: half a dozen lines of blocks on a terminal."""

from collections.abc import Sequence

__all__ = ["drawn_steps"]

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_HALVES = " ::::####"  # where the encoding has no blocks


def drawn_steps(steps: Sequence[tuple[float, float]], end: float, *, width: int, height: int, encoding: str) -> list[str]:
    """Draw a value that stays as it is from step to step, as filled columns.

    Args:
        steps: Place and value from there on, by place; at least one.
        end: Last place of the drawing.
        width: Of the drawing in characters.
        height: Likewise, at least 1; the largest value fills them all, and the smallest leaves an eighth of one.
        encoding: Of the terminal; without blocks in it the drawing is coarse.

    Returns:
        Lines from the top, without blanks at their ends.
    """
    first = steps[0][0]
    values = [value for _, value in steps]
    low, span = min(values), max(values) - min(values)
    columns = []
    for column in range(width):
        place = first + (end - first) * column / max(1, width - 1)
        value = next(value for at, value in reversed(steps) if at <= place)
        columns.append(1 + round((8 * height - 1) * (value - low) / span) if span else 1)
    eighths = _EIGHTHS if _can_be_written(_EIGHTHS, encoding) else _HALVES
    return ["".join(eighths[min(8, max(0, filled - 8 * row))] for filled in columns).rstrip() for row in reversed(range(height))]


def _can_be_written(characters: str, encoding: str) -> bool:
    try:
        characters.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
