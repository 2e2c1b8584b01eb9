"""The best-so-far curve of a run, with the textbook beside it and the audit below."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import AUDIT, Candidate, InstanceResult, ObjectiveKind, TextbookGap
from evoheur.charts.run_course import RunCourse, SpentAxis, SpentSoFar
from evoheur.evaluation.objective import aggregate_of

__all__ = ["AuditPoint", "BestSoFar", "CurveStep", "best_so_far", "textbook_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveStep:
    """A moment at which the best on train changed.

    Attributes:
        candidate: Number of the best.
        objective: Its objective on train, minimised.
        epoch: Of the training instances it was scored on. Objectives of two epochs do not compare, so a curve starts afresh with each.
        spent: By then.
    """

    candidate: int
    objective: float
    epoch: int
    spent: SpentSoFar


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPoint:
    """A candidate that was scored on fresh instances, which no selection saw.

    Attributes:
        candidate: Its number.
        objective: On the fresh instances, minimised; None if it failed there.
        spent: When the candidate was bred.
    """

    candidate: int
    objective: float | None
    spent: SpentSoFar


@dataclass(frozen=True, slots=True, kw_only=True)
class BestSoFar:
    """The best on train in the course of a run.

    Attributes:
        run: Name of the run.
        problem: Of the run.
        objective_kind: What objectives are; None before the first is known.
        own: Objective of the problem's own heuristic on train; None before it was evaluated.
        own_audit: The same on the fresh instances; None without an audit.
        steps: In the order they came.
        end: What was spent by the last outcome, to which the last step holds.
        rules: Textbook rule → its objective on train: lines to compare with.
        audits: What was scored on fresh instances, in the order of breeding.
        axes: On which the run has come forward.
        seconds_per_work: By which work is multiplied for an estimate of wall time.
        is_estimated: Whether the wall time of some moments is such an estimate.
    """

    run: str
    problem: str
    objective_kind: ObjectiveKind | None
    own: float | None
    own_audit: float | None
    steps: tuple[CurveStep, ...]
    end: SpentSoFar
    rules: Mapping[str, float] = field(default_factory=dict)
    audits: tuple[AuditPoint, ...] = ()
    axes: tuple[SpentAxis, ...] = ("evaluations",)
    seconds_per_work: float = 1.0
    is_estimated: bool = False

    def place(self, spent: SpentSoFar, axis: SpentAxis) -> float:
        """Where a moment stands on an axis; see `SpentSoFar.place`."""
        return spent.place(axis, self.seconds_per_work)


def best_so_far(
    archive: ArchiveReader, course: RunCourse, *, rules: Mapping[str, float] | None = None, audit: bool = True
) -> BestSoFar:
    """Make the best-so-far curve of a run.

    Args:
        archive: Has the run.
        course: As it was read so far.
        rules: Textbook rule → its objective on train; None for what the archive knows, which is one line (`textbook_line`).
        audit: Whether the audited candidates are read too.
    """
    baseline = course.baseline
    lines = textbook_line(baseline, archive.textbook_gaps(course.run.name).get("train", {})) if rules is None else rules
    kind = None if baseline is None else baseline.evaluation.objective_kind
    audited = archive.audited(course.run.name) if audit else []
    return BestSoFar(
        run=course.run.name,
        problem=course.run.problem,
        objective_kind=kind,
        own=None if baseline is None else baseline.objective,
        own_audit=_own_audit(archive, course.run.name) if audited else None,
        steps=_steps(course),
        end=course.spent,
        rules={} if course.epoch else dict(lines),  # made for other instances than the fresh ones
        audits=_audits(course, audited),
        axes=course.axes,
        seconds_per_work=course.seconds_per_work,
        is_estimated=course.is_estimated,
    )


def _steps(course: RunCourse) -> tuple[CurveStep, ...]:
    """The steps of the curve; with fresh instances, the best of those that were scored again is one too."""
    steps: list[CurveStep] = []
    best: float | None = None
    epoch = 0
    for step, spent, is_best in course.moments:
        objective = step.fate.objective
        if step.fate.epoch > epoch:
            epoch, best = step.fate.epoch, None
        known_again = step.candidate and step.kind.value == "rescoring" and (best is None or (objective or best) < best)
        if objective is None or step.candidate is None or not (is_best or known_again):
            continue
        best = objective
        steps.append(CurveStep(candidate=step.candidate, objective=objective, epoch=epoch, spent=spent))
    return tuple(steps)


def _audits(course: RunCourse, audited: list[CandidateRecord]) -> tuple[AuditPoint, ...]:
    objectives = {record.candidate.id: record.evaluations[AUDIT].objective for record in audited}
    found = {}
    for step, spent, _ in course.moments:
        if step.candidate in objectives and step.candidate not in found:
            found[step.candidate] = AuditPoint(candidate=step.candidate, objective=objectives[step.candidate], spent=spent)
    return tuple(found.values())


def _own_audit(archive: ArchiveReader, run: str) -> float | None:
    evaluation = archive.candidate(run, 0).evaluations.get(AUDIT)
    return None if evaluation is None else evaluation.objective


def textbook_line(baseline: Candidate | None, gaps: Mapping[str, TextbookGap]) -> dict[str, float]:
    """The objective that the best textbook rule of every family adds up to, under the rule's name.

    Args:
        baseline: Candidate 0, which says how many instances every family has; None before it was evaluated.
        gaps: Family → the best rule on train, as the archive has them.

    Returns:
        One line, named for the rule, or "best textbook rules by family" where families have different ones; none where objectives are
        costs, or where a family has no rule.
    """
    if baseline is None or baseline.objective is None or not gaps:
        return {}
    rules = {each.rule for each in gaps.values()}
    name = next(iter(rules)) if len(rules) == 1 else "best textbook rules by family"
    if baseline.evaluation.objective_kind == "textbook_ratio":
        return {name: 1.0}
    results = baseline.evaluation.results
    if baseline.evaluation.objective_kind != "gap_percent" or any(result.family not in gaps for result in results):
        return {}
    weights = [_weight(result, ratio_of_sums=aggregate_of(baseline.evaluation) == "ratio_of_sums") for result in results]
    weighted = sum(weight * gaps[result.family].gap for weight, result in zip(weights, results, strict=True))
    return {name: weighted / sum(weights)}


def _weight(result: InstanceResult, *, ratio_of_sums: bool) -> float:
    return abs(result.reference or 0.0) if ratio_of_sums else 1.0
