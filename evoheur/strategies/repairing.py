"""Repair of candidates that failed, around any strategy.

The strategy inside sees one outcome for each of its requests, as without repair, only later and better: the repaired candidate if it works,
else the one that failed first. A repair is a request like any other: it costs a call and, if it yields code, an evaluation.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from evoheur.candidate import Candidate, Status
from evoheur.request import Outcome, Request
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy
from evoheur.strategies.wrapped_strategy import WrappedStrategy

__all__ = ["REPAIR", "REPAIR_CARD", "Repairing"]

REPAIR = "repair"

REPAIR_CARD: Mapping[str, OperatorCard] = {
    REPAIR: OperatorCard(
        edits=True,
        summary="mend what made the heuristic fail",
        variation="vary",
        parents=(1, 1),
        context={**BASELINE_SHOWN, "fault": "how it failed, shortened"},
    )
}

_REPAIRABLE = frozenset(
    {Status.REJECTED, Status.ERROR, Status.TIMEOUT, Status.MEMORY, Status.OUTPUT, Status.CRASHED, Status.INFEASIBLE}
)
_LONGEST_FAULT = 1500  # characters; the end of a traceback says most


@dataclass(frozen=True, slots=True)
class _Patient:
    """A failure that is being repaired.

    The request it answers, the candidate that came first and the present one, and how often it was sent back.
    """

    request: Request
    first: Candidate
    failed: Candidate
    attempts: int


class Repairing(WrappedStrategy):
    """A strategy whose failures get another chance.

    Args:
        strategy: Breeds.
        attempts: How often a candidate is sent back at the most, at least once.
    """

    def __init__(self, strategy: Strategy, attempts: int) -> None:
        super().__init__(strategy)
        self._attempts = attempts
        self._queue: deque[int] = deque()  # patients that have not been asked for yet
        self._patients: dict[int, _Patient] = {}
        self._tried: set[int] = set()  # candidates whose code was sent back, by which later copies of it are known
        self._next = 0

    def ask(self) -> Request | None:
        """A repair if one is due, else what the strategy asks for."""
        if not self._queue:
            request = self._strategy.ask()
            # A pruned candidate might have failed later on and been repaired, so every evaluation runs to its end.
            return None if request is None else replace(request, bound=None)
        number = self._queue.popleft()
        failed = self._patients[number].failed
        context = {
            "baseline": "header",
            "fault": f"{failed.evaluation.status}: {failed.evaluation.detail.strip()}"[-_LONGEST_FAULT:],
        }
        return Request(operator=REPAIR, parents=(failed,), context=context, tag=(REPAIR, number))

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Pass on what worked or cannot be mended; keep the rest for repair."""
        if request.operator == REPAIR and isinstance(request.tag, tuple):
            self._mended(self._patients.pop(request.tag[1]), outcome)
        elif isinstance(outcome, Candidate) and self._can_mend(outcome):
            self._admit(_Patient(request, outcome, outcome, 0))
        else:
            self._strategy.tell(request, outcome)

    def _can_mend(self, candidate: Candidate) -> bool:
        same = candidate.id if candidate.duplicate_of is None else candidate.duplicate_of
        return candidate.evaluation.status in _REPAIRABLE and same not in self._tried

    def _admit(self, patient: _Patient) -> None:
        failed = patient.failed
        self._tried.add(failed.id if failed.duplicate_of is None else failed.duplicate_of)
        self._patients[self._next] = patient
        self._queue.append(self._next)
        self._next += 1

    def _mended(self, patient: _Patient, outcome: Outcome) -> None:
        if not isinstance(outcome, Candidate):
            self._strategy.tell(patient.request, patient.first)
        elif outcome.objective is not None:
            self._strategy.tell(patient.request, outcome)
        elif patient.attempts + 1 < self._attempts and self._can_mend(outcome):
            self._admit(replace(patient, failed=outcome, attempts=patient.attempts + 1))
        else:
            self._strategy.tell(patient.request, patient.first)
