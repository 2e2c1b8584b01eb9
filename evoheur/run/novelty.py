"""Recognition of twins: candidates that do what an earlier one does, as far as can be told without scoring them.

A twin takes over the score of the earlier one, so that it costs a request and no evaluation. Two signs make a twin: the same reduced form,
which proves it (`evoheur.simplification.reduced_form`), and the same answers in probe states, which is evidence only
(`evoheur.evaluation.probe_states`). What would become the best of the run never takes over a score: it is scored itself.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from evoheur.candidate import Candidate, Status
from evoheur.components import Config
from evoheur.simplification.reduced_form import reduced_hash

__all__ = ["EarlierCandidates", "NoveltyConfig", "Twins"]

_REMEMBERED = 1000  # of the newest scored candidates, so that work and messages do not grow with the run
_KEPT = 8 * _REMEMBERED  # for requests that are long under way; so that memory does not grow with the run either


class NoveltyConfig(Config):
    """What becomes of twins: candidates that do what an earlier one does, as can be told before they are scored."""

    twins: Literal["reuse", "ask_again", "evaluate"] = "reuse"
    """"reuse": a twin takes over the score of the earlier candidate. "ask_again": so it does, but the strategy does not hear of it; its
    request is made once more, and what comes then counts. "evaluate": twins are scored like all others."""
    probe_states: int = Field(default=0, ge=0, le=500)
    """In so many states that the problem's own frame comes to, a heuristic is asked before it is scored; with the same answers as an
    earlier one it is a twin, too. Most twins are found so, and a few that are none: with 64, some 3 to 15 in a hundred. It pays where
    an evaluation takes a tenth of a second or more. With 0 only programs of the same reduced form are twins."""

    @property
    def recognises(self) -> bool:
        """Whether there are twins at all."""
        return self.twins != "evaluate"


@dataclass(frozen=True, slots=True)
class _Entry:
    sequence: int
    candidate: Candidate


@dataclass
class Twins:
    """The scored candidates of an epoch, by what tells that another does the same."""

    _entries: list[_Entry] = field(default_factory=list)  # in the order of telling
    _places: dict[str, list[int]] = field(default_factory=dict)  # form or fingerprint → places in `_entries`, ascending
    _read: int = 0  # entries before this are in `_places`, or too old
    _scored: dict[int, Candidate] = field(default_factory=dict)  # number → candidate, of all epochs; the newest
    _taken_over: dict[str, Candidate] = field(default_factory=dict)  # hash of a twin's code → the candidate whose score it has

    def clear(self) -> None:
        """Begin an epoch: scores on other instances do not compare."""
        self._entries.clear()
        self._places.clear()
        self._read = 0

    def remember(self, candidate: Candidate, sequence: int, *, comparable: bool = True) -> None:
        """Take note of a candidate with a score of its own, or of a twin; of others nothing is remembered.

        Args:
            candidate: As it was told.
            sequence: When it was told, by the log's sequence; 0 for the baseline.
            comparable: Whether its score is of this epoch; one of an earlier epoch is heard of again when a run is resumed.
        """
        if candidate.duplicate_of is None:
            if candidate.evaluation.status is Status.OK and candidate.objective is not None:
                if comparable:
                    self._entries.append(_Entry(sequence, candidate))
                self._scored[candidate.id] = candidate
                self._forget_the_oldest()
        elif candidate.is_twin:
            self._taken_over[candidate.code_hash] = self._scored[candidate.duplicate_of]

    def _forget_the_oldest(self) -> None:
        if len(self._scored) > _KEPT:
            del self._scored[next(iter(self._scored))]
        if len(self._entries) == 2 * _KEPT:
            self._entries = self._entries[_KEPT:]  # a new list, since those that look at the old one go on with it
            left = {key: [place - _KEPT for place in places if place >= _KEPT] for key, places in self._places.items()}
            self._places = {key: places for key, places in left.items() if places}
            self._read = max(0, self._read - _KEPT)

    def scored_as(self, candidate: Candidate) -> Candidate:
        """The candidate whose score a twin has; any other is scored as itself."""
        return self._taken_over[candidate.code_hash] if candidate.is_twin else candidate

    def before(self, sequence: int, to_beat: float) -> "EarlierCandidates":
        """The candidates that a request may have a twin of.

        Args:
            sequence: When the request was asked. What was told later is left out, so that it does not depend on what is finished by now.
            to_beat: The objective below which a candidate could be the best.
        """
        last = bisect_left(self._entries, sequence, key=lambda entry: entry.sequence)
        first = max(0, last - _REMEMBERED)
        self._read_up_to(first, last)
        return EarlierCandidates(self._entries, self._places, first, last, to_beat)

    def _read_up_to(self, first: int, last: int) -> None:
        # Only when they are needed: a long run that is resumed does not read all that it ever bred.
        for place in range(max(self._read, first), last):
            candidate = self._entries[place].candidate
            for key in filter(None, (reduced_hash(candidate.code), candidate.evaluation.fingerprint)):
                self._places.setdefault(key, []).append(place)
        self._read = max(self._read, last)


@dataclass(frozen=True, slots=True)
class EarlierCandidates:
    """What was scored before a request was made; see `Twins.before`."""

    _entries: Sequence[_Entry]
    _places: dict[str, list[int]]
    _first: int
    _last: int
    _to_beat: float

    def twin_of(self, key: str) -> Candidate | None:
        """The oldest of them with this normal form or fingerprint, unless its score would be the best."""
        for place in self._places.get(key, ()):
            if self._first <= place < self._last:
                candidate = self._entries[place].candidate
                return candidate if candidate.objective is not None and candidate.objective >= self._to_beat else None
        return None

    def fingerprints(self) -> frozenset[str]:
        """Those that make a twin."""
        held = {entry.candidate.evaluation.fingerprint for entry in self._entries[self._first : self._last]}
        return frozenset(each for each in held if each and self.twin_of(each) is not None)
