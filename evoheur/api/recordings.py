"""Recordings of runs: taking them elsewhere, and repeating them without a model."""

import copy
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evoheur.api.archives import archive_address, open_archive
from evoheur.api.configurations import Changes
from evoheur.api.discover import Looking, discover
from evoheur.api.result import Result
from evoheur.archive.archive import Archive
from evoheur.archive.connection import shown
from evoheur.archive.records import RunRecord
from evoheur.documents.run_document import without_passwords
from evoheur.errors import ConfigError
from evoheur.generation.key_guard import named_secrets
from evoheur.generation.recording import RecordingOrigin
from evoheur.generation.recording_file import read_origin, read_recording, write_recording
from evoheur.run.recorded_run import log_of, recording_of

__all__ = ["export_recording", "import_recording", "replay"]

_OF_ITS_PLACE = ("name", "archive", "plugins", "observers", "generator")
_RECORDED = "recorded"


def export_recording(
    run: str,
    file: Path,
    *,
    archive: str | Path | None = None,
    whole_prompts: bool = True,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Write the recording of a run into a file, by which it can be repeated elsewhere.

    The file has the replies, the order of asks and tells, and the configuration without the generator. Keys that the configuration names by
    an environment variable, and passwords of addresses, are taken out of all texts.

    Args:
        run: Its name.
        file: JSONL; replaced if it is there.
        archive: As for `evoheur.open_archive`.
        whole_prompts: Whether prompts are written, and not their hashes only, which do for a replay.
        environ: Environment variables.

    Returns:
        How many replies it has.

    Raises:
        ArchiveError: There is no such archive or run.
        ConfigError: The run has no replies, or the file cannot be written.
    """
    with open_archive(archive) as opened:
        record, recording = opened.run(run), recording_of(opened, run, whole_prompts=whole_prompts)
    if not recording.replies:
        raise ConfigError(f"Run {run!r} has no replies to record.")
    secrets = named_secrets(record.config, environ)
    write_recording(file, recording, _origin(record), whole_prompts=whole_prompts, secrets=secrets)
    return len(recording.replies)


def import_recording(file: Path, *, archive: str | Path | None = None, name: str | None = None) -> str:
    """Store the recording in a file as a run, which `replay` repeats.

    It has the requests and replies, and no candidates: those are evaluated when it is replayed.

    Args:
        file: As `export_recording` writes it.
        archive: A URL, a `Path` to an SQLite file, or None for $EVOHEUR_ARCHIVE, else runs/evoheur.db; made if it is not there.
        name: Of the run; None for the name that it had.

    Returns:
        The name of the run.

    Raises:
        ConfigError: The file is no recording.
        ArchiveError: The archive cannot be used, or has a run of that name.
    """
    origin, recording = read_origin(file), read_recording(file)
    named = name or origin.run
    with Archive.open(archive_address(archive), create=True) as opened:
        config = {**origin.config, "archive": shown(opened.url), "generator": {"kind": _RECORDED, "run": named}}
        record = opened.create_run(
            name=named,
            config=config,
            seed=origin.seed,
            problem=origin.problem,
            problem_hash=origin.problem_hash,
            prompts_hash=origin.prompts_hash,
            evoheur_version=origin.evoheur_version,
        )
        opened.import_log(record.id, log_of(recording), reason=origin.reason)
    return named


def replay(
    run: str,
    changes: Changes = (),
    *,
    archive: str | Path | None = None,
    name: str | None = None,
    observers: Sequence[Looking] = (),
    on_interrupt: Callable[[], None] | None = None,
) -> Result:
    """Repeat a run without a model, as a new run with its configuration.

    Requests are asked and outcomes told in the recorded order, so that the new run has the same rows, however many requests were in flight
    and whatever finishes first.

    Args:
        run: Its name.
        changes: As for `evoheur.discover`.
        archive: Where it is, and where the new run goes, as for `evoheur.resume`.
        name: Of the new run; None for that of the old one, "replay" and a number.
        observers: As for `evoheur.discover`.
        on_interrupt: As for `evoheur.discover`.

    Raises:
        ArchiveError: There is no such archive or run.
        EvoheurError: As for `evoheur.discover`.
    """
    url = archive_address(archive)
    with open_archive(url) as opened:
        settings: dict[str, Any] = copy.deepcopy(dict(opened.run(run).config))
    settings.update(generator={"kind": _RECORDED, "run": run}, name=None)
    return discover(
        settings, changes, archive=url, name=name, stem=f"{run}-replay", observers=observers, on_interrupt=on_interrupt
    )


def _origin(record: RunRecord) -> RecordingOrigin:
    config = {key: value for key, value in record.config.items() if key not in _OF_ITS_PLACE}
    return RecordingOrigin(
        run=record.name,
        seed=record.seed,
        problem=record.problem,
        problem_hash=record.problem_hash,
        prompts_hash=record.prompts_hash,
        evoheur_version=record.evoheur_version,
        reason=record.reason,
        config=without_passwords(config),
    )
