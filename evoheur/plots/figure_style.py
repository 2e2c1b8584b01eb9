"""The look of all figures.

Sizes of paper columns, colours that colour-blind people tell apart, and words drawn as they are.
"""

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D

from evoheur import ConfigError
from evoheur.observers.number_text import one_line

__all__ = [
    "DASHES",
    "GREY",
    "MARKERS",
    "PALETTE",
    "WIDTHS",
    "FigureSize",
    "blank_figure",
    "colour_of",
    "drawable",
    "figure_size",
    "grow",
    "objective_label",
    "outside_legend",
    "styled",
]

WIDTHS = {"column": 3.35, "page": 6.9}
"""Widths of figures in inches: of one column of a paper in two columns (85 mm), and of its text (175 mm)."""
_LEAST_WIDTH, _MOST_WIDTH = 1.5, 40.0
_WIDE = 5.0  # inches; from there on, a legend has three columns
_LINE, _HANDLE, _SIGN = 0.145, 0.42, 0.06  # inches in a legend: of a line, of the sign before a label, of a letter
_SHORTEST = 8

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Colours of Okabe and Ito (2008), without yellow, which is too light for lines."""
GREY = "#7F7F7F"
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1.5, 1, 1.5)), (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1)))

_STYLE: dict[str, Any] = {
    "axes.edgecolor": "#333333",
    "axes.grid": True,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 8,
    "figure.dpi": 100,
    "font.size": 8,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.5,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "lines.linewidth": 1.3,
    "pdf.fonttype": 42,  # whole TrueType fonts inside the file, which publishers ask for and editors can change
    "ps.fonttype": 42,
    "savefig.dpi": 300,
    "svg.fonttype": "path",
    "svg.hashsalt": "evoheur",  # equal figures become equal files
    "text.parse_math": False,  # names of users and models are no formulae
    "xtick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.labelsize": 7,
    "ytick.major.width": 0.6,
}
_LABELS = {
    "gap_percent": "gap on train (%)",
    "mean_cost": "mean cost on train",
    "textbook_ratio": "times the best textbook rule (train)",
}


@dataclass(frozen=True, slots=True)
class FigureSize:
    """The size of a figure in inches."""

    width: float
    height: float


def figure_size(width: str | float = "column", *, aspect: float = 0.7) -> FigureSize:
    """The size that a width stands for.

    Args:
        width: "column", "page", or inches, also as text.
        aspect: Height by width.

    Raises:
        ConfigError: It is none of these, or not between 1.5 and 40 inches.
    """
    inches = WIDTHS.get(width) if isinstance(width, str) else width
    if inches is None:
        try:
            inches = float(width)
        except ValueError:
            inches = 0.0
    if not _LEAST_WIDTH <= inches <= _MOST_WIDTH:
        raise ConfigError(
            f"{width!r} is no width of a figure; write column ({WIDTHS['column']} inches), page ({WIDTHS['page']}), or inches from "
            f"{_LEAST_WIDTH} to {_MOST_WIDTH:g}."
        )
    return FigureSize(inches, inches * aspect)


@contextmanager
def styled(**more: Any) -> Iterator[None]:
    """Draw in this look; whatever matplotlib was set to before is set again afterwards.

    Args:
        more: Settings of matplotlib, with "__" for the dot in their names.
    """
    settings: Any = {**_STYLE, **{name.replace("__", "."): value for name, value in more.items()}}
    with mpl.rc_context(settings):
        yield


def blank_figure(size: FigureSize) -> Figure:
    """An empty figure that belongs to nobody: matplotlib's register of open figures does not hear of it."""
    return Figure(figsize=(size.width, size.height), layout="constrained")


def colour_of(place: int) -> str:
    """The colour of the series at a place; they begin again after seven."""
    return PALETTE[place % len(PALETTE)]


def objective_label(kind: str | None) -> str:
    """The label of an axis of objectives, which are of a kind."""
    return _LABELS.get(kind or "", "objective on train")


def drawable(text: str, *, width: int = 40) -> str:
    """Foreign words as a figure can show them.

    On one line, shortened, and with "?" for what the font does not have.
    """
    known = _characters()
    return "".join(char if ord(char) in known else "?" for char in one_line(text, width=width))


@functools.cache
def _characters() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties())).get_charmap())


def outside_legend(figure: Figure, handles: Sequence[Line2D] | None = None) -> None:
    """Put a legend above all axes, and make the figure as much higher.

    Args:
        figure: Of its final width.
        handles: What it names; None for all of the first axes that have a label.
    """
    found = list(figure.axes[0].get_legend_handles_labels()[0] if handles is None else handles)
    if not found:
        return
    columns = 2 if figure.get_figwidth() < _WIDE else 3
    room = int((figure.get_figwidth() / columns - _HANDLE) / _SIGN)
    labels = [drawable(str(handle.get_label()), width=max(_SHORTEST, room)) for handle in found]
    grow(figure, _LINE * -(-len(found) // columns) + _LINE)
    figure.legend(handles=found, labels=labels, loc="outside upper left", ncols=columns, columnspacing=1.0, borderaxespad=0.2)


def grow(figure: Figure, inches: float) -> None:
    """Make a figure higher, for what stands above or below its main axes."""
    figure.set_figheight(figure.get_figheight() + inches)
