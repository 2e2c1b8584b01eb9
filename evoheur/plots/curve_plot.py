"""Drawing of best-so-far curves, with candidates as points and failures in a strip below."""

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from evoheur.charts.best_so_far import BestSoFar
from evoheur.charts.candidate_points import CandidatePoint, CandidatePoints
from evoheur.charts.run_course import SpentAxis
from evoheur.observers.number_text import count
from evoheur.plots.figure_style import (
    DASHES,
    GREY,
    MARKERS,
    PALETTE,
    FigureSize,
    blank_figure,
    colour_of,
    drawable,
    grow,
    objective_label,
    outside_legend,
    styled,
)

__all__ = ["AXIS_LABELS", "draw_curves"]

AXIS_LABELS: dict[SpentAxis, str] = {
    "calls": "model calls",
    "evaluations": "evaluations",
    "cost_usd": "US dollars",
    "seconds": "wall time in seconds",
}
_OPERATORS = 6  # have a colour of their own; the others share grey
_REASONS = 4  # of failures have a line of their own; the others share one
_REASON_HEIGHT = 0.14  # inches
_ABOVE = 0.35  # room above the start, as a share of what was gained


def draw_curves(curves: Sequence[BestSoFar], points: CandidatePoints | None, *, over: SpentAxis, size: FigureSize) -> Figure:
    """Draw the best-so-far curves of runs.

    Args:
        curves: At least one, of runs of one problem.
        points: Candidates of the first run, drawn where there is one run only; failures get a strip below. None for none.
        over: The axis.
        size: Of the figure.
    """
    with styled():
        figure = blank_figure(size)
        shown = points if len(curves) == 1 else None
        failed = [] if shown is None else [point for point in shown.points if point.failure]
        if shown is None or not failed:
            axes = figure.add_subplot()
            bottom = axes
        else:
            kinds = _kinds(failed)
            strip = _REASON_HEIGHT * len(kinds)
            axes, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[size.height, strip])
            grow(figure, strip + _REASON_HEIGHT)
            _draw_failures(bottom, shown, failed, over, kinds)
        handles = [_draw_curve(axes, curve, over, place, alone=len(curves) == 1) for place, curve in enumerate(curves)]
        _limit(axes, curves)
        _draw_lines(axes, curves[0], handles)
        if shown is not None:
            handles += _draw_points(axes, shown, over)
        axes.set_ylabel(objective_label(curves[0].objective_kind))
        estimated = over == "seconds" and any(curve.is_estimated for curve in curves)
        bottom.set_xlabel(AXIS_LABELS[over] + (" (estimated)" if estimated else ""))
        axes.set_xlim(0.0, max(_end(curve, over) for curve in curves) * 1.02 or 1.0)
        outside_legend(figure, handles)
        return figure


def _end(curve: BestSoFar, over: SpentAxis) -> float:
    return curve.place(curve.end, over)


def _draw_curve(axes: Axes, curve: BestSoFar, over: SpentAxis, place: int, *, alone: bool) -> Line2D:
    """Draw the curve, a piece for every epoch, and what the audit says of its steps."""
    colour = colour_of(place)
    label = "best on train" if alone else drawable(curve.run)
    xs: list[float] = []
    ys: list[float] = []
    for before, step in zip((None, *curve.steps), curve.steps, strict=False):
        if before is not None and before.epoch != step.epoch:  # objectives of two epochs do not compare
            xs += [curve.place(step.spent, over), curve.place(step.spent, over)]
            ys += [before.objective, float("nan")]
        xs.append(curve.place(step.spent, over))
        ys.append(step.objective)
    if curve.steps:
        xs.append(_end(curve, over))
        ys.append(curve.steps[-1].objective)
    [line] = axes.plot(xs, ys, drawstyle="steps-post", color=colour, linestyle=DASHES[place % len(DASHES)], label=label, zorder=4)
    audits = [(curve.place(audit.spent, over), audit.objective) for audit in curve.audits if audit.objective is not None]
    if audits:
        axes.plot(
            [place for place, _ in audits],
            [objective for _, objective in audits],
            linestyle="none",
            marker="D",
            markersize=4,
            markerfacecolor="white",
            color=colour,
            label="on fresh instances" if alone else "_audit",
            zorder=5,
        )
    return line


def _draw_lines(axes: Axes, curve: BestSoFar, handles: list[Line2D]) -> None:
    """Draw the problem's own heuristic and the textbook rules, which no run changes.

    Of rules above the axes only the legend tells.
    """
    handles += [line for line in axes.get_lines() if str(line.get_label()).startswith("on fresh")]
    if curve.own is not None:
        handles.append(axes.axhline(curve.own, color="black", linewidth=0.8, linestyle=DASHES[2], label="problem's own"))
    top = axes.get_ylim()[1]
    for place, (rule, objective) in enumerate(sorted(curve.rules.items(), key=lambda item: item[1])):
        colour = PALETTE[(place + 1) % len(PALETTE)] if len(curve.rules) > 1 else GREY
        above = f" (above: {objective:.4g})" if objective > top else ""
        line = Line2D([], [], color=colour, linewidth=0.9, linestyle=DASHES[1], label=drawable(rule) + above)
        if not above:
            line = axes.axhline(objective, color=colour, linewidth=0.9, linestyle=DASHES[1], label=drawable(rule), zorder=2)
        handles.append(line)


def _limit(axes: Axes, curves: Sequence[BestSoFar]) -> None:
    """Show what lies between the best and the start.

    A candidate or a rule far above would press the curve flat.
    """
    values = [step.objective for curve in curves for step in curve.steps]
    values += [curve.own for curve in curves if curve.own is not None]
    values += [audit.objective for curve in curves for audit in curve.audits if audit.objective is not None]
    rules = list(curves[0].rules.values())
    values = values or rules
    if values:
        low, high = min([*values, *rules]), max(values)
        span = high - low or abs(high) or 1.0
        high = max(value for value in [*values, *rules] if value <= high + span)
        axes.set_ylim(low - 0.08 * span, high + _ABOVE * span)


def _draw_points(axes: Axes, points: CandidatePoints, over: SpentAxis) -> list[Line2D]:
    """Draw candidates with an objective, a colour and a mark for every operator.

    What lies above the axes is drawn on their upper edge.
    """
    top = axes.get_ylim()[1]
    solved = [point for point in points.points if point.objective is not None]
    named = list(points.operators)[:_OPERATORS]
    handles = []
    for place, operator in enumerate([*named, None]):
        members = [point for point in solved if (point.operator if point.operator in named else None) == operator]
        if not members:
            continue
        [line] = axes.plot(
            [points.place(point.spent, over) for point in members],
            [min(point.objective or 0.0, top) for point in members],
            linestyle="none",
            marker=MARKERS[place % len(MARKERS)],
            markersize=2.4,
            markeredgewidth=0.0,
            alpha=0.55,
            color=GREY if operator is None else colour_of(place + 1),  # the first is the curve's
            label="other operators" if operator is None else drawable(operator),
            clip_on=False,
            zorder=3,
        )
        handles.append(line)
    above = sum((point.objective or 0.0) > top for point in solved)
    words = (
        [f"{count(len(points.points))} of {count(points.total)} candidates shown"] if len(points.points) < points.total else []
    )
    words += [f"{count(above)} on the upper edge lie above it"] if above else []
    if words:
        axes.annotate("; ".join(words), (1.0, 0.99), xycoords="axes fraction", ha="right", va="top", fontsize=6, color="#555555")
    return handles


def _kinds(failed: Sequence[CandidatePoint]) -> list[str]:
    """The reasons that have a line of their own, most frequent first, and a last line for the others."""
    counts = Counter(point.failure for point in failed)
    ranked = sorted(counts, key=lambda reason: (-counts[reason], reason))
    return [*ranked[:_REASONS], *(["other"] if len(ranked) > _REASONS else [])]


def _draw_failures(
    axes: Axes, points: CandidatePoints, failed: Sequence[CandidatePoint], over: SpentAxis, kinds: Sequence[str]
) -> None:
    """Draw what failed as ticks, a line for every reason."""
    for height, kind in enumerate(kinds):
        members = [point for point in failed if (point.failure if point.failure in kinds else "other") == kind]
        axes.plot(
            [points.place(point.spent, over) for point in members],
            [height] * len(members),
            linestyle="none",
            marker="|",
            markersize=4,
            markeredgewidth=0.7,
            color="#333333",
            label=f"failed: {drawable(kind)}",
        )
    axes.set_yticks(range(len(kinds)), [drawable(kind, width=14) for kind in kinds])
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    axes.grid(visible=False)
