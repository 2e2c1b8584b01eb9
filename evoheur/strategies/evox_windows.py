"""Windows of a search, in each of which one policy is in charge."""

from typing import Any

from evoheur.candidate import Candidate
from evoheur.strategies.policy_record import PolicyRecord, PolicyShelf, window_score
from evoheur.strategies.program_store import ProgramStore

__all__ = ["PolicyWindows"]


class PolicyWindows:
    """Says which policy is in charge, and when another one is wanted.

    Args:
        baseline: The problem's own heuristic, by whose cost all is measured.
        store: The programs.
        patience: Outcomes without a gain that close a window.
        gain: The share of the baseline's cost above which a gain counts.

    Attributes:
        shelf: All policies.
        active: The one in charge.
        told: Outcomes so far.
        wants_policy: Whether another one is to be written now; whoever asks for it takes this back.
    """

    def __init__(self, baseline: Candidate, store: ProgramStore, *, patience: int, gain: float) -> None:
        self.shelf = PolicyShelf()
        self.active = self.shelf.records[0]
        self.told = 0
        self.wants_policy = False
        self._former = self.active
        self._baseline = baseline.objective or 0.0
        self._store = store
        self._patience, self._gain = patience, gain
        self._start = self._mark = 0.0  # goodness when the window began, and at its latest gain
        self._length = self._since = 0  # outcomes since then, and since that
        self._before = ""
        self._changing = False  # between the end of a window and the verdict on the next policy
        self._begin()

    @property
    def goodness(self) -> float:
        """The share of the baseline's cost that the best program saves; 0 without a program."""
        best = next((program.objective for program in self._store.ranked), None)
        return 0.0 if best is None else (self._baseline - best) / (abs(self._baseline) or 1.0)

    def progress(self) -> dict[str, Any]:
        """What policies are told of the search: plain values for JSON."""
        return {
            "told": self.told,
            "window": self._length,
            "since_gain": self._since,
            "patience": self._patience,
            "gain": self.goodness - self._start,
        }

    def outcome(self) -> None:
        """Count an outcome; close the window where nothing gained for too long.

        Its heuristic is in the store by now.
        """
        self.told += 1
        self._length += 1
        self._since += 1
        if self.goodness - self._mark > self._gain:
            self._mark, self._since = self.goodness, 0
        if self._since >= self._patience and not self._changing:
            self._close()

    def tried(self, number: int, *, worked: bool) -> None:
        """Hear how a new policy did on trial; one that worked takes charge."""
        if worked:
            self._former, self.active = self.active, self.shelf.records[number]
        else:
            self.shelf.records[number].is_faulty = True
        self.keep()

    def keep(self) -> None:
        """Begin a window with the policy that is in charge."""
        self._changing = False
        self._begin()

    def fall_back(self, number: int) -> None:
        """Hear that a policy failed in charge; the one before it takes over, with all programs.

        Nothing happens where another one is in charge by now.
        """
        self.shelf.records[number].is_faulty = True
        if self.active.number != number:
            return
        self.active = self.shelf.records[0] if self._former.is_faulty else self._former
        self._begin()

    def rescored(self, baseline: Candidate | None) -> None:
        """Measure from now on by the worth on fresh instances; the present window begins anew."""
        if baseline is not None and baseline.objective is not None:
            self._baseline = baseline.objective
        self._begin()

    def _begin(self) -> None:
        self._start = self._mark = self.goodness
        self._length = self._since = 0
        self._before = self._store.statistics()

    def _close(self) -> None:
        record: PolicyRecord = self.active
        record.score = window_score(self._start, self.goodness, self._length)
        record.before, record.after, record.length = self._before, self._store.statistics(), self._length
        self._changing = self.wants_policy = True
        self._begin()
