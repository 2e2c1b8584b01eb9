"""The generator `recorded`: the replies of an earlier run.

For the same search again without a model, or another evaluation of the same replies.
"""

import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError, model_validator

from evoheur.errors import ConfigError, GenerationError, GeneratorRefused
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext, RecordedReply
from evoheur.request import Completion, Message, Request, Usage

__all__ = ["PATIENCE", "RecordedConfig", "RecordedGenerator", "read_replies", "write_replies"]

PATIENCE = 100
"""So many prompts in a row without a recorded reply stop the run: a failed request is no evaluation, so no budget might ever stop it."""


class RecordedConfig(GeneratorConfig):
    """Replies from an earlier run in the same archive, or from a file."""

    kind: Literal["recorded"] = "recorded"
    run: str | None = None
    """Name of the run whose replies are replayed."""
    path: Path | None = None
    """JSONL file of replies, as `write_replies` makes it."""

    @model_validator(mode="after")
    def _has_one_source(self) -> "RecordedConfig":
        if (self.run is None) == (self.path is None):
            raise ValueError(
                "the recorded generator needs exactly one of `run` (name of an earlier run) and `path` (a JSONL file)"
            )
        return self

    def build(self, context: GeneratorContext) -> "RecordedGenerator":
        """Read the replies.

        Raises:
            ConfigError: There are none, or the file cannot be read.
            ArchiveError: The archive has no such run.
        """
        if self.path is not None:
            source, replies = str(self.path), list(read_replies(self.path))
        else:
            source, replies = f"run {self.run!r}", list(context.replies(self.run or ""))
        if not replies:
            raise ConfigError(f"{source} holds no replies to replay; name another run or file.")
        return RecordedGenerator(replies, source=source, answered=context.answered)


class RecordedGenerator(Generator):
    """Generator that answers prompts as they were answered before.

    Equal prompts get their replies in the order of recording.

    Args:
        replies: The recording.
        source: Names it in messages.
        answered: Prompts whose replies were used up before, so that a resumed run goes on where it was.
    """

    def __init__(self, replies: Iterable[RecordedReply], *, source: str, answered: Iterable[Sequence[Message]] = ()) -> None:
        self._source = source
        self._missed = 0
        self._replies: dict[str, deque[Completion]] = defaultdict(deque)
        for reply in replies:
            self._replies[_key(reply.messages)].append(reply.completion)
        for messages in answered:
            if used := self._replies.get(_key(messages)):
                used.popleft()

    @property
    def online(self) -> bool:
        """True, since a model wrote these replies.

        Their code is as hostile as it was when they were fresh.
        """
        return True

    async def complete(
        self,
        messages: Sequence[Message],
        request: Request,
        *,
        seed: int,  # noqa: ARG002 - what was answered is found by the prompt
    ) -> Completion:
        """Answer one prompt.

        Text, model, finish and tokens are as recorded, so that runs can be compared at equal tokens; price and time are not, because
        nothing is paid and nobody waits now.

        Raises:
            GenerationError: No reply to this prompt is left.
            GeneratorRefused: The last `PATIENCE` prompts had none.
        """
        recorded = self._replies.get(_key(messages))
        if not recorded:
            self._missed += 1
            raise self._missing(request.operator, known=recorded is not None)
        self._missed = 0
        reply = recorded.popleft()
        return Completion(text=reply.text, model=reply.model, usage=reply.usage, finish=reply.finish)

    def _missing(self, operator: str, *, known: bool) -> GenerationError | GeneratorRefused:
        advice = "Replay with the recorded run's problem, strategy, prompts and seed and one request in flight, or record again."
        if self._missed >= PATIENCE:
            return GeneratorRefused(
                f"{self._source} held no reply to the last {self._missed} prompts: it is not of this run. {advice}"
            )
        return GenerationError(
            f"{self._source} holds no {'further ' if known else ''}reply to this {operator!r} prompt. {advice}",
            reason="not-recorded",
        )

    async def close(self) -> None:
        """Nothing to release."""


def _key(messages: Sequence[Message]) -> str:
    return hashlib.sha256(json.dumps([[message.role, message.content] for message in messages]).encode()).hexdigest()


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
        lines = path.read_text(encoding="utf-8").split("\n")
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
                usage=Usage(prompt_tokens=line.prompt_tokens, completion_tokens=line.completion_tokens, estimated=line.estimated),
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
                "estimated": reply.completion.usage.estimated,
            }
        )
        for reply in replies
    ]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return len(lines)


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
