"""Storing every step of a run, and numbering candidates."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from evoheur.archive.archive import Archive
from evoheur.candidate import Candidate, Status
from evoheur.errors import EvoheurError
from evoheur.request import Failure, Outcome, Rescored
from evoheur.run.original import Original
from evoheur.run.step import Step, StepListener, UnstorableReply

__all__ = ["ArchiveWriter"]


class ArchiveWriter(StepListener):
    """Writes each stage of a step to the archive.

    Before any other part of the run acts on it.

    Args:
        archive: Nobody else writes to it while the run goes on.
        run_id: Row number of the run.
        paid: Whether replies cost money, so that not even a power cut may undo them.
        baseline: Candidate 0, which is stored.
        caught: What is told in place of an outcome that cannot be stored; says so to whoever looks on.
    """

    def __init__(
        self,
        archive: Archive,
        run_id: int,
        *,
        paid: bool,
        baseline: Candidate,
        caught: Callable[[Step, Exception], Failure],
    ) -> None:
        self._archive = archive
        self._run_id = run_id
        self._paid = paid
        # Code and epoch → the first candidate told with it and scored then, better one that was evaluated whole.
        self._originals = {_code(baseline): Original.of(baseline)}
        self._next = 1
        self._caught = caught

    @property
    def originals(self) -> Sequence[Original]:
        """The candidates whose evaluations later ones of the same code share; of every epoch."""
        return tuple(self._originals.values())

    def remember(self, outcome: Outcome) -> None:
        """Take note of a stored outcome, by which later ones are numbered."""
        if isinstance(outcome, Candidate):
            self._next = outcome.id + 1
            if outcome.duplicate_of is None:
                self._originals[_code(outcome)] = Original.of(outcome)
        elif isinstance(outcome, Rescored) and not outcome.candidate.is_twin:
            self._originals.setdefault(_code(outcome.candidate), Original.of(outcome.candidate))

    def pass_over(self, outcome: Outcome) -> None:
        """Number later candidates after a stored one whose evaluation none of them shares.

        The search must go the same way whether one of its heuristics was simplified or not.
        """
        if isinstance(outcome, Candidate):
            self._next = outcome.id + 1

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
            self._store(step, self._numbered(step.outcome))
        except EvoheurError:
            raise
        except Exception as error:  # noqa: BLE001 - the net: an outcome that nobody thought of costs one request, not the run
            self._store(step, self._caught(step, error))

    def _store(self, step: Step, outcome: Outcome) -> None:
        step.told = self._archive.record_tell(step.asked, outcome)
        step.outcome = outcome
        self.remember(outcome)

    def _numbered(self, outcome: Outcome) -> Outcome:
        if not isinstance(outcome, Candidate):
            return outcome
        if outcome.is_twin:
            return replace(outcome, id=self._next)
        original = self._originals.get(_code(outcome))
        if original is None:
            return replace(outcome, id=self._next)
        if outcome.evaluation.status is Status.PRUNED:
            stored = self._archive.evaluation_on_train(self._run_id, original.number, original.epoch)
            return replace(outcome, id=self._next, duplicate_of=original.number, evaluation=stored)
        if original.status is Status.PRUNED:  # a whole evaluation is no copy of one that was cut short
            return replace(outcome, id=self._next)
        return replace(outcome, id=self._next, duplicate_of=original.number)


def _code(candidate: Candidate) -> tuple[str, int]:
    """Which candidates share an evaluation: those of equal code, on the same training instances."""
    return candidate.code_hash, candidate.evaluation.epoch
