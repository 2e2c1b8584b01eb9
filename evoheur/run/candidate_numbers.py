"""Numbering candidates, and finding the one whose evaluation an equal one shares."""

from collections import ChainMap
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Outcome, Rescored
from evoheur.run.original import Original

__all__ = ["CandidateNumbers"]


class CandidateNumbers:
    """The numbers of a run's candidates, in the order of telling.

    Args:
        baseline: Candidate 0, which is stored.
        read: Gives the stored evaluation of a candidate on train, by its number and epoch.
    """

    def __init__(self, baseline: Candidate, read: Callable[[int, int], Evaluation]) -> None:
        # Code and epoch → the first candidate told with it and scored then, better one that was evaluated whole.
        self._originals: MutableMapping[tuple[str, int], Original] = {_code(baseline): Original.of(baseline)}
        self._next = 1
        self._read = read

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

    def ahead(self) -> "CandidateNumbers":
        """Numbers that go on from these, for outcomes of which it is not sure yet that they will be stored."""
        return _Ahead(self._originals, self._next, self._read)

    def numbered(self, outcome: Outcome) -> Outcome:
        """An outcome as it is to be stored next: a candidate with its number, and its original's."""
        if not isinstance(outcome, Candidate):
            return outcome
        if outcome.is_twin:
            return replace(outcome, id=self._next)
        original = self._originals.get(_code(outcome))
        if original is None:
            return replace(outcome, id=self._next)
        if outcome.evaluation.status is Status.PRUNED:
            stored = self._read(original.number, original.epoch)
            return replace(outcome, id=self._next, duplicate_of=original.number, evaluation=stored)
        if original.status is Status.PRUNED:  # a whole evaluation is no copy of one that was cut short
            return replace(outcome, id=self._next)
        return replace(outcome, id=self._next, duplicate_of=original.number)


class _Ahead(CandidateNumbers):
    """What goes on from other numbers and leaves them as they are; it has evaluations that cannot be read yet."""

    def __init__(
        self, originals: MutableMapping[tuple[str, int], Original], following: int, read: Callable[[int, int], Evaluation]
    ) -> None:
        self._originals = ChainMap({}, originals)
        self._next = following
        self._fresh: dict[tuple[int, int], Evaluation] = {}
        self._read = lambda number, epoch: self._fresh.get((number, epoch)) or read(number, epoch)

    def remember(self, outcome: Outcome) -> None:
        super().remember(outcome)
        scored = outcome.candidate if isinstance(outcome, Rescored) else outcome
        if isinstance(scored, Candidate):
            self._fresh.setdefault((Original.of(scored).number, scored.evaluation.epoch), scored.evaluation)


def _code(candidate: Candidate) -> tuple[str, int]:
    """Which candidates share an evaluation: those of equal code, on the same training instances."""
    return candidate.code_hash, candidate.evaluation.epoch
