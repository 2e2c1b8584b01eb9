"""The chat-completions API: what is sent to it, and how its streams are read."""

from collections.abc import Container, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

import openai

from evoheur.generation.answer_interpretation import StreamReader
from evoheur.generation.api_faults import Fault, fault_of_error_object
from evoheur.generation.completion_body import CompletionBody, answer_of, lenient_json, read_answer
from evoheur.generation.event_stream import END_OF_STREAM
from evoheur.generation.model_call import REPLY_SCHEMA, ModelCall
from evoheur.generation.received_answer import Pieces
from evoheur.request import Message

__all__ = ["ChatCompletions"]


class ChatCompletions:
    """Asks an endpoint by POST to /chat/completions."""

    omittable: ClassVar[frozenset[str]] = frozenset(
        {"temperature", "top_p", "max_tokens", "seed", "reasoning_effort", "stream", "stream_options", "response_format", "n"}
    )
    """Fields without which an endpoint that refuses them is asked again."""
    other_names: ClassVar[Mapping[str, str]] = {"max_tokens": "max_completion_tokens"}
    """As what a field is sent that is refused by its first name."""

    def fields(self, call: ModelCall, refused: Container[str]) -> dict[str, Any]:
        """The fields of a request beside model and prompt, without those that the endpoint refused before."""
        streams = call.stream and "stream" not in refused
        wanted = {
            "temperature": call.temperature,
            "top_p": call.top_p,
            "max_tokens": call.max_tokens,
            "max_completion_tokens": call.max_completion_tokens,
            "reasoning_effort": call.reasoning_effort,
            "seed": call.seed,
            "stream": True if streams else None,
            "stream_options": {"include_usage": True} if streams else None,
            "response_format": _FORMAT if call.structured else None,
            "n": call.choices if call.choices > 1 else None,
        }
        for name, other in self.other_names.items():
            if name in refused and wanted[name] is not None:
                wanted[other] = wanted[name]
        return {name: value for name, value in wanted.items() if value is not None and name not in refused}

    def opening(
        self, client: openai.AsyncOpenAI, model: str, messages: Sequence[Message], fields: Mapping[str, Any]
    ) -> AbstractAsyncContextManager[Pieces]:
        """The request, which is sent when what is returned is entered."""
        return client.chat.completions.with_streaming_response.create(
            model=model,
            messages=[_turn(message) for message in messages],
            extra_body=dict(fields),
        )

    def read(self, body: bytes) -> CompletionBody | Fault:
        """Read an answer that came at once."""
        return read_answer(body)

    def reader(self) -> StreamReader:
        """Make a reader for an answer that comes as a stream."""
        return _ChatStream()


_FORMAT = {"type": "json_schema", "json_schema": {"name": "heuristic", "strict": True, "schema": REPLY_SCHEMA}}


def _turn(message: Message) -> Any:
    return {"role": message.role, "content": message.content}


class _ChatStream:
    """Puts a chat completion together from its chunks.

    What comes after a chunk that cannot be read is no continuation of what came before it; only its counts are of use.
    """

    def __init__(self) -> None:
        self.pieces = 0
        self._choices: dict[int, _Choice] = {}
        self._model: Any = None
        self._usage: Any = None
        self._error: Any = None
        self._done = self._damaged = False

    def take(self, said: str) -> None:
        if said.strip() == END_OF_STREAM:
            self._done = True
            return
        chunk = lenient_json(said)
        if not isinstance(chunk, dict):
            self._damaged = True
            return
        self._model = self._model or chunk.get("model")
        self._usage = chunk.get("usage") or self._usage
        self._error = chunk.get("error") or self._error
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict) and not self._damaged:
                index = choice.get("index")
                known = self._choices.setdefault(index if isinstance(index, int) else 0, _Choice())
                self.pieces += known.add(choice)
                self._error = choice.get("error") or self._error

    @property
    def answer(self) -> CompletionBody:
        ordered = [choice for _, choice in sorted(self._choices.items())] or [_Choice()]
        finished = [choice for choice in ordered if choice.finish is not None]
        choices = [choice.whole_message for choice in finished or ordered]
        choices[0]["error"] = self._error
        return answer_of({"model": self._model, "choices": choices, "usage": self._usage, "error": self._error})

    @property
    def whole(self) -> bool:
        if self._damaged:
            return False
        choices = self._choices.values()
        ended_without_a_word = self._done and not self._error and any(choice.texts for choice in choices)
        return ended_without_a_word or any(choice.finish is not None for choice in choices)

    @property
    def fault(self) -> Fault | None:
        return fault_of_error_object(self._error) if self._error else None


class _Choice:
    """One of the replies in a stream, as far as it came."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.finish: str | None = None

    def add(self, chunk: Mapping[str, Any]) -> bool:
        """Add what a chunk says of it; whether that is text."""
        # Some servers send whole messages in place of differences, as they do without a stream.
        delta = chunk.get("delta") or chunk.get("message")
        found = _texts(delta if isinstance(delta, dict) else {}) | _texts({"text": chunk.get("text")})
        for name, text in found.items():
            self.texts.setdefault(name, []).append(text)
        finish = chunk.get("finish_reason")
        self.finish = finish if isinstance(finish, str) and finish else self.finish
        return bool(found)

    @property
    def whole_message(self) -> dict[str, Any]:
        """The choice as an answer in one piece has it."""
        texts = {name: "".join(parts) for name, parts in self.texts.items()}
        return {"message": texts, "text": texts.get("text"), "finish_reason": self.finish}


def _texts(delta: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a difference, parts joined."""
    found: dict[str, str] = {}
    for name in ("content", "refusal", "reasoning_content", "reasoning", "text"):
        value = delta.get(name)
        if isinstance(value, list):  # some servers send parts
            parts = (part if isinstance(part, str) else part.get("text") if isinstance(part, dict) else None for part in value)
            value = "".join(part for part in parts if isinstance(part, str))
        if isinstance(value, str) and value:
            found[name] = value
    return found
