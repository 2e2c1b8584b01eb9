"""What the page of a run shows at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evoheur import ArchiveReader, CandidateRecord, RunRecord, Totals
from evoheur.api.run_health import RunHealth, health_of_run
from evoheur.charts.best_so_far import BestSoFar, best_so_far
from evoheur.charts.candidate_points import CandidatePoints, candidate_points
from evoheur.charts.failure_kinds import FailureKinds, failure_kinds
from evoheur.charts.operator_earnings import OperatorEarnings, operator_earnings
from evoheur.charts.run_course import SPENT_AXES, CourseMoment, RunCourse, SpentSoFar
from evoheur.observers.number_text import Scale

__all__ = ["MOST_POINTS", "RunSnapshot", "logged", "plain_curve", "plain_points", "run_snapshot"]

MOST_POINTS = 2000
_BEST = 10
_LOGGED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSnapshot:
    """A run at one moment.

    Attributes:
        run: Its record.
        sequence: Position in the log up to which it was read.
        totals: What it did and spent, as `evoheur runs --json` says.
        curve: The best so far.
        points: The candidates, or a sample of them.
        earnings: Of operators and models.
        health: Of their replies.
        failures: By kind, with examples.
        best: The best on train now, best first.
        newest: The newest outcomes, oldest first.
        scale: How objectives are written.
    """

    run: RunRecord
    sequence: int
    totals: Totals
    curve: BestSoFar
    points: CandidatePoints
    earnings: OperatorEarnings
    health: RunHealth
    failures: FailureKinds
    best: Sequence[CandidateRecord]
    newest: Sequence[CourseMoment]
    scale: Scale


def run_snapshot(archive: ArchiveReader, course: RunCourse, before: RunSnapshot | None = None) -> RunSnapshot:
    """Read on in a run, and make what its page shows.

    Args:
        archive: Has the run.
        course: As it was read so far; it is read on.
        before: The snapshot made last, which is the newest still where nothing came.
    """
    new = course.read_on(archive)
    if before is not None and not new and before.run == course.run:
        return before
    baseline = course.baseline
    return RunSnapshot(
        run=course.run,
        sequence=course.sequence,
        totals=archive.totals(course.run.id),
        curve=best_so_far(archive, course),
        points=candidate_points(course, most=MOST_POINTS),
        earnings=operator_earnings(course),
        health=health_of_run(archive, course.run),
        failures=failure_kinds(course, archive.failures(course.run.name)),
        best=archive.best(course.run.name, _BEST),
        newest=course.moments[-_LOGGED:],
        scale=Scale.of([] if baseline is None else [baseline.evaluation]),
    )


def plain_curve(curve: BestSoFar) -> dict[str, Any]:
    """The best-so-far curve as plain JSON values.

    With the lines of textbook rules; a moment is a list of what was spent, in the order of the axes.
    """
    return {
        "kind": curve.objective_kind,
        "own": curve.own,
        "own_audit": curve.own_audit,
        "axes": list(curve.axes),
        "estimated": curve.is_estimated,
        "rules": dict(curve.rules),
        "steps": [
            {"candidate": step.candidate, "objective": step.objective, "epoch": step.epoch, "spent": _spent(step.spent, curve)}
            for step in curve.steps
        ],
        "audits": [
            {"candidate": point.candidate, "objective": point.objective, "spent": _spent(point.spent, curve)}
            for point in curve.audits
        ],
        "end": _spent(curve.end, curve),
    }


def plain_points(points: CandidatePoints, known: int) -> dict[str, Any]:
    """The points that a page does not have yet as plain JSON values.

    Args:
        points: Of the run.
        known: How many the page has. Where only a sample is shown, it gets all again, since some have left it.
    """
    first = known if points.total == len(points.points) and known <= len(points.points) else 0
    return {
        "total": points.total,
        "operators": list(points.operators),
        "first": first,
        "list": [
            [each.candidate, each.operator, each.objective, each.failure, int(each.is_best), *_spent(each.spent, points)]
            for each in points.points[first:]
        ],
    }


def logged(newest: Sequence[CourseMoment], since: int) -> list[CourseMoment]:
    """The outcomes that came after a position in the log, newest first."""
    return [moment for moment in reversed(newest) if (moment.step.sequence or 0) > since]


def _spent(spent: SpentSoFar, chart: BestSoFar | CandidatePoints) -> list[float]:
    return [round(chart.place(spent, axis), 6) for axis in SPENT_AXES]
