"""Colours of drawings, told apart also by people who see few colours."""

__all__ = ["FRAME", "GROUND", "dash_pattern", "series_colour", "shade_colour"]

FRAME, GROUND = "#333333", "#8a8a8a"
_SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")  # Okabe and Ito (2008), without yellow
_DASHES: tuple[tuple[int, ...], ...] = ((), (5, 2), (2, 2), (7, 2, 2, 2))
_LIGHT, _DARK = (222, 235, 247), (8, 69, 148)


def series_colour(series: int | None) -> str:
    """The colour of a series as "#rrggbb"; they come again after seven."""
    return GROUND if series is None else _SERIES[series % len(_SERIES)]


def dash_pattern(series: int | None) -> tuple[int, ...]:
    """Lengths of dashes and gaps of a series' lines; empty for a solid line."""
    return () if series is None else _DASHES[series // len(_SERIES) % len(_DASHES)]


def shade_colour(shade: float | None) -> str:
    """The colour of a filled rectangle as "#rrggbb", from 0 (light) to 1 (dark); "none" for an empty frame."""
    if shade is None:
        return "none"
    return "#" + "".join(f"{round(light + (dark - light) * shade):02x}" for light, dark in zip(_LIGHT, _DARK, strict=True))
