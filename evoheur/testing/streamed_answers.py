"""Answers of a scripted server that come as a stream, whole or not.

A model's text comes in pieces of one token each, so that what a stream that breaks off has cost is the number of its pieces.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from evoheur.testing.endpoint_server import ServerAnswer

__all__ = ["Ending", "StreamCourse", "chunk", "event", "streamed", "streamed_response", "tokens_of"]

Ending: TypeAlias = Literal["", "stall", "hang-up", "reset"]
_MODEL = "scripted-model"
_TOKEN = 4  # characters
_NONE: Mapping[str, Any] = MappingProxyType({})


def tokens_of(text: str) -> list[str]:
    """A text in pieces of one token."""
    return [text[place : place + _TOKEN] for place in range(0, len(text), _TOKEN)]


def event(said: Mapping[str, Any] | str, name: str = "") -> bytes:
    """One event of a stream.

    Args:
        said: Its data, as JSON unless it is a text already.
        name: Of the event; "" for none.
    """
    data = said if isinstance(said, str) else json.dumps(said)
    return (f"event: {name}\n" if name else "").encode() + f"data: {data}\n\n".encode()


def chunk(delta: Mapping[str, Any], *, finish: str | None = None, index: int = 0, **others: Any) -> bytes:
    """One chunk of a chat completion, as an event."""
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return event({"object": "chat.completion.chunk", "model": _MODEL, "choices": [choice], **others})


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamCourse:
    """The course that a stream takes.

    Attributes:
        sent: So many pieces of the text come, and nothing after them; None for all, and the end.
        ending: What the connection does after that.
        insert: Place among the pieces of the text → what comes before it.
        pause: Seconds between two pieces.
        delay: Seconds before the first one.
    """

    sent: int | None = None
    ending: Ending = ""
    insert: Mapping[int, bytes] = field(default_factory=dict)
    pause: float = 0.0
    delay: float = 0.0

    def of(self, pieces: Sequence[bytes], *, first: bytes, last: Sequence[bytes], prompt_tokens: int) -> ServerAnswer:
        """The answer that takes it.

        Args:
            pieces: Of the text, a token each.
            first: What comes before them.
            last: What comes after them.
            prompt_tokens: Prompt tokens that the server counts.
        """
        written = pieces[: self.sent]
        inserted = [part for place, piece in enumerate(written) for part in (self.insert.get(place, b""), piece) if part]
        whole = self.sent is None and not self.ending
        return ServerAnswer(
            kind="reply" if whole else "broken stream",
            pieces=(first, *inserted, *(last if self.sent is None else ())),
            ending=self.ending,
            pause=self.pause,
            delay=self.delay,
            prompt_tokens=prompt_tokens,
            completion_tokens=len(written),
        )


_WHOLE = StreamCourse()


def streamed(
    text: str,
    course: StreamCourse = _WHOLE,
    *,
    prompt_tokens: int = 10,
    finish: str | None = "stop",
    usage: bool = True,
    done: bool = True,
    name: str = "content",
) -> ServerAnswer:
    """A chat completion as a stream.

    Args:
        text: The reply.
        course: How it goes.
        prompt_tokens: Prompt tokens that the server counts.
        finish: Its finish_reason; None for none.
        usage: Whether the tokens are told at the end.
        done: Whether the stream says that it is at its end.
        name: Of the field in which the text comes.
    """
    tokens = tokens_of(text)
    counts = {"prompt_tokens": prompt_tokens, "completion_tokens": len(tokens)}
    last = [
        *([chunk({}, finish=finish)] if finish else []),
        *([event({"model": _MODEL, "choices": [], "usage": counts})] if usage else []),
        *([event("[DONE]")] if done else []),
    ]
    first = chunk({"role": "assistant", "content": ""})
    return course.of([chunk({name: token}) for token in tokens], first=first, last=last, prompt_tokens=prompt_tokens)


def streamed_response(
    text: str,
    course: StreamCourse = _WHOLE,
    *,
    prompt_tokens: int = 10,
    status: str = "completed",
    details: Mapping[str, Any] = _NONE,
) -> ServerAnswer:
    """An answer of the Responses API as a stream.

    Args:
        text: The reply.
        course: How it goes.
        prompt_tokens: Prompt tokens that the server counts.
        status: Of the response at its end.
        details: Further fields of it at its end, or other values of the usual ones.
    """
    tokens = tokens_of(text)
    begun: dict[str, Any] = {"id": "resp", "model": _MODEL, "status": "in_progress", "output": [], "error": None}
    kind, end = "response.output_text.delta", f"response.{status}"
    pieces = [event({"type": kind, "delta": token}, kind) for token in tokens]
    spoken = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}
    counts = {"input_tokens": prompt_tokens, "output_tokens": len(tokens)}
    response = {**begun, "status": status, "output": [spoken], "usage": counts, **details}
    first = event({"type": "response.created", "response": begun}, "response.created")
    return course.of(pieces, first=first, last=[event({"type": end, "response": response}, end)], prompt_tokens=prompt_tokens)
