"""Solves online instances once more, telling what arrives only when the decision on the last arrival is in.

An online rule may be scored quickly with whole instances in its process, and code that goes looking (through stack frames, the garbage
collector, closures) finds the future there. No wall stops that. So nothing that counts rests on it: a fresh process of the candidate,
which holds no instance, is told arrival after arrival and must decide the same. Then its decisions cannot depend on what is to come,
because nobody had told it. What a candidate carries in its own source, such as training instances, shows on validation.

A rule that decides otherwise is asked again, alone in a process with that one instance, as it was scored and in lock-step. If it does not
repeat itself it is not repeatable rather than cheating: it depends on chance, on a clock, or on what was solved before. To see the last
of these, instances come in reverse order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evoheur.candidate import Status
from evoheur.evaluation.packing import pack
from evoheur.evaluation.reports import STATUS_OF, Unanswered, solution_in
from evoheur.online import OnlineProblem
from evoheur.problem import Instance, Json
from sandbox.sandbox import Report, ReportStatus, Session

__all__ = ["Finding", "LockStep"]

_SECONDS_PER_ARRIVAL = 0.001
"""Wall time that telling an arrival may take beside the rule's own; twenty times what it does take on a machine that is not busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
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
        wall_seconds: What the rule itself may take for an instance, in seconds.
    """

    def __init__(
        self, problem: OnlineProblem[Any], open_child: Callable[[int], tuple[Session, Report]], *, wall_seconds: float
    ) -> None:
        self._problem = problem
        self._open_child = open_child
        self._wall_seconds = wall_seconds

    def finding(self, scored: Sequence[tuple[Instance, Json]]) -> Finding | None:
        """What speaks against a candidate; None if nothing does.

        Args:
            scored: Instances with the decisions that the candidate was scored for, in the order in which it made them.

        Raises:
            SandboxUnavailable: The guest cannot be started.
        """
        session, opened = self._open_child(len(scored))
        with session:
            if opened.status is not ReportStatus.OK:
                return _ended("once more", opened)
            for instance, made in reversed(scored):
                if not isinstance(made, list) or len(made) != len(self._problem.arrivals(instance)):
                    detail = f"{instance.name}: the answer is {made!r:.60}, not one decision for each arrival"
                    return Finding(status=Status.CHEATING, detail=detail)
                report = self._play(session, instance, made)
                finding = self._compare(instance, made, report)
                if finding is not None:
                    return finding
        return None

    def _compare(self, instance: Instance, made: Json, report: Report) -> Finding | None:
        if report.status is ReportStatus.ERROR:
            return self._explain(instance, made, report, f"the rule fails there ({_last_line(report.detail)})")
        if report.status is not ReportStatus.OK:
            return _ended(f"{instance.name}: arrival by arrival", report)
        place = _difference(report.value, made)
        if place is None:
            return None
        return self._explain(instance, made, report, f"it makes another decision {place}")

    def _explain(self, instance: Instance, made: Json, report: Report, what: str) -> Finding:
        alone = self._alone(lambda session: session.ask({"instance": pack(self._problem.encode(instance))}))
        try:
            again = solution_in(alone) if alone.status is ReportStatus.OK else None
        except Unanswered:
            again = None
        if again != made:
            other = "fails" if again is None else f"gives another decision {_difference(again, made)}"
            detail = f"not repeatable: solving {instance.name} again in a fresh process {other}; "
            return Finding(
                status=Status.ERROR, detail=f"{detail}the rule depends on chance, on a clock or on what it solved before"
            )
        stepped = self._alone(lambda session: self._play(session, instance, made))
        if stepped.status is ReportStatus.OK and _difference(stepped.value, made) is None:
            detail = f"not repeatable: how {instance.name} is solved depends on what was solved before in the same process"
            return Finding(status=Status.ERROR, detail=detail)
        if (stepped.status, stepped.value) != (report.status, report.value):
            detail = f"not repeatable: {instance.name}, told arrival by arrival, is solved in one way and then in another"
            return Finding(status=Status.ERROR, detail=detail)
        detail = f"{instance.name}: decisions depend on what had not arrived yet: told arrival by arrival, {what}"
        return Finding(status=Status.CHEATING, detail=detail)

    def _alone(self, ask: Callable[[Session], Report]) -> Report:
        session, opened = self._open_child(1)
        with session:
            return ask(session) if opened.status is ReportStatus.OK else opened

    def _play(self, session: Session, instance: Instance, made: Json) -> Report:
        arrivals = self._problem.arrivals(instance)
        return session.play(
            {"known": self._problem.known(instance), "name": instance.name},
            arrivals,
            expected=made,
            seconds=self._wall_seconds + _SECONDS_PER_ARRIVAL * len(arrivals),
        )


def _ended(where: str, report: Report) -> Finding:
    return Finding(status=STATUS_OF[report.status], detail=f"{where}: {report.detail}")


def _last_line(detail: str) -> str:
    lines = detail.strip().splitlines()
    return lines[-1][:200] if lines else "it says nothing"


def _difference(decisions: Json, expected: Sequence[Json]) -> int | None:
    """Place of the first expected decision that was not made; None if all were, and no others."""
    if decisions == expected or not isinstance(decisions, list):
        return None if decisions == expected else 0
    pairs = enumerate(zip(decisions, expected, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(decisions), len(expected)))
