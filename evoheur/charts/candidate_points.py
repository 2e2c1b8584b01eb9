"""The candidates of a run as points: what bred them, what they are worth, or how they failed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evoheur.candidate import Status
from evoheur.charts.run_course import CourseMoment, RunCourse, SpentAxis, SpentSoFar

__all__ = ["CandidatePoint", "CandidatePoints", "candidate_points"]

_BEST_SHARE = 4  # a quarter of the room is for the best on train
_GOLDEN = (
    0x9E3779B97F4A7C15  # 2^64 over the golden ratio: multiples of it, modulo 2^64, fill the range evenly however many there are
)
_MASK = 2**64 - 1


class CandidatePoint(NamedTuple):
    """One request of a search that was to breed a candidate.

    Attributes:
        request: Its number.
        candidate: Number of what was bred; None if nothing was.
        operator: What bred it.
        objective: On train, minimised; None if it failed or was cut short.
        epoch: Of the training instances; objectives of two epochs do not compare.
        failure: The reason why there is no objective, such as "timeout", "no-code" or "pruned"; empty where there is one.
        is_duplicate: Whether it shares an earlier candidate's evaluation.
        is_best: Whether it became the best on train.
        spent: By then.
    """

    request: int
    candidate: int | None
    operator: str
    objective: float | None
    epoch: int
    failure: str
    is_duplicate: bool
    is_best: bool
    spent: SpentSoFar


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatePoints:
    """The points of a run, or a sample of them.

    Attributes:
        run: Name of the run.
        points: In the order of telling.
        total: How many there are; more than there are points where only a sample is shown.
        operators: Operator → how many of all are of it, most frequent first.
        seconds_per_work: By which work is multiplied for an estimate of wall time.
    """

    run: str
    points: tuple[CandidatePoint, ...]
    total: int
    operators: Mapping[str, int]
    seconds_per_work: float = 1.0

    def place(self, spent: SpentSoFar, axis: SpentAxis) -> float:
        """Where a moment stands on an axis; see `SpentSoFar.place`."""
        return spent.place(axis, self.seconds_per_work)


def candidate_points(course: RunCourse, *, most: int | None = 2000) -> CandidatePoints:
    """Make the points of a run.

    Of more than `most`, a sample is taken that is equal whenever it is taken: all that became the best on train, the best objectives up to
    a quarter of the room, and an even choice of the others. While a run goes on, points leave the sample but never come back.

    Args:
        course: As it was read so far.
        most: How many points at most (more if more became the best); None for all.
    """
    bred = [moment for moment in course.moments if _breeds(moment)]
    operators = Counter(moment.step.operator for moment in bred)
    shown = bred if most is None or len(bred) <= most else _sample(bred, most)
    return CandidatePoints(
        run=course.run.name,
        points=tuple(map(_point, shown)),
        total=len(bred),
        operators=dict(sorted(operators.items(), key=lambda item: (-item[1], item[0]))),
        seconds_per_work=course.seconds_per_work,
    )


def _breeds(moment: CourseMoment) -> bool:
    step = moment.step
    return step.fate.status is not None or step.fate.reason is not None


def _sample(bred: Sequence[CourseMoment], most: int) -> list[CourseMoment]:
    chosen = {place for place, moment in enumerate(bred) if moment.is_best}
    solved = [(moment.step.fate.objective, place) for place, moment in enumerate(bred) if moment.step.fate.objective is not None]
    chosen.update(place for _, place in sorted(solved)[: most // _BEST_SHARE])
    for place in sorted(range(len(bred)), key=lambda place: bred[place].step.request * _GOLDEN & _MASK):
        if len(chosen) >= most:
            break
        chosen.add(place)
    return [bred[place] for place in sorted(chosen)]


def _point(moment: CourseMoment) -> CandidatePoint:
    step, fate = moment.step, moment.step.fate
    status = "" if fate.status in {None, Status.OK} else str(fate.status)
    return CandidatePoint(
        request=step.request,
        candidate=step.candidate,
        operator=step.operator,
        objective=fate.objective,
        epoch=fate.epoch,
        failure=fate.reason or status,
        is_duplicate=fate.shared,
        is_best=moment.is_best,
        spent=moment.spent,
    )
