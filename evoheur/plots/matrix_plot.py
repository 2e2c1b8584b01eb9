"""Drawing of matrices of gaps, heuristics by instances."""

from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from evoheur.charts.instance_matrix import InstanceMatrix, MatrixRow
from evoheur.plots.figure_style import FigureSize, blank_figure, drawable, styled

__all__ = ["draw_matrix"]

_MOST_NUMBERS = 150  # cells that bear their figure
_MOST_NAMES = 24  # instances that bear their name
_ROW_HEIGHT, _AROUND = 0.15, 1.2  # inches: of a row with its name, and of what is above and below
_BREED = {"candidate": "", "baseline": " (start)", "textbook": " (textbook)"}


def draw_matrix(matrix: InstanceMatrix, *, size: FigureSize) -> Figure:
    """Draw a matrix as a heat map, alike heuristics and instances side by side.

    Args:
        matrix: With one row at least.
        size: Of the figure.
    """
    with styled():
        figure = blank_figure(FigureSize(size.width, max(size.height, _ROW_HEIGHT * len(matrix.rows) + _AROUND)))
        axes = figure.add_subplot()
        values = np.array([[np.nan if value is None else value for value in row.values] for row in matrix.rows], dtype=np.float64)
        solved = values[~np.isnan(values)]
        top = float(np.quantile(solved, 0.95)) if solved.size else 1.0
        low = float(solved.min()) if solved.size else 0.0
        axes.set_facecolor("#BBBBBB")
        mesh = axes.pcolormesh(values, cmap="viridis", vmin=low, vmax=max(top, low + 1e-9), edgecolors="white", linewidth=0.3)
        label = "gap (%)" if matrix.scale == "gap" else "above the lowest cost (%)"
        figure.colorbar(mesh, ax=axes, label=label, extend="max", fraction=0.04, pad=0.02)
        axes.set_yticks(np.arange(len(matrix.rows)) + 0.5, [_name(row, matrix.best) for row in matrix.rows])
        axes.invert_yaxis()
        axes.grid(visible=False)
        _name_columns(axes, matrix)
        if values.size <= _MOST_NUMBERS:
            _write_numbers(axes, values, top)
        if np.isnan(values).any():
            figure.legend(handles=[Patch(color="#BBBBBB", label="failed")], loc="outside upper right")
        return figure


def _name(row: MatrixRow, best: str | None) -> str:
    return drawable(row.name, width=32) + _BREED[row.kind] + (" ★" if row.name == best else "")


def _name_columns(axes: Axes, matrix: InstanceMatrix) -> None:
    """Name the instances where they are few, and the families that they are of."""
    edges, middles, names = [0], [], []
    for family, members in groupby(matrix.columns, key=lambda column: column.family):
        width = len(list(members))
        middles.append(edges[-1] + width / 2)
        edges.append(edges[-1] + width)
        names.append(drawable(family, width=24))
    for edge in edges[1:-1]:
        axes.axvline(edge, color="white", linewidth=1.6)
    if len(matrix.columns) <= _MOST_NAMES:
        labels = [drawable(column.instance, width=24) for column in matrix.columns]
        axes.set_xticks(np.arange(len(labels)) + 0.5, labels, rotation=90)
        above = axes.secondary_xaxis("top")
        above.set_xticks(middles, names)
        above.tick_params(length=0)
    else:
        axes.set_xticks(middles, names, rotation=30, ha="right")
    axes.set_xlabel(f"instances of {drawable(matrix.split)}" + (f", epoch {matrix.epoch}" if matrix.epoch else ""))


def _write_numbers(axes: Axes, values: np.ndarray, top: float) -> None:
    low = float(np.nanmin(values)) if not np.isnan(values).all() else 0.0
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            dark = (value - low) / max(top - low, 1e-9) < 0.6
            axes.text(
                column + 0.5, row + 0.5, f"{value:.2g}", ha="center", va="center", fontsize=5, color="white" if dark else "black"
            )
