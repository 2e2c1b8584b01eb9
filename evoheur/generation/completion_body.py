"""The parts of a chat completion that evoheur reads.

They are read as servers send them; the rest is forgiven.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from evoheur.generation.api_faults import Fault, Remedy, fault_of_error_object
from evoheur.generation.reported_usage import reported_usage
from evoheur.request import Usage

__all__ = ["CompletionBody", "answer_of", "checked", "json_body", "lenient_json", "no_answer", "read_answer"]

_LONGEST_NAME = 200
_LENIENT = json.JSONDecoder(strict=False)
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


def _part(value: Any) -> str | None:
    return _text(value.get("text")) if isinstance(value, dict) else None


def _choices(value: Any) -> list[Any] | None:
    """The choices that are objects; the reply in one is not to be lost for another."""
    return [choice for choice in value if isinstance(choice, dict)] if isinstance(value, list) else None


_Name = Annotated[str | None, _kept(_name)]


class _Message(BaseModel):
    content: Annotated[str | list[Any] | None, _kept(lambda value: value if isinstance(value, str | list) else _part(value))] = (
        None
    )
    refusal: Annotated[str | None, _kept(_text)] = None
    reasoning_content: Annotated[str | None, _kept(_text)] = None
    reasoning: Annotated[str | None, _kept(_text)] = None  # what some routers call it


class _Choice(BaseModel):
    message: Annotated[_Message, _kept(lambda value: value if isinstance(value, dict) else {})] = Field(default_factory=_Message)
    text: Annotated[str | None, _kept(_text)] = None  # of servers that answer as for plain completions
    finish_reason: _Name = None
    error: Any = None


class CompletionBody(BaseModel):
    """The body of an answer with status 200."""

    model: _Name = None
    choices: Annotated[list[_Choice] | None, _kept(_choices)] = None
    usage: Any = None
    error: Any = None

    @property
    def text(self) -> str:
        """The reply, or the words of a refusal; empty if there are none."""
        choice = (self.choices or [_Choice()])[0]
        content = choice.message.content
        if isinstance(content, list):  # some servers send parts
            content = "".join(part if isinstance(part, str) else _part(part) or "" for part in content)
        return content or choice.message.refusal or choice.text or ""

    @property
    def reasoning(self) -> str:
        """What the model thought aloud, where the server tells it beside the reply; empty if it does not."""
        message = self.choices[0].message if self.choices else _Message()
        return message.reasoning_content or message.reasoning or ""

    @property
    def finish(self) -> str:
        """The server's word for why the reply ended; empty if it gave none."""
        return (self.choices[0].finish_reason if self.choices else None) or ""

    @property
    def choice_error(self) -> Any:
        """What routers say of a reply that their provider broke off."""
        return self.choices[0].error if self.choices else None

    @property
    def apart(self) -> "list[CompletionBody]":
        """An answer for each of its choices that holds a reply; each has the tokens of all."""
        answers = [self.model_copy(update={"choices": [choice]}) for choice in self.choices or ()]
        held = [answer for answer in answers if answer.text or answer.reasoning or answer.finish]
        return [answer for answer in held if answer.finish != "error"] or [self]

    @property
    def counted(self) -> Usage | None:
        """The tokens as the server counted them.

        None if it did not, or not in a form we know.
        """
        return reported_usage(self.usage)


def read_answer(body: bytes) -> CompletionBody | Fault:
    """Read the body of an answer with status 200.

    HTML, cut JSON, error objects and empty shells are faults.

    Args:
        body: As it came.
    """
    answer = _read(body) or _read(_mended(body))
    return no_answer(body) if answer is None else checked(answer)


def no_answer(body: bytes) -> Fault:
    """The fault of a body that is no answer at all."""
    return Fault(reason="bad-reply", message=f"the answer is no chat completion: {body[:120].decode('utf-8', 'replace')!r}")


def checked(answer: CompletionBody) -> CompletionBody | Fault:
    """The answer, or why it is none that can be used.

    What the server counted for it is kept beside the fault.
    """
    fault = _fault_in(answer)
    return answer if fault is None else replace(fault, usage=answer.counted)


def _fault_in(answer: CompletionBody) -> Fault | None:
    if answer.finish == "error":  # the provider broke off; what it sent until then is no reply
        fault = fault_of_error_object(answer.choice_error or answer.error or "finish_reason is 'error'")
        return replace(fault, remedy=Remedy.RETRY) if fault.remedy is Remedy.GIVE_UP else fault
    if answer.error and not answer.text:
        return fault_of_error_object(answer.error)
    if not answer.choices:
        return Fault(reason="bad-reply", message="the answer holds no choices")
    if not answer.text and not answer.reasoning and not answer.finish:
        return Fault(reason="bad-reply", message="the answer holds neither text nor a finish_reason")
    return None


def _read(body: bytes) -> CompletionBody | None:
    try:
        return CompletionBody.model_validate_json(body)
    except ValidationError:
        return None


def _mended(body: bytes) -> bytes:
    """The body with another character for half of one, and read as far as it is JSON.

    What a server cut in two, or sent around its answer, must not cost the rest, which was paid for.
    """
    value = json_body(body)
    return b"" if value is None else _in_whole_characters(value)


def answer_of(value: Any) -> CompletionBody:
    """The answer that a JSON value holds; an empty one where it is no object."""
    return CompletionBody.model_validate_json(_in_whole_characters(value if isinstance(value, dict) else {}))


def _in_whole_characters(value: Any) -> bytes:
    """A JSON value with one character for the two halves of one, and another one for a half alone."""
    text = json.dumps(value, ensure_ascii=False)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def json_body(body: bytes) -> Any:
    """The JSON value that a body begins with, after whatever else; None if it has none."""
    text = body.decode("utf-8", "replace")
    return lenient_json(text[max(0, text.find("{")) :])


def lenient_json(text: str) -> Any:
    """The JSON value that a text begins with; None if it has none."""
    try:
        return _LENIENT.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
