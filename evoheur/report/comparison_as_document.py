"""Turning a comparison of runs into a document."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Literal

from evoheur.candidate import ObjectiveKind
from evoheur.documents.candidate_document import candidate_name
from evoheur.documents.comparison_document import (
    AgainstControlDocument,
    ArmDocument,
    ArmStandingDocument,
    ComparedRunDocument,
    ComparisonDocument,
    ControlVerdictDocument,
    CutDocument,
    DuplicatesDocument,
    ImprovementDocument,
    PairedTestDocument,
    RunStandingDocument,
    SampleDocument,
)
from evoheur.documents.evaluation_document import gap_of
from evoheur.report.control_arms import ControlVerdict, control_verdict
from evoheur.report.equal_budget import ArmStanding, Cut, EqualBudget, PairedTest, RunStanding, Sample, Seen
from evoheur.report.statistics import CONFIDENCE, LEVEL, seeds_needed

__all__ = ["comparison_document"]

_WORDS: Mapping[ObjectiveKind, Literal["gap", "cost", "ratio"]] = {
    "gap_percent": "gap",
    "mean_cost": "cost",
    "textbook_ratio": "ratio",
}


def comparison_document(found: EqualBudget, **known: str) -> ComparisonDocument:
    """Write a comparison as a document.

    Runs with their courses, arms, and every cut with its figures, samples and tests.

    Args:
        found: The comparison.
        known: Keys of `ComparisonDocument` that are not always there.
    """
    first = found.seen[0]
    pairs = len(found.arms) * (len(found.arms) - 1) // 2
    kind = first.baseline.evaluation.objective_kind
    return ComparisonDocument(
        format="comparison/1",
        problem=first.run.problem,
        objective=_WORDS[kind] if kind is not None else "cost",
        objective_kind=kind,
        own_objective=first.baseline.objective,
        confidence=CONFIDENCE,
        level=LEVEL,
        seeds_needed=seeds_needed(max(1, pairs)),
        verdict=_verdict(control_verdict(found)),
        arms=[ArmDocument(arm=arm.label, differs=dict(arm.differs), runs=[run.name for run in arm.runs]) for arm in found.arms],
        runs=[_run(one, found) for one in found.seen],
        cuts={cut.axis: _cut(cut) for cut in found.cuts},
        **known,
    )


def _verdict(verdict: ControlVerdict) -> ControlVerdictDocument:
    return ControlVerdictDocument(
        sentence=verdict.sentence,
        control=verdict.control,
        calls=verdict.calls,
        figure=verdict.figure,
        arms=[AgainstControlDocument(**asdict(each)) for each in verdict.arms],
    )


def _run(seen: Seen, found: EqualBudget) -> ComparedRunDocument:
    return ComparedRunDocument(
        run=seen.run.name,
        arm=next(arm.label for arm in found.arms if seen.run in arm.runs),
        seed=seen.run.seed,
        status=seen.run.status,
        calls=seen.trace.reached("calls"),
        evaluations=seen.trace.reached("evaluations"),
        own_objective=seen.baseline.objective,
        improvements=[
            ImprovementDocument(
                calls=step.calls,
                evaluations=step.evaluations,
                candidate=_named(seen.run.name, step.candidate),
                objective=step.best,
            )
            for step in seen.trace.improvements
        ],
    )


def _cut(cut: Cut) -> CutDocument:
    return CutDocument(
        budget=cut.budget,
        runs=[_standing(standing) for standing in cut.runs],
        arms=[_arm(standing) for standing in cut.arms],
        tests=[_test(test) for test in cut.tests],
    )


def _standing(standing: RunStanding) -> RunStandingDocument:
    moment, validation = standing.moment, standing.validation
    return RunStandingDocument(
        run=standing.run.name,
        arm=standing.arm,
        seed=standing.run.seed,
        candidate=_named(standing.run.name, moment.candidate),
        train=moment.best,
        validation=None if validation is None else validation.objective,
        validation_gap=gap_of(validation),
        validation_status=None if validation is None else validation.status.value,
        area=standing.area,
        calls=moment.calls,
        evaluations=moment.evaluations,
        failures=moment.failures,
        pruned=moment.pruned,
        duplicates=DuplicatesDocument(code=moment.same_code, behaviour=moment.same_behaviour),
        tuned=moment.tuned,
        tokens=moment.tokens,
    )


def _arm(standing: ArmStanding) -> ArmStandingDocument:
    return ArmStandingDocument(arm=standing.arm.label, **{name: _sample(sample) for name, sample in standing.samples.items()})


def _sample(sample: Sample) -> SampleDocument:
    spread = {"median": None, "low": None, "high": None} if sample.spread is None else asdict(sample.spread)
    values = {str(seed): value for seed, value in sample.values.items()}
    return SampleDocument(missing=sample.missing, values=values, **spread)


def _test(test: PairedTest) -> PairedTestDocument:
    return PairedTestDocument(
        figure=test.figure,
        arms=[test.first, test.second],
        differences={str(seed): difference for seed, difference in test.differences.items()},
        median_difference=test.median_difference,
        better=list(test.wins),
        p=test.p,
        p_holm=test.p_holm,
        least_p=test.least_p,
        shown=test.p_holm <= LEVEL,
    )


def _named(run: str, candidate: int | None) -> str | None:
    return None if candidate is None else candidate_name(run, candidate)
