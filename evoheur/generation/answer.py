"""What we need of a chat completion as servers send it, and forgiving about the rest."""

from typing import Any

from pydantic import BaseModel, NonNegativeInt, ValidationError

from evoheur.generation.faults import Fault, fault_of_error_object

__all__ = ["Answer", "read_answer"]


class _Message(BaseModel):
    content: str | list[Any] | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _PromptDetails(BaseModel):
    cached_tokens: NonNegativeInt | None = None


class _Counted(BaseModel):
    prompt_tokens: NonNegativeInt
    completion_tokens: NonNegativeInt
    prompt_tokens_details: _PromptDetails | None = None

    @property
    def cached_tokens(self) -> int:
        return (self.prompt_tokens_details and self.prompt_tokens_details.cached_tokens) or 0


class Answer(BaseModel):
    """A body of status 200."""

    model: str | None = None
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
        """The tokens as the server counted them; None if it did not, or not in a form we know."""
        try:
            return _Counted.model_validate(self.usage)
        except ValidationError:
            return None


def read_answer(body: bytes) -> Answer | Fault:
    """Read the body of an answer with status 200; HTML, cut JSON, error objects and empty shells are faults.

    Args:
        body: As it came.
    """
    try:
        answer = Answer.model_validate_json(body)
    except ValidationError:
        return Fault(reason="bad-reply", message=f"the answer is no chat completion: {body[:120].decode('utf-8', 'replace')!r}")
    if answer.error:
        return fault_of_error_object(answer.error)
    if not answer.choices:
        return Fault(reason="bad-reply", message="the answer holds no choices")
    if not answer.text and not answer.finish:
        return Fault(reason="bad-reply", message="the answer holds neither text nor a finish_reason")
    return answer
