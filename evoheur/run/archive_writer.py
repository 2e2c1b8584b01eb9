"""Storing every step of a run."""

from collections.abc import Callable

from evoheur.archive.archive import Archive
from evoheur.errors import EvoheurError
from evoheur.request import Failure, Outcome
from evoheur.run.candidate_numbers import CandidateNumbers
from evoheur.run.step import Step, StepListener, UnstorableReply

__all__ = ["ArchiveWriter"]


class ArchiveWriter(StepListener):
    """Writes each stage of a step to the archive.

    Before any other part of the run acts on it.

    Args:
        archive: Nobody else writes to it while the run goes on.
        run_id: Row number of the run.
        paid: Whether replies cost money, so that not even a power cut may undo them.
        numbers: Numbers the candidates.
        caught: What is told in place of an outcome that cannot be stored; says so to whoever looks on.
    """

    def __init__(
        self,
        archive: Archive,
        run_id: int,
        *,
        paid: bool,
        numbers: CandidateNumbers,
        caught: Callable[[Step, Exception], Failure],
    ) -> None:
        self._archive = archive
        self._run_id = run_id
        self._paid = paid
        self._numbers = numbers
        self._caught = caught

    def asked(self, step: Step) -> None:
        """Store a request with its prompt."""
        step.asked = self._archive.record_ask(self._run_id, step.request, step.messages)

    def replied(self, step: Step) -> None:
        """Store a reply the moment it arrives, because it was paid for.

        Raises:
            UnstorableReply: It cannot be stored.
        """
        assert step.completion is not None, "it is set when the reply comes"
        try:
            paid = self._paid and step.request.kind.asks_model
            step.asked = self._archive.record_completion(step.asked, step.completion, paid=paid)
        except (TypeError, ValueError, OverflowError) as error:
            raise UnstorableReply(str(error)) from error

    def told(self, step: Step) -> None:
        """Store an outcome.

        One that cannot be stored as it is becomes one that can.
        """
        try:
            self._store(step, self._numbers.numbered(step.outcome))
        except EvoheurError:
            raise
        except Exception as error:  # noqa: BLE001 - the net: an outcome that nobody thought of costs one request, not the run
            self._store(step, self._caught(step, error))

    def close(self) -> None:
        """End what writes; harmless when repeated."""

    def _store(self, step: Step, outcome: Outcome) -> None:
        step.told = self._archive.record_tell(step.asked, outcome, tried=step.tried)
        step.outcome = outcome
        self._numbers.remember(outcome)
