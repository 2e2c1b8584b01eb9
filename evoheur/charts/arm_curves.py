"""The curves of a comparison: the median best so far of every arm, with its interval over the seeds."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from evoheur.candidate import ObjectiveKind
from evoheur.report.control_arms import control_verdict
from evoheur.report.curves import Axis, Trace
from evoheur.report.equal_budget import EqualBudget
from evoheur.report.statistics import Spread, spread

__all__ = ["ArmCurve", "ArmCurves", "RunCurve", "arm_curves"]

_MOST_PLACES = 400  # of an arm; a curve of more steps is no wider on paper


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCurve:
    """The best in hand of one run, as a curve of steps.

    Attributes:
        run: Name of the run.
        seed: Of the run.
        places: Calls or evaluations after which it changed, from 0; ascending.
        values: From that place on, minimised.
    """

    run: str
    seed: int
    places: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCurve:
    """The median best in hand of an arm over its seeds, as a curve of steps.

    Attributes:
        arm: Its label.
        places: Calls or evaluations after which the median or its interval may change, from 0; ascending.
        spreads: From that place on: the median, and its 95 % interval where there are two seeds or more.
        runs: The curves of its runs.
    """

    arm: str
    places: tuple[int, ...]
    spreads: tuple[Spread, ...]
    runs: tuple[RunCurve, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCurves:
    """The curves of a comparison at equal budgets.

    Attributes:
        problem: Of all its runs.
        axis: What is equal.
        budget: How much of it, where all curves end.
        objective_kind: What objectives are; None where nothing says it.
        own: Objective of the problem's own heuristic on train, where all curves begin; None where that has none.
        arms: In the order of the comparison.
        verdict: What is shown against the plain loop, in a sentence.
    """

    problem: str
    axis: Axis
    budget: int
    objective_kind: ObjectiveKind | None
    own: float | None
    arms: tuple[ArmCurve, ...]
    verdict: str


def arm_curves(found: EqualBudget, axis: Axis = "calls") -> ArmCurves:
    """Make the curves of a comparison.

    In hand is the best that was bred so far or the problem's own heuristic, whichever is better. Several runs of one seed count once each.

    Args:
        found: The comparison.
        axis: What is equal.
    """
    budget = next(cut.budget for cut in found.cuts if cut.axis == axis)
    first = found.seen[0]
    traces = {one.run.id: one.trace for one in found.seen}
    known: dict[tuple[float, ...], Spread] = {}
    return ArmCurves(
        problem=first.run.problem,
        axis=axis,
        budget=budget,
        objective_kind=first.baseline.evaluation.objective_kind,
        own=first.baseline.objective,
        arms=tuple(
            _arm(arm.label, [_curve(run.name, run.seed, traces[run.id], axis, budget) for run in arm.runs], budget, known)
            for arm in found.arms
        ),
        verdict=control_verdict(found).sentence,
    )


def _curve(run: str, seed: int, trace: Trace, axis: Axis, budget: int) -> RunCurve:
    steps: dict[int, float] = {0: trace.in_hand(trace.at(axis, 0))}  # what is had before the first is paid for
    for before, after in pairwise(trace.moments):
        place = after.reached(axis)
        if place > budget:
            break
        if trace.in_hand(after) != trace.in_hand(before):
            steps[place] = trace.in_hand(after)
    return RunCurve(run=run, seed=seed, places=tuple(steps), values=tuple(steps.values()))


def _arm(label: str, runs: Sequence[RunCurve], budget: int, known: dict[tuple[float, ...], Spread]) -> ArmCurve:
    places = _thinned(sorted({0, budget, *(place for run in runs for place in run.places)}))
    columns = zip(*(_values_at(run, places) for run in runs), strict=True)
    spreads = []
    for values in columns:
        if values not in known:  # an interval is resampled, and most steps are one run's only
            known[values] = spread(values)
        spreads.append(known[values])
    return ArmCurve(arm=label, places=tuple(places), spreads=tuple(spreads), runs=tuple(runs))


def _values_at(run: RunCurve, places: Sequence[int]) -> list[float]:
    return [run.values[bisect_right(run.places, place) - 1] for place in places]


def _thinned(places: list[int]) -> list[int]:
    """At most so many places, the first and the last among them."""
    if len(places) <= _MOST_PLACES:
        return places
    return [places[number * (len(places) - 1) // (_MOST_PLACES - 1)] for number in range(_MOST_PLACES)]
