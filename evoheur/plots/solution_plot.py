"""Drawings of solutions side by side: tours, routes, filled bins, or tables where a problem draws none."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from evoheur import ConfigError, Drawing, DrawnPoints, DrawnRectangle, LineOfPoints, Split
from evoheur.api.archives import archive_address
from evoheur.api.drawn_solutions import DrawnSolution
from evoheur.api.solution_making import SolutionWish, draw_solutions
from evoheur.charts.drawing_colours import FRAME, dash_pattern, series_colour, shade_colour
from evoheur.charts.solution_drawing import labels_of
from evoheur.charts.solution_table import SolutionTable
from evoheur.plots.figure_style import FigureSize, blank_figure, drawable, figure_size, styled

__all__ = ["draw_side_by_side", "solution_figure"]

_LEAST, _MOST, _FREE = 0.3, 1.6, 0.75  # height by width of a drawing; the last where axes scale freely
_WORDS = 0.75  # inches above and below a drawing
_MOST_LABELS = 12  # of lines; with more, none is named
_MOST_ROWS = 25  # of a table
_LETTERS = 80
_LETTERS_IN_CELLS = 30


def solution_figure(
    target: str,
    *,
    beside: str | None = None,
    instance: str | None = None,
    split: Split = "validation",
    archive: str | Path | None = None,
    width: str | float = "page",
    saying: Callable[[str], None] = lambda _words: None,
) -> Figure:
    """Draw what a heuristic makes of an instance, alone or beside another one.

    What the archive keeps is drawn as it is; else the heuristic solves the instance in the sandbox, and the solution is kept.

    Args:
        target: "quickstart-1/17", "quickstart-1/best", "textbook:best_fit", "gallery:NAME" or the path of a file.
        beside: Likewise, or "textbook" for the best textbook rule; None for nothing.
        instance: Its name; None for the first that a solution of the target is kept of, else the first of the split.
        split: "train", "validation" or "test".
        archive: Where runs are: a URL, a `Path` to an SQLite file, or None for $EVOHEUR_ARCHIVE, else runs/evoheur.db.
        width: "column", "page", or inches.
        saying: Hears what is being solved.

    Raises:
        ArchiveError: There is no such run or candidate.
        ConfigError: There is no such heuristic, rule or instance, or it is not solved.
    """
    if split not in get_args(Split):
        raise ConfigError(f"There is no split {split!r:.60}; there are: {', '.join(get_args(Split))}.")
    figure_size(width)
    wish = SolutionWish(target=target, beside=beside, instance=instance, split=split)
    return draw_side_by_side(draw_solutions(wish, archive=archive_address(archive), saying=saying), width=width)


def draw_side_by_side(solutions: Sequence[DrawnSolution], *, width: str | float = "page") -> Figure:
    """Draw solutions of one instance side by side, each below the name of what made it, with its cost.

    Args:
        solutions: At least one.
        width: "column", "page", or inches.
    """
    size = figure_size(width)
    panel = size.width / len(solutions)
    height = max(panel * _height_by_width(solution.picture) for solution in solutions) + _WORDS
    with styled():
        figure = blank_figure(FigureSize(size.width, height))
        for place, solution in enumerate(solutions):
            axes = figure.add_subplot(1, len(solutions), place + 1)
            axes.set_title(f"{drawable(solution.name)}\n{_figures(solution)}", loc="left")
            if isinstance(solution.picture, Drawing):
                _draw(axes, solution.picture)
            else:
                _tabulate(axes, solution.picture)
        return figure


def _figures(solution: DrawnSolution) -> str:
    result = solution.result
    cost = result.status.value if result.cost is None else f"cost {result.cost:.8g}"
    gap = "" if result.gap is None else f", gap {result.gap:.2f} %"
    return f"{drawable(result.instance)}: {cost}{gap}"


def _height_by_width(picture: Drawing | SolutionTable) -> float:
    if isinstance(picture, SolutionTable):
        return min(_MOST, _LEAST + 0.05 * len(picture.rows))
    if not picture.equal_scale:
        return _FREE
    spans = []
    for low, high in (_ends(picture, across=True), _ends(picture, across=False)):
        spans.append(high / 2 - low / 2)
    across, up = spans
    return min(_MOST, max(_LEAST, up / across)) if across > 0 else _FREE


def _ends(drawing: Drawing, *, across: bool) -> tuple[float, float]:
    numbers: list[float] = []
    for mark in drawing.marks:
        if isinstance(mark, DrawnRectangle):
            numbers += [mark.x, mark.x + mark.width] if across else [mark.y, mark.y + mark.height]
        else:
            numbers += mark.x if across else mark.y
    return min(numbers, default=0.0), max(numbers, default=0.0)


def _draw(axes: Axes, drawing: Drawing) -> None:
    labels = labels_of(drawing)
    for mark in drawing.marks:
        if isinstance(mark, LineOfPoints):
            _draw_line(axes, mark, named=len(labels) <= _MOST_LABELS)
        elif isinstance(mark, DrawnPoints):
            square = mark.shape == "square"
            colour = FRAME if square else series_colour(mark.series)
            axes.plot(
                mark.x,
                mark.y,
                linestyle="none",
                marker="s" if square else "o",
                markersize=5 if square else 2.2,
                markeredgewidth=0,
                color=colour,
                zorder=4 if square else 3,
            )
    _draw_rectangles(axes, [mark for mark in drawing.marks if isinstance(mark, DrawnRectangle)])
    axes.margins(0.02)
    if drawing.equal_scale:
        axes.set_aspect("equal", adjustable="box", anchor="NW")
    axes.set_axis_off()
    notes = "\n".join(drawable(note, width=_LETTERS) for note in drawing.notes)
    axes.text(0.0, -0.02, notes, transform=axes.transAxes, va="top", fontsize=6, color="#333333")
    if 0 < len(labels) <= _MOST_LABELS:
        below = -0.02 - 0.05 * len(drawing.notes)
        axes.legend(loc="upper left", bbox_to_anchor=(0.0, below), fontsize=5.5, borderaxespad=0.0)


def _draw_line(axes: Axes, line: LineOfPoints, *, named: bool) -> None:
    closing = (0,) if line.closed else ()
    order = [*range(len(line.x)), *closing]
    dashes = dash_pattern(line.series)
    axes.plot(
        [line.x[place] for place in order],
        [line.y[place] for place in order],
        color=series_colour(line.series),
        linestyle=(0, dashes) if dashes else "-",
        linewidth=0.9,
        label=drawable(line.label) if named and line.label else "_line",
        zorder=2,
    )


def _draw_rectangles(axes: Axes, boxes: Sequence[DrawnRectangle]) -> None:
    if not boxes:
        return
    thin = 0.4 if len(boxes) < 2000 else 0.1
    patches = PatchCollection(
        [Rectangle((box.x, box.y), box.width, box.height) for box in boxes],
        facecolors=[shade_colour(box.shade) for box in boxes],
        edgecolors=["#ffffff" if box.shade is not None else FRAME for box in boxes],
        linewidths=thin,
    )
    axes.add_collection(patches)
    axes.autoscale_view()


def _tabulate(axes: Axes, table: SolutionTable) -> None:
    rows = [[drawable(cell, width=_LETTERS_IN_CELLS) for cell in row] for row in table.rows[:_MOST_ROWS]]
    axes.set_axis_off()
    if rows:
        drawn = axes.table(cellText=rows, colLabels=list(table.columns), loc="upper left", cellLoc="left", edges="horizontal")
        drawn.auto_set_font_size(False)
        drawn.set_fontsize(6)
    left_out = table.left_out + len(table.rows) - len(rows)
    if left_out:
        axes.text(0.0, -0.02, f"{left_out:,} more rows are not shown", transform=axes.transAxes, va="top", fontsize=6.5)
