"""Files of recordings: JSONL with a header, and a line for every request of the run.

They hold all that a replay needs: replies, the order of asks and tells, and the configuration.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, ValidationError

from evoheur.errors import ConfigError
from evoheur.generation.key_guard import without_keys
from evoheur.generation.recording import RecordedRequest, Recording, RecordingOrigin
from evoheur.request import Completion, Failure, Message, RequestKind, Usage

__all__ = ["is_recording", "read_origin", "read_recording", "write_recording"]

_FORMAT = "evoheur-recording/1"
_STEM = _FORMAT.partition("/")[0]
ModelT = TypeVar("ModelT", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Header(_Part):
    format: Literal["evoheur-recording/1"]
    run: str
    seed: int
    problem: str
    problem_hash: str
    prompts_hash: str
    evoheur_version: str
    reason: str
    config: dict[str, Any]


class _Turn(_Part):
    role: Literal["system", "user", "assistant"]
    content: str


class _Reply(_Part):
    text: str
    model: str
    finish: str
    usage: Usage


class _Failed(_Part):
    reason: str
    detail: str
    attempts: NonNegativeInt


class _Line(_Part):
    request: PositiveInt
    asked: PositiveInt
    told: PositiveInt | None = None
    operator: str
    kind: RequestKind
    fingerprint: str
    prompt: str = ""
    messages: list[_Turn] = []
    reply: _Reply | None = None
    failure: _Failed | None = None

    def recorded(self) -> RecordedRequest:
        """The request on this line."""
        reply, failed = self.reply, self.failure
        return RecordedRequest(
            number=self.request,
            asked=self.asked,
            told=self.told,
            operator=self.operator,
            kind=self.kind,
            fingerprint=self.fingerprint,
            prompt=self.prompt,
            messages=tuple(Message(role=turn.role, content=turn.content) for turn in self.messages),
            completion=None
            if reply is None
            else Completion(text=reply.text, model=reply.model, usage=reply.usage, finish=reply.finish),
            failure=None
            if failed is None
            else Failure(stage="generation", reason=failed.reason, detail=failed.detail, attempts=failed.attempts),
        )


def is_recording(path: Path) -> bool:
    """Whether a file begins with the header of a recording, of any version.

    Raises:
        ConfigError: It cannot be read.
    """
    first = next((line for line in _lines(path) if line.strip()), "")
    try:
        header = json.loads(first)
    except ValueError:
        return False
    return isinstance(header, Mapping) and str(header.get("format", "")).startswith(f"{_STEM}/")


def read_origin(path: Path) -> RecordingOrigin:
    """Where a recording comes from.

    Raises:
        ConfigError: The file cannot be read, or is no recording of a version that is known.
    """
    header = _parsed(_Header, path, 1, _lines(path)[0])
    return RecordingOrigin(**header.model_dump(exclude={"format"}))


def read_recording(path: Path) -> Recording:
    """Read a recording.

    Raises:
        ConfigError: The file cannot be read, or a line is not of this form; names the line and what is wrong with it.
    """
    origin = read_origin(path)
    requests = [
        _parsed(_Line, path, number, text) for number, text in enumerate(_lines(path), start=1) if number > 1 and text.strip()
    ]
    if len({line.request for line in requests}) < len(requests):
        raise ConfigError(f"{path} has two requests of one number; export the recording again.")
    places = [place for line in requests for place in (line.asked, line.told) if place is not None]
    if len(set(places)) < len(places) or any(line.told is not None and line.told <= line.asked for line in requests):
        raise ConfigError(f"{path} has two asks or tells in one place, or a tell before its ask; export the recording again.")
    ordered = sorted(requests, key=lambda line: line.asked)
    return Recording(
        source=str(path), requests=tuple(line.recorded() for line in ordered), end=origin.reason, prompts_hash=origin.prompts_hash
    )


def write_recording(
    path: Path, recording: Recording, origin: RecordingOrigin, *, whole_prompts: bool = True, secrets: Sequence[str] = ()
) -> None:
    """Write a recording that `read_recording` reads.

    An existing file is replaced, and half a surrogate pair becomes U+FFFD.

    Args:
        path: The file.
        recording: Of the run.
        origin: Facts of the run.
        whole_prompts: Whether prompts are written, and not their hashes only.
        secrets: Texts, such as keys, that must not get into the file.

    Raises:
        ConfigError: The file cannot be written.
    """
    lines = [{"format": _FORMAT, **asdict(origin)}]
    lines += [_line(request, whole_prompts=whole_prompts) for request in recording.requests]
    text = "".join(json.dumps(_fit(line, secrets)) + "\n" for line in lines)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(path)!r} cannot be written ({error.strerror}); name a file that you may write.") from error


def _line(request: RecordedRequest, *, whole_prompts: bool) -> dict[str, Any]:
    line: dict[str, Any] = {
        "request": request.number,
        "asked": request.asked,
        "told": request.told,
        "operator": request.operator,
        "kind": request.kind.value,
        "fingerprint": request.fingerprint,
    }
    if request.prompt:
        line["prompt"] = request.prompt
    if whole_prompts and request.messages:
        line["messages"] = [{"role": message.role, "content": message.content} for message in request.messages]
    if request.completion is not None:
        reply = request.completion
        line["reply"] = {"text": reply.text, "model": reply.model, "finish": reply.finish, "usage": asdict(reply.usage)}
    if request.failure is not None:
        failed = request.failure
        detail = without_keys(failed.detail, also_alike=True)
        line["failure"] = {"reason": failed.reason, "detail": detail, "attempts": failed.attempts}
    return line


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The recording {path} cannot be read ({error}); give the path of a JSONL file.") from error


def _parsed(model: type[ModelT], path: Path, number: int, text: str) -> ModelT:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "line"
        raise ConfigError(
            f"{path}:{number}: {where}: {first['msg']}; a recording begins with a header of format {_FORMAT!r}, and every other line is a "
            "request, as `evoheur record export` writes them."
        ) from error


def _fit(value: Any, secrets: Sequence[str]) -> Any:
    """The same without secrets, and without half surrogate pairs, which UTF-8 cannot hold."""
    if isinstance(value, str):
        return without_keys(value, secrets).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {key: _fit(inner, secrets) for key, inner in value.items()}
    return [_fit(inner, secrets) for inner in value] if isinstance(value, list | tuple) else value
