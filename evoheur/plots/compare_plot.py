"""Drawing of a comparison: the median curve of every arm with its interval."""

from matplotlib.figure import Figure

from evoheur.charts.arm_curves import ArmCurve, ArmCurves
from evoheur.plots.figure_style import (
    DASHES,
    FigureSize,
    blank_figure,
    colour_of,
    drawable,
    objective_label,
    outside_legend,
    styled,
)

__all__ = ["draw_arms"]

_AXES = {"calls": "model calls", "evaluations": "evaluations"}


def draw_arms(curves: ArmCurves, *, size: FigureSize) -> Figure:
    """Draw the curves of a comparison: medians as lines, 95 % intervals as bands.

    Args:
        curves: As `evoheur.charts.arm_curves` makes them.
        size: Of the figure.
    """
    with styled():
        figure = blank_figure(size)
        axes = figure.add_subplot()
        if curves.own is not None:
            axes.axhline(curves.own, color="black", linewidth=0.8, linestyle=DASHES[2], label="problem's own")
        for place, arm in enumerate(curves.arms):
            _draw_arm(figure, arm, place)
        axes.set_xlim(0, curves.budget or 1)
        axes.set_xlabel(_AXES[curves.axis])
        axes.set_ylabel(f"best in hand: {objective_label(curves.objective_kind)}")
        outside_legend(figure)
        return figure


def _draw_arm(figure: Figure, arm: ArmCurve, place: int) -> None:
    [axes] = figure.axes
    seeds = len({run.seed for run in arm.runs})
    label = f"{drawable(arm.arm)} ({seeds} {'seed' if seeds == 1 else 'seeds'})"
    medians = [spread.median for spread in arm.spreads]
    axes.plot(
        arm.places,
        medians,
        drawstyle="steps-post",
        color=colour_of(place),
        linestyle=DASHES[place % len(DASHES)],
        label=label,
        zorder=3,
    )
    lows = [spread.low for spread in arm.spreads if spread.low is not None]
    highs = [spread.high for spread in arm.spreads if spread.high is not None]
    if len(lows) == len(highs) == len(arm.places):
        axes.fill_between(arm.places, lows, highs, step="post", color=colour_of(place), alpha=0.18, linewidth=0.0, zorder=1)
