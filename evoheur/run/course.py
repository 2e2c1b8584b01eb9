"""The course of a recorded run, which a replay keeps to.

What a strategy does depends on the interleaving of asks and tells alone. So a run that asks and tells as the recorded one did has the same
requests, candidates and numbers, however many requests were in flight and whatever finishes first now.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from evoheur.generation.recording import RecordedRequest, Recording, prompt_hash
from evoheur.request import Message, Request, RequestKind
from evoheur.run.step import Step, StepListener

__all__ = ["Course"]


class _Entry(NamedTuple):
    """An ask or a tell of the recorded run."""

    sequence: int
    is_ask: bool
    request: RecordedRequest


class Course(StepListener):
    """Says what comes next, and whether a request is the recorded one.

    It hears of every step, in a session and on replay alike, and so knows how far the run has come.

    Args:
        recording: Of the run that is repeated.
        tunes: Whether constants are tuned beside the search in this run. What only one of the two runs tunes is let pass, since the search
            goes the same way without.

    Attributes:
        is_kept: Whether the run has kept to it so far; once it has not, it leads no more.
    """

    hears_log = True

    def __init__(self, recording: Recording, *, tunes: bool) -> None:
        self.is_kept = True
        self._recording = recording
        left_out = {RequestKind.SIMPLIFICATION, *([] if tunes else [RequestKind.TUNING_BESIDE])}
        requests = [one for one in recording.requests if one.kind not in left_out]
        self._takes_extras = tunes and not any(_is_beside(one.kind) for one in requests)
        self._entries = _entries(requests)
        self._next = 0
        self._ended = ""
        self._numbers: dict[int, int] = {}  # recorded number → number in this run, for what is asked and not told
        self._extras: set[int] = set()  # numbers in this run of what the recorded one had not

    @property
    def is_over(self) -> bool:
        """Whether all of it has happened."""
        return self._next == len(self._entries)

    @property
    def leads(self) -> bool:
        """Whether it says what comes next."""
        return self.is_kept and not self.is_over

    @property
    def is_binding(self) -> bool:
        """Whether a run that does not keep to it is to end."""
        return self._recording.is_binding

    @property
    def end(self) -> str:
        """Why nothing comes after it."""
        if self._ended:
            return self._ended
        stopped = f", where that had stopped ({self._recording.end})" if self._recording.end else ""
        return f"the recording of {self._recording.source} is at its end{stopped}"

    @property
    def asks_next(self) -> bool:
        """Whether a request comes next."""
        return self.leads and self._entries[self._next].is_ask

    def tellable(self, landed: Iterable[int]) -> list[int]:
        """The numbers of the requests that may be told now.

        What the recorded run had not is told when its outcome is there.

        Args:
            landed: Numbers of those whose outcome is there.
        """
        there = set(landed)
        extras = sorted(self._extras & there)
        if not self.leads or self._entries[self._next].is_ask:
            return extras
        number = self._numbers[self._entries[self._next].request.number]
        return [*extras, number] if number in there else extras

    def end_asking(self, reason: str) -> None:
        """Have no more requests, since the budget is spent; what is under way is told in its order still."""
        if not self.leads:
            return
        self._ended = f"{reason}, counting what was under way"
        left = self._entries[self._next :]
        self._entries = [*self._entries[: self._next], *(entry for entry in left if entry.request.number in self._numbers)]

    def leave(self) -> None:
        """Lead no more."""
        self.is_kept = False

    def fault(self, request: Request | None, messages: Sequence[Message]) -> str | None:
        """The reason why what the strategy asks is not what comes next; None if it is.

        Args:
            request: As the strategy asks it; None if it waits.
            messages: The prompt.
        """
        if not self.asks_next or (request is not None and self._is_extra(request)):
            return None
        recorded = self._entries[self._next].request
        if request is None:
            differs = "the strategy waits here"
        elif request.fingerprint() != recorded.fingerprint:
            differs = f"the strategy asks for {request.operator!r} ({request.fingerprint()}) here"
        elif recorded.prompt and prompt_hash(messages) != recorded.prompt:
            differs = "its prompt is another one here"
        else:
            return None
        return (
            f"request {recorded.number} of {self._recording.source} was {recorded.operator!r} ({recorded.fingerprint}), but {differs}: the "
            "problem, the strategy, a prompt, the seed, or what an earlier candidate was worth differs. Replay it with the settings it was "
            "made with, or go on without what is not recorded (generator.misses=fail)."
        )

    def asked(self, step: Step) -> None:
        """See `StepListener`."""
        if step.request.kind is RequestKind.SIMPLIFICATION or not self.leads:
            return
        if self._is_extra(step.request):
            self._extras.add(step.asked.number)
        elif self.asks_next and self._entries[self._next].request.fingerprint == step.asked.fingerprint:
            self._numbers[self._entries[self._next].request.number] = step.asked.number
            self._next += 1
        else:
            self.leave()

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        if step.asked.number in self._extras:
            self._extras.discard(step.asked.number)
        elif self.leads and self.tellable([step.asked.number]) == [step.asked.number]:
            del self._numbers[self._entries[self._next].request.number]
            self._next += 1
        else:
            self.leave()

    def _is_extra(self, request: Request) -> bool:
        return self._takes_extras and _is_beside(request.kind)


def _is_beside(kind: RequestKind) -> bool:
    return kind is RequestKind.TUNING_BESIDE


def _entries(requests: Iterable[RecordedRequest]) -> list[_Entry]:
    entries = []
    for request in requests:
        entries.append(_Entry(request.asked, True, request))
        if request.told is not None:
            entries.append(_Entry(request.told, False, request))
    return sorted(entries, key=attrgetter("sequence"))
