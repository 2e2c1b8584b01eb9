"""What an answer says, whole or broken off."""

from dataclasses import dataclass
from typing import Protocol

from evoheur.generation.api_faults import Fault
from evoheur.generation.completion_body import CompletionBody, checked
from evoheur.generation.event_stream import event_texts, is_event_stream
from evoheur.generation.received_answer import ReceivedAnswer

__all__ = ["AnswerForm", "Interpretation", "StreamReader", "interpret"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """What is understood of an answer.

    Attributes:
        fault: What is wrong with it; None for a reply that can be used.
        answer: As far as it came, also beside a fault; None if nothing of it can be read.
        pieces: In how many pieces the text came; models send a token in each, or more.
        began: Whether it is known that the model was at work.
    """

    fault: Fault | None
    answer: CompletionBody | None = None
    pieces: int = 0
    began: bool = False


class StreamReader(Protocol):
    """Puts an answer together from the events of its stream."""

    pieces: int
    """In how many pieces the text came."""

    def take(self, said: str) -> None:
        """Take the next event."""

    @property
    def answer(self) -> CompletionBody:
        """The answer as far as it came."""

    @property
    def whole(self) -> bool:
        """Whether the stream said that the answer is at its end, and nothing before that was missing."""

    @property
    def fault(self) -> Fault | None:
        """What the stream itself says went wrong; None where it says nothing."""


class AnswerForm(Protocol):
    """How the answers of an API are read."""

    def read(self, body: bytes) -> CompletionBody | Fault:
        """Read an answer that came at once."""

    def reader(self) -> StreamReader:
        """Make a reader for one that comes as a stream."""


def interpret(received: ReceivedAnswer, form: AnswerForm) -> Interpretation:
    """Understand what came of an answer.

    A stream that says its answer is at its end is whole, however the connection ended.

    Args:
        received: The bytes, and what ended them.
        form: How they are read.
    """
    ended = _end(received)
    if not is_event_stream(received.body):
        if ended is not None:
            return Interpretation(fault=ended)
        found = form.read(received.body)
        return Interpretation(fault=found) if isinstance(found, Fault) else Interpretation(fault=None, answer=found)
    reader = form.reader()
    for said in event_texts(received.body):
        reader.take(said)
    fault = None if reader.whole else reader.fault or ended or _early_end(reader)
    if fault is None:
        found = checked(reader.answer)
        fault = found if isinstance(found, Fault) else None
    began = reader.pieces > 0 or reader.fault is None
    return Interpretation(fault=fault, answer=reader.answer, pieces=reader.pieces, began=began)


def _end(received: ReceivedAnswer) -> Fault | None:
    if received.cut:
        return Fault(reason="timeout", message=received.cut)
    if received.broken:
        return Fault(reason="connection", message=f"the connection failed ({received.broken})")
    return None


def _early_end(reader: StreamReader) -> Fault:
    came = len(reader.answer.text)
    return Fault(reason="bad-reply", message=f"the stream ended before the answer did, after {came} characters")
