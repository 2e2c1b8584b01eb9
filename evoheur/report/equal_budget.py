"""Comparison of runs at equal model calls and evaluations."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal, TypeAlias, get_args

from evoheur.archive.records import RunRecord
from evoheur.candidate import Candidate, Evaluation
from evoheur.report.arms import Arm, arms_of, check_comparable
from evoheur.report.curves import AXES, Axis, Moment, Trace
from evoheur.report.statistics import Spread, holm, least_p, signed_rank, spread

__all__ = ["FIGURES", "TESTED", "ArmStanding", "Cut", "EqualBudget", "Figure", "PairedTest", "RunStanding", "Sample", "Seen"]

Figure: TypeAlias = Literal["train", "validation", "area"]
"""The best on train, the same heuristic on validation, and the mean best so far on train; all are minimised."""
FIGURES: tuple[Figure, ...] = get_args(Figure)
TESTED: tuple[Figure, ...] = ("train", "validation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A run as it was read from the archive.

    Attributes:
        run: Its record.
        baseline: Candidate 0.
        trace: Its course.
    """

    run: RunRecord
    baseline: Candidate
    trace: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStanding:
    """One run at a cut.

    Attributes:
        run: Its record.
        arm: Label of its arm.
        moment: How far it was.
        area: Mean best so far, as `Trace.area` computes it.
        validation: Evaluation of the best on train of that moment on validation; None if it was never made.
    """

    run: RunRecord
    arm: str
    moment: Moment
    area: float | None
    validation: Evaluation | None = None

    def figure(self, figure: Figure) -> float | None:
        """One figure of the run; None where there is none."""
        if figure == "validation":
            return None if self.validation is None else self.validation.objective
        return self.moment.best if figure == "train" else self.area


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One figure of an arm over its seeds.

    Attributes:
        values: Seed → value; of several runs with one seed the median.
        missing: Runs that have no value: nothing succeeded by then, or it failed or was not scored on validation.
        spread: Median and interval over the seeds; None without values.
    """

    values: Mapping[int, float]
    missing: int
    spread: Spread | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmStanding:
    """One arm at a cut."""

    arm: Arm
    samples: Mapping[Figure, Sample]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTest:
    """Two arms over the seeds they share.

    Attributes:
        figure: What is tested.
        first: Label of an arm.
        second: Label of the other.
        differences: Seed → first minus second; negative where the first is better.
        p: Two-sided, of the signed-rank test.
        p_holm: Adjusted for the number of pairs of arms.
    """

    figure: Figure
    first: str
    second: str
    differences: Mapping[int, float]
    p: float
    p_holm: float

    @property
    def median_difference(self) -> float:
        """The median of the differences over the seeds."""
        return statistics.median(self.differences.values())

    @property
    def wins(self) -> tuple[int, int]:
        """The numbers of seeds that each arm wins.

        On how many the first is better, and the second.
        """
        values = self.differences.values()
        return sum(value < 0 for value in values), sum(value > 0 for value in values)

    @property
    def least_p(self) -> float:
        """The smallest p that so many pairs could have given."""
        return least_p(len(self.differences))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """All runs at one budget.

    Attributes:
        axis: What is equal.
        budget: How much of it: the most that every run reached.
        runs: Arm by arm.
        arms: In the same order.
        tests: Every pair of arms that shares seeds, for each figure of `TESTED`.
    """

    axis: Axis
    budget: int
    runs: tuple[RunStanding, ...]
    arms: tuple[ArmStanding, ...]
    tests: tuple[PairedTest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualBudget:
    """The comparison of runs at equal budgets.

    Attributes:
        seen: The runs, arm by arm.
        arms: Runs that differ in their seeds only, grouped.
        cuts: At equal model calls, and at equal evaluations.
    """

    seen: tuple[Seen, ...]
    arms: tuple[Arm, ...]
    cuts: tuple[Cut, ...]

    @classmethod
    def of(cls, seen: Sequence[Seen], validation: Callable[[RunRecord, int], Evaluation | None]) -> "EqualBudget":
        """Compare runs at equal budgets.

        Args:
            seen: At least one.
            validation: Looks up what a candidate, named by run and number, got on validation.

        Raises:
            ConfigError: They are not of the same problem and instances.
        """
        check_comparable([one.run for one in seen], [one.baseline for one in seen])
        arms = arms_of([one.run for one in seen])
        by_id = {one.run.id: one for one in seen}
        ordered = tuple(by_id[run.id] for arm in arms for run in arm.runs)
        cuts = tuple(_cut(axis, arms, {one.run.id: one.trace for one in ordered}) for axis in AXES)
        return cls(seen=ordered, arms=tuple(arms), cuts=cuts).with_validation(validation)

    def with_validation(self, validation: Callable[[RunRecord, int], Evaluation | None]) -> "EqualBudget":
        """The same comparison with the best candidates' scores on validation."""
        return replace(self, cuts=tuple(_judged(cut, self.arms, validation) for cut in self.cuts))

    @property
    def unvalidated(self) -> list[tuple[RunRecord, int]]:
        """The candidates that lack a score on validation.

        Run and number of each that is the best of a cut.
        """
        found = {
            (standing.run.id, standing.moment.candidate): (standing.run, standing.moment.candidate)
            for cut in self.cuts
            for standing in cut.runs
            if standing.moment.candidate is not None and standing.validation is None
        }
        return list(found.values())


def _cut(axis: Axis, arms: Iterable[Arm], traces: Mapping[int, Trace]) -> Cut:
    budget = min(trace.reached(axis) for trace in traces.values())
    standings = tuple(
        RunStanding(run=run, arm=arm.label, moment=traces[run.id].at(axis, budget), area=traces[run.id].area(axis, budget))
        for arm in arms
        for run in arm.runs
    )
    return Cut(axis=axis, budget=budget, runs=standings, arms=(), tests=())


def _judged(cut: Cut, arms: Sequence[Arm], validation: Callable[[RunRecord, int], Evaluation | None]) -> Cut:
    runs = tuple(
        replace(standing, validation=validation(standing.run, standing.moment.candidate))
        if standing.moment.candidate is not None
        else standing
        for standing in cut.runs
    )
    standings = tuple(
        ArmStanding(
            arm=arm, samples={figure: _sample([one for one in runs if one.arm == arm.label], figure) for figure in FIGURES}
        )
        for arm in arms
    )
    tests = tuple(test for figure in TESTED for test in _tests(standings, figure))
    return replace(cut, runs=runs, arms=standings, tests=tests)


def _sample(runs: Iterable[RunStanding], figure: Figure) -> Sample:
    found: dict[int, list[float]] = defaultdict(list)
    missing = 0
    for standing in runs:
        value = standing.figure(figure)
        if value is None:
            missing += 1
        else:
            found[standing.run.seed].append(value)
    values = {seed: statistics.median(found[seed]) for seed in sorted(found)}
    return Sample(values=values, missing=missing, spread=spread(list(values.values())) if values else None)


def _tests(arms: Sequence[ArmStanding], figure: Figure) -> list[PairedTest]:
    unadjusted = []
    for first, second in combinations(arms, 2):
        ours, theirs = first.samples[figure].values, second.samples[figure].values
        differences = {seed: ours[seed] - theirs[seed] for seed in ours if seed in theirs}
        if differences:
            p = signed_rank(list(differences.values()))
            test = PairedTest(
                figure=figure, first=first.arm.label, second=second.arm.label, differences=differences, p=p, p_holm=p
            )
            unadjusted.append(test)
    adjusted = holm([test.p for test in unadjusted])
    return [replace(test, p_holm=p) for test, p in zip(unadjusted, adjusted, strict=True)]
