"""Recordings of runs in an archive: reading them, and what is stored of one that comes from a file."""

from contextlib import closing
from dataclasses import replace

from evoheur.archive.extent import Extent
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import Asked, RunRecord, Told
from evoheur.generation.recording import RecordedRequest, Recording, prompt_hash
from evoheur.request import Failure, Message

__all__ = ["is_imported", "log_of", "recording_of"]

_HASHED = "sha256:"
_HEX_DIGITS = 64
_WITHOUT_RESULTS = Extent(results=False)
_ELSEWHERE = Failure(
    stage="parsing", reason="imported", detail="evaluated where it was recorded; `evoheur record replay` does it here", attempts=0
)


def is_imported(run: RunRecord) -> bool:
    """Whether a run is a recording that came from a file.

    It repeats itself, and nothing of it was evaluated here.
    """
    generator = run.config.get("generator", {})
    return bool(generator.get("kind") == "recorded" and generator.get("run") == run.name)


def recording_of(archive: ArchiveReader, run_name: str, *, whole_prompts: bool = False) -> Recording:
    """The recording of a run.

    Args:
        archive: Has the run.
        run_name: Its name.
        whole_prompts: Whether it is to have prompts, and not their hashes only, which do for a replay and take far less memory.

    Raises:
        ArchiveError: There is no such run.
    """
    run = archive.run(run_name)
    requests: dict[int, RecordedRequest] = {}
    with closing(archive.entries(run.id, _WITHOUT_RESULTS)) as log:
        for entry in log:
            if isinstance(entry, Asked):
                asked = _asked(entry)
                requests[entry.number] = asked if whole_prompts else replace(asked, messages=())
                continue
            failed = entry.outcome if isinstance(entry.outcome, Failure) and entry.outcome.stage == "generation" else None
            requests[entry.asked.number] = replace(requests[entry.asked.number], told=entry.sequence, failure=failed)
    return Recording(source=f"run {run_name!r}", requests=tuple(requests.values()), end=run.reason, prompts_hash=run.prompts_hash)


def _in_place_of(prompt: str) -> tuple[Message, ...]:
    """What an archive holds where only the hash of a prompt is known; nothing where there was none."""
    return (Message(role="system", content=f"{_HASHED}{prompt}"),) if prompt else ()


def _asked(entry: Asked) -> RecordedRequest:
    content = entry.messages[0].content if len(entry.messages) == 1 else ""
    hashed = content.removeprefix(_HASHED)
    is_hash = content.startswith(_HASHED) and len(hashed) == _HEX_DIGITS
    return RecordedRequest(
        number=entry.number,
        asked=entry.sequence,
        told=None,
        operator=entry.operator,
        kind=entry.kind,
        fingerprint=entry.fingerprint,
        prompt=hashed if is_hash else prompt_hash(entry.messages),
        messages=() if is_hash else entry.messages,
        completion=entry.completion if entry.kind.asks_model else None,
    )


def log_of(recording: Recording) -> list[Asked | Told]:
    """The log of a recording, for an archive.

    Of its outcomes only failures to reply are known there, all others are to be replayed.
    """
    log: list[Asked | Told] = []
    for request in recording.requests:
        asked = Asked(
            id=request.number,
            number=request.number,
            sequence=request.asked,
            operator=request.operator,
            kind=request.kind,
            fingerprint=request.fingerprint,
            messages=request.messages or _in_place_of(request.prompt),
            completion=request.completion,
        )
        log.append(asked)
        if request.told is not None:
            log.append(Told(asked=asked, sequence=request.told, outcome=request.failure or _ELSEWHERE))
    return sorted(log, key=lambda entry: entry.sequence)
