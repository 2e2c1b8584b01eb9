"""The parts of a chat completion that evoheur reads.

They are read as servers send them; the rest is forgiven.
"""

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from evoheur.generation.api_faults import Fault, fault_of_error_object

__all__ = ["MAX_COUNT", "CompletionBody", "read_answer"]

MAX_COUNT = 10**9
"""Most tokens that one reply can have; a server that counts more has not counted, and no database would take the sum."""

_LONGEST_NAME = 200
ItemT = TypeVar("ItemT")


def _kept(fits: Callable[[Any], ItemT | None]) -> BeforeValidator:
    """Validator that drops values of another kind.

    Nothing hangs on them, and the reply beside them was paid for.
    """
    return BeforeValidator(fits)


def _name(value: Any) -> str | None:
    return value[:_LONGEST_NAME] if isinstance(value, str) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    """A count of tokens; some servers write 10.0."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole or (isinstance(value, float) and value.is_integer()):
        return int(value) if 0 <= value <= MAX_COUNT else None
    return None


_Name = Annotated[str | None, _kept(_name)]
_Count = Annotated[int, BeforeValidator(_whole)]


class _Message(BaseModel):
    content: str | list[Any] | None = None
    refusal: Annotated[str | None, _kept(_text)] = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: _Name = None


class _PromptDetails(BaseModel):
    cached_tokens: Annotated[int | None, _kept(_whole)] = None


class _Counted(BaseModel):
    prompt_tokens: _Count
    completion_tokens: _Count
    details: Annotated[_PromptDetails | None, _kept(lambda value: value if isinstance(value, dict) else None)] = Field(
        default=None, alias="prompt_tokens_details"
    )

    @property
    def cached_tokens(self) -> int:
        return (self.details and self.details.cached_tokens) or 0


class CompletionBody(BaseModel):
    """The body of an answer with status 200."""

    model: _Name = None
    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None

    @property
    def text(self) -> str:
        """The reply, or the words of a refusal; empty if there are none."""
        message = (self.choices or [_Choice(message=_Message())])[0].message
        content = message.content
        if isinstance(content, list):  # some servers send parts
            content = "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
        return content or message.refusal or ""

    @property
    def finish(self) -> str:
        """The server's word for why the reply ended; empty if it gave none."""
        return (self.choices[0].finish_reason if self.choices else None) or ""

    @property
    def counted(self) -> _Counted | None:
        """The tokens as the server counted them.

        None if it did not, or not in a form we know.
        """
        try:
            return _Counted.model_validate(self.usage)
        except ValidationError:
            return None


def read_answer(body: bytes) -> CompletionBody | Fault:
    """Read the body of an answer with status 200.

    HTML, cut JSON, error objects and empty shells are faults.

    Args:
        body: As it came.
    """
    answer = _read(body) or _read(_mended(body))
    if answer is None:
        return Fault(reason="bad-reply", message=f"the answer is no chat completion: {body[:120].decode('utf-8', 'replace')!r}")
    if answer.error:
        return fault_of_error_object(answer.error)
    if not answer.choices:
        return Fault(reason="bad-reply", message="the answer holds no choices")
    if not answer.text and not answer.finish:
        return Fault(reason="bad-reply", message="the answer holds neither text nor a finish_reason")
    return answer


def _read(body: bytes) -> CompletionBody | None:
    try:
        return CompletionBody.model_validate_json(body)
    except ValidationError:
        return None


def _mended(body: bytes) -> bytes:
    """The body with another character for half of one.

    What a server cut in two must not cost the rest, which was paid for.
    """
    try:
        return json.dumps(json.loads(body.decode("utf-8", "replace")), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return b""
