"""The Responses API: what is sent to it, and how its answers are read.

An answer is read as the chat completion that says the same, so that all else is decided in one place.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

import openai

from evoheur.generation.answer_interpretation import StreamReader
from evoheur.generation.api_faults import Fault, fault_of_error_object
from evoheur.generation.completion_body import CompletionBody, answer_of, checked, json_body, lenient_json, no_answer
from evoheur.generation.event_stream import END_OF_STREAM
from evoheur.generation.model_call import REPLY_SCHEMA, ModelCall
from evoheur.generation.received_answer import Pieces
from evoheur.request import Message

__all__ = ["Responses"]

_REASONS = {"max_output_tokens": "length", "max_tokens": "length"}
_LAST_EVENTS = frozenset({"response.completed", "response.incomplete", "response.failed"})
_DELTAS = {
    "response.output_text.delta": "content",
    "response.refusal.delta": "refusal",
    "response.reasoning_text.delta": "reasoning_content",
    "response.reasoning_summary_text.delta": "reasoning",
}


class Responses:
    """Asks an endpoint by POST to /responses.

    Nothing is stored there: the conversation ends with the reply.
    """

    omittable: ClassVar[frozenset[str]] = frozenset(
        {"temperature", "top_p", "max_output_tokens", "reasoning", "stream", "store", "text"}
    )
    """Fields without which an endpoint that refuses them is asked again."""
    other_names: ClassVar[Mapping[str, str]] = {}
    """As what a field is sent that is refused by its first name: there are none."""

    def fields(self, call: ModelCall, refused: Container[str]) -> dict[str, Any]:
        """The fields of a request beside model and prompt, without those that the endpoint refused before."""
        limit = call.max_tokens if call.max_completion_tokens is None else call.max_completion_tokens
        wanted = {
            "temperature": call.temperature,
            "top_p": call.top_p,
            "max_output_tokens": limit,
            "reasoning": None if call.reasoning_effort is None else {"effort": call.reasoning_effort},
            "stream": True if call.stream else None,
            "store": False,
            "text": {"format": _FORMAT} if call.structured else None,
        }
        return {name: value for name, value in wanted.items() if value is not None and name not in refused}

    def opening(
        self, client: openai.AsyncOpenAI, model: str, messages: Sequence[Message], fields: Mapping[str, Any]
    ) -> AbstractAsyncContextManager[Pieces]:
        """The request, which is sent when what is returned is entered."""
        instructions = "\n\n".join(message.content for message in messages if message.role == "system")
        turns: Any = [{"role": message.role, "content": message.content} for message in messages if message.role != "system"]
        told = {"instructions": instructions} if instructions else {}
        return client.responses.with_streaming_response.create(model=model, input=turns, extra_body={**told, **fields})

    def read(self, body: bytes) -> CompletionBody | Fault:
        """Read an answer that came at once."""
        found = json_body(body)
        if not isinstance(found, dict):
            return no_answer(body)
        return checked(answer_of(_as_chat(found)))

    def reader(self) -> StreamReader:
        """Make a reader for an answer that comes as a stream."""
        return _ResponseStream()


_FORMAT = {"type": "json_schema", "name": "heuristic", "strict": True, "schema": REPLY_SCHEMA}


def _as_chat(response: Mapping[str, Any], texts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A response as a chat completion.

    Args:
        response: As the API sends it.
        texts: What came of its text before, where the response itself has none.
    """
    error = response.get("error")
    output = response.get("output")
    if error is None and not isinstance(output, list):
        return {"model": response.get("model"), "choices": None, "usage": response.get("usage"), "error": None}
    found = _texts(output if isinstance(output, list) else [])
    choice = {"message": found or dict(texts or {}), "finish_reason": _finish(response)}
    return {"model": response.get("model"), "choices": [choice], "usage": response.get("usage"), "error": error}


def _finish(response: Mapping[str, Any]) -> str | None:
    status = response.get("status")
    if status == "completed":
        return "stop"
    if status == "incomplete":
        details = response.get("incomplete_details")
        reason = details.get("reason") if isinstance(details, dict) else None
        return _REASONS.get(reason, reason) if isinstance(reason, str) else "incomplete"
    return "error" if isinstance(status, str) and status in {"failed", "cancelled"} else None


def _texts(output: Sequence[Any]) -> dict[str, str]:
    """The texts of a response's parts, by their names in a chat completion."""
    found: dict[str, str] = {}
    for name, text in _parts(output):
        found[name] = found.get(name, "") + text
    return found


def _parts(output: Sequence[Any]) -> Iterator[tuple[str, str]]:
    names = {
        "output_text": "content",
        "text": "content",
        "refusal": "refusal",
        "reasoning_text": "reasoning_content",
        "summary_text": "reasoning",
    }
    for item in output:
        if not isinstance(item, dict):
            continue
        for key in ("content", "summary"):
            parts = item.get(key)
            for part in parts if isinstance(parts, list) else ():
                text = part.get("text", part.get("refusal")) if isinstance(part, dict) else None
                kind = part.get("type") if isinstance(part, dict) else None
                if isinstance(text, str) and isinstance(kind, str) and kind in names:
                    yield names[kind], text


class _ResponseStream:
    """Puts a response together from its events."""

    def __init__(self) -> None:
        self.pieces = 0
        self._texts: dict[str, list[str]] = {}
        self._response: Mapping[str, Any] = {}
        self._error: Any = None
        self._ended = self._damaged = False

    def take(self, said: str) -> None:
        if said.strip() == END_OF_STREAM:
            return
        event = lenient_json(said)
        if not isinstance(event, dict):
            self._damaged = True
            return
        kind = event.get("type") if isinstance(event.get("type"), str) else ""
        if isinstance(response := event.get("response"), dict):
            self._response = response
        if kind in _LAST_EVENTS:
            self._ended = True
        elif kind == "error" or event.get("error"):
            self._error = event.get("error") or event
        elif kind in _DELTAS and isinstance(delta := event.get("delta"), str) and not self._damaged:
            self._texts.setdefault(_DELTAS[kind], []).append(delta)
            self.pieces += 1

    @property
    def answer(self) -> CompletionBody:
        texts = {name: "".join(parts) for name, parts in self._texts.items()}
        found = _as_chat({"output": [], **self._response}, texts)
        if not self._ended:  # what was said of it at its beginning does not count
            found["choices"] = [{"message": texts, "finish_reason": None}]
            found["error"] = self._error
        return answer_of(found)

    @property
    def whole(self) -> bool:
        # The last event has all of the text again, so that nothing is missing where another could not be read.
        return self._ended and not (self._damaged and not _texts(self._response.get("output") or []))

    @property
    def fault(self) -> Fault | None:
        return fault_of_error_object(self._error) if self._error else None
