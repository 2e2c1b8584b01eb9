"""The course of a run as charts read it, which goes on where it stopped reading."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

from evoheur.archive.counting import TotalsCounter
from evoheur.archive.course_queries import CourseStep
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import RunRecord
from evoheur.candidate import Candidate
from evoheur.request import RequestKind

__all__ = ["SPENT_AXES", "CourseMoment", "RunCourse", "SpentAxis", "SpentSoFar"]

SpentAxis: TypeAlias = Literal["calls", "evaluations", "cost_usd", "seconds"]
"""What a curve can be drawn over."""
SPENT_AXES: tuple[SpentAxis, ...] = get_args(SpentAxis)


@dataclass(frozen=True, slots=True)
class SpentSoFar:
    """What a run had spent by a moment.

    Attributes:
        calls: Calls made to the generator, failed ones included; as in `Totals`.
        evaluations: Candidates evaluated on train; as in `Totals`.
        cost_usd: Sum of the known prices of replies; 0 where none was priced.
        seconds: Work done, in seconds: wall time of replies and processor time of evaluations, added up.
        wall_seconds: Wall time of the run; None where the archive does not have it, as of outcomes that older versions stored.
    """

    calls: int = 0
    evaluations: int = 0
    cost_usd: float = 0.0
    seconds: float = 0.0
    wall_seconds: float | None = None

    def on(self, axis: SpentAxis) -> float:
        """One of the four; of time the work done."""
        return float(getattr(self, axis))

    def place(self, axis: SpentAxis, seconds_per_work: float) -> float:
        """Where the moment stands on an axis.

        On that of time by wall time, estimated from the work done where it is not known.

        Args:
            axis: The axis.
            seconds_per_work: Wall time for a second of work.
        """
        if axis != "seconds":
            return self.on(axis)
        return self.seconds * seconds_per_work if self.wall_seconds is None else self.wall_seconds


class CourseMoment(NamedTuple):
    """An outcome with what had been spent by then, it included.

    Attributes:
        step: The request with what came of it.
        spent: By then.
        is_best: Whether it became the best on train.
    """

    step: CourseStep
    spent: SpentSoFar
    is_best: bool


class RunCourse:
    """The course of a run so far.

    Attributes:
        run: Its record, as it was when it was last read.
        baseline: Candidate 0 with its evaluation on train; None before that.
        moments: Every outcome in the order of telling, without what was simplified after the search.
        waiting: Requests without an outcome, in the order of asking.
        sequence: Position in the log up to which it was read.
        epoch: Of the newest training instances; see `Evaluation`.
        wall_seconds: Wall time of all sessions, in seconds.
        is_estimated: Whether the wall time of some moments is not known, but estimated from the work done.
    """

    def __init__(self, run: RunRecord) -> None:
        self.run = run
        self.baseline: Candidate | None = None
        self.moments: list[CourseMoment] = []
        self.waiting: tuple[CourseStep, ...] = ()
        self.sequence = 0
        self.epoch = 0
        self.wall_seconds = 0.0
        self.is_estimated = False
        self._counter = TotalsCounter()
        self._work = 0.0
        self._first_timed: SpentSoFar | None = None

    @classmethod
    def read(cls, archive: ArchiveReader, name: str) -> "RunCourse":
        """Read the course of a run.

        Raises:
            ArchiveError: There is no such run.
        """
        course = cls(archive.run(name))
        course.read_on(archive)
        return course

    def read_on(self, archive: ArchiveReader) -> int:
        """Read what was told since, and the run's state.

        Returns:
            How many outcomes are new.
        """
        self.run = archive.run(self.run.name)
        if self.baseline is None:
            self.baseline = archive.baseline(self.run.id)
        known = len(self.moments)
        waiting: list[CourseStep] = []
        for step in archive.course(self.run.id, self.sequence):
            if step.sequence is None:
                waiting.append(step)
                continue
            self.sequence = step.sequence
            if step.kind is not RequestKind.SIMPLIFICATION:
                self.moments.append(self._counted(step))
        self.waiting = tuple(waiting)
        self.wall_seconds = archive.wall_seconds(self.run.id)
        return len(self.moments) - known

    def _counted(self, step: CourseStep) -> CourseMoment:
        counter = self._counter
        counter.asked(step.kind)
        if step.expense is not None:
            counter.replied(step.kind, step.expense)
        is_best = counter.told(step.kind, step.fate)
        self.epoch = max(self.epoch, step.fate.epoch)
        self._work += step.reply_seconds + step.cpu_seconds
        now = counter.totals()
        spent = SpentSoFar(now.calls, now.evaluations, now.cost_usd or 0.0, self._work, step.told_seconds)
        if step.told_seconds is None:
            self.is_estimated = True
        elif self._first_timed is None:
            self._first_timed = spent
        return CourseMoment(step, spent, is_best)

    @property
    def spent(self) -> SpentSoFar:
        """All that was spent by the last outcome."""
        return self.moments[-1].spent if self.moments else SpentSoFar()

    @property
    def seconds_per_work(self) -> float:
        """Wall time for a second of work, in seconds.

        By it the axis of time is stretched where outcomes have no time of their own. 1 where no work was done.
        """
        timed = self._first_timed
        if timed is not None and timed.wall_seconds and timed.seconds:  # what came before has to end there
            return timed.wall_seconds / timed.seconds
        return self.wall_seconds / self._work if self._work and self.wall_seconds else 1.0

    @property
    def axes(self) -> tuple[SpentAxis, ...]:
        """The axes on which this run has come forward; evaluations always, so that there is one."""
        return tuple(axis for axis in SPENT_AXES if axis == "evaluations" or self.spent.on(axis) > 0)
