"""Files of replies, JSONL: one object a line with messages, text and model."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from evoheur.errors import ConfigError
from evoheur.generation.generator import RecordedReply
from evoheur.request import Completion, Message, Usage

__all__ = ["read_replies", "write_replies"]


class _Turn(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    role: Literal["system", "user", "assistant"]
    content: str


class _Line(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    messages: Annotated[list[_Turn], Field(min_length=1)]
    text: str
    model: str
    finish: str = "stop"
    prompt_tokens: NonNegativeInt = 0
    completion_tokens: NonNegativeInt = 0
    cached_tokens: NonNegativeInt = 0
    reasoning_tokens: NonNegativeInt = 0
    estimated: bool = False


def read_replies(path: Path) -> Iterable[RecordedReply]:
    """Read a recording.

    JSONL, one object per line with messages, text, model, and optionally finish and tokens. Blank lines are skipped.

    Args:
        path: The file.

    Raises:
        ConfigError: The file cannot be read, or a line is not of this form; names the line and what is wrong with it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The recording {path} cannot be read ({error}); give the path of a JSONL file.") from error
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            line = _Line.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "line"
            raise ConfigError(
                f"{path}:{number}: {where}: {first['msg']}; every line must be an object with messages, text and model."
            ) from error
        yield RecordedReply(
            messages=tuple(Message(role=turn.role, content=turn.content) for turn in line.messages),
            completion=Completion(
                text=line.text,
                model=line.model,
                usage=Usage(
                    prompt_tokens=line.prompt_tokens,
                    completion_tokens=line.completion_tokens,
                    cached_tokens=line.cached_tokens,
                    reasoning_tokens=line.reasoning_tokens,
                    estimated=line.estimated,
                ),
                finish=line.finish,
            ),
        )


def write_replies(path: Path, replies: Iterable[RecordedReply]) -> int:
    """Write a recording that `read_replies` reads.

    An existing file is replaced, and half a surrogate pair becomes U+FFFD.

    Args:
        path: The file.
        replies: In the order they are to be replayed.

    Returns:
        How many were written.
    """
    lines = [
        json.dumps(
            {
                "messages": [{"role": message.role, "content": _whole(message.content)} for message in reply.messages],
                "text": _whole(reply.completion.text),
                "model": _whole(reply.completion.model),
                "finish": _whole(reply.completion.finish),
                "prompt_tokens": reply.completion.usage.prompt_tokens,
                "completion_tokens": reply.completion.usage.completion_tokens,
                "cached_tokens": reply.completion.usage.cached_tokens,
                "reasoning_tokens": reply.completion.usage.reasoning_tokens,
                "estimated": reply.completion.usage.estimated,
            }
        )
        for reply in replies
    ]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return len(lines)


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
