"""Comparison of an online candidate's decisions with and without lock-step.

A candidate that was told arrival by arrival has to decide the same with the whole instance in its process. Where a score must be beyond
doubt, an online candidate is scored in lock-step: a fresh process of it, which holds no instance, is told each arrival only when its
decision on the last one is in. Then its decisions cannot depend on what is to come, because nobody had told it. That comes first, before
any process of this evaluation holds an instance, since whoever has seen the future may leave a mark that outlives a process, if only the
moment at which it answers.

What follows here is for the name of it. While a candidate is bred it may be scored with whole instances in its process, and code that
goes looking (through stack frames, the garbage collector, closures) finds the future there. One that then decides otherwise than in
lock-step is cheating; it fails, and the search learns nothing from it. Who does not even repeat itself is not repeatable rather than
cheating: it depends on chance, on a clock, or on what was solved before. To see the last of these, instances come in reverse order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evoheur.candidate import Status
from evoheur.evaluation.instance_questions import played
from evoheur.evaluation.number_lists import pack
from evoheur.evaluation.report_reading import STATUS_OF, Unanswered, solution_in
from evoheur.online import OnlineProblem
from evoheur.problem import Instance, Json
from evoheur.sandbox.interface import Report, ReportStatus, Session
from evoheur.sandbox.wire import encode

__all__ = ["LockStep", "LockStepFault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockStepFault:
    """Why a candidate that was scored is not accepted.

    Attributes:
        status: CHEATING, ERROR where it does not repeat itself, or how else it ended.
        detail: The reason, for a person.
    """

    status: Status
    detail: str


class LockStep:
    """Checks one candidate.

    Args:
        problem: Tells what is known and what arrives.
        open_child: Opens the candidate in a fresh process that will be asked at most so many questions; closed sessions only come with
            reports that are not OK.
        wall_seconds: What the heuristic may take for an instance, in seconds.
    """

    def __init__(
        self, problem: OnlineProblem[Any], open_child: Callable[[int], tuple[Session, Report]], *, wall_seconds: float
    ) -> None:
        self._problem = problem
        self._open_child = open_child
        self._wall_seconds = wall_seconds

    def finding(self, scored: Sequence[tuple[Instance, Json]]) -> LockStepFault | None:
        """What speaks against a candidate; None if nothing does.

        Args:
            scored: Instances with the decisions that it made in lock-step, in the order in which it made them.

        Raises:
            SandboxUnavailable: The guest cannot be started.
        """
        other: tuple[Instance, Json] | None = None
        session, opened = self._open_child(len(scored))
        with session:
            if opened.status is not ReportStatus.OK:
                return _ended("once more", opened)
            for instance, made in reversed(scored):
                report = self._beside(session, instance)
                if report.status not in {ReportStatus.OK, ReportStatus.ERROR}:
                    return _ended(f"{instance.name}: with the whole instance", report)
                if not _same(_decisions(report), made):
                    other = instance, made
                    break
        return None if other is None else self._explain(*other)

    def failure(self, instance: Instance, detail: str) -> LockStepFault | None:
        """What speaks against a candidate that failed in lock-step.

        None if it is an ordinary failure.

        Args:
            instance: The one that it failed on.
            detail: How, in its own words.

        Raises:
            SandboxUnavailable: The guest cannot be started.
        """
        if _decisions(self._alone(lambda session: self._beside(session, instance))) is None:
            return None
        what = f"fails when it is told arrival by arrival ({_last_line(detail)})"
        return LockStepFault(status=Status.CHEATING, detail=_depends(instance, what))

    def _explain(self, instance: Instance, made: Json) -> LockStepFault:
        stepped = self._alone(lambda session: self._played(session, instance))
        again = _decisions(stepped)
        if not _same(again, made):
            other = "fails" if again is None else f"gives another decision {_difference(again, made)}"
            detail = f"not repeatable: solving {instance.name} again in a fresh process {other}; "
            return LockStepFault(
                status=Status.ERROR, detail=f"{detail}the heuristic depends on chance, on a clock or on what it solved before"
            )
        beside = _decisions(self._alone(lambda session: self._beside(session, instance)))
        if _same(beside, made):
            detail = f"not repeatable: how {instance.name} is solved depends on what was solved before in the same process"
            return LockStepFault(
                status=Status.ERROR, detail=f"{detail}; make what the heuristic remembers anew for each instance"
            )
        other = "fails" if beside is None else f"makes another decision {_difference(beside, made)}"
        return LockStepFault(
            status=Status.CHEATING, detail=_depends(instance, f"{other} where the whole instance is in its process")
        )

    def _alone(self, ask: Callable[[Session], Report]) -> Report:
        session, opened = self._open_child(1)
        with session:
            return ask(session) if opened.status is ReportStatus.OK else opened

    def _beside(self, session: Session, instance: Instance) -> Report:
        return session.ask({"instance": pack(self._problem.encode(instance))})

    def _played(self, session: Session, instance: Instance) -> Report:
        return played(session, self._problem, instance, wall_seconds=self._wall_seconds)


def _depends(instance: Instance, what: str) -> str:
    return f"{instance.name}: decisions depend on what had not arrived yet: the heuristic {what}"


def _ended(where: str, report: Report) -> LockStepFault:
    return LockStepFault(status=STATUS_OF[report.status], detail=f"{where}: {report.detail}")


def _decisions(report: Report) -> Json | None:
    try:
        return solution_in(report) if report.status is ReportStatus.OK else None
    except Unanswered:
        return None


def _same(decisions: Json | None, made: Json) -> bool:
    # As JSON, in which 1, 1.0 and true are three things.
    try:
        return decisions is not None and encode(decisions) == encode(made)
    except RecursionError:  # nested deeper than any that was made in lock-step
        return False


def _last_line(detail: str) -> str:
    lines = detail.strip().splitlines()
    return lines[-1][:200] if lines else "it says nothing"


def _difference(decisions: Json, made: Sequence[Json]) -> int:
    """Place of the first decision that is another one."""
    if not isinstance(decisions, list):
        return 0
    pairs = enumerate(zip(decisions, made, strict=False))
    return next((place for place, (one, other) in pairs if not _same(one, other)), min(len(decisions), len(made)))
