"""The author's yes to a problem folder that a model drafted.

Such a folder has a `draft.json`. Until somebody has looked at its files and said yes, nothing of evoheur imports them; a yes is for the
files as they were, so a changed file needs a new one.
"""

import hashlib
import importlib.machinery
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evoheur.errors import ConfigError

__all__ = [
    "DRAFT_RECORD",
    "approve",
    "digest_of",
    "is_unapproved",
    "read_record",
    "record_text",
    "refuse_unapproved",
    "runnable_files",
]

DRAFT_RECORD = "draft.json"
"""The file beside `problem.py` that says that a model drafted it, what that cost, and which files the author said yes to."""


def runnable_files(folder: Path) -> dict[str, str]:
    """The files of a folder that Python can import, and their SHA-256.

    Args:
        folder: Of a problem.

    Returns:
        Path within the folder → hexadecimal hash, sorted; compiled caches (`__pycache__`) are left out.
    """
    endings = tuple(importlib.machinery.all_suffixes())
    found = (
        path for path in folder.rglob("*") if path.name.endswith(endings) and path.is_file() and "__pycache__" not in path.parts
    )
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(found)}


def digest_of(files: Mapping[str, str]) -> str:
    """One hash of all files, by which an author says which ones were looked at."""
    return hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()[:16]


def read_record(folder: Path) -> dict[str, Any] | None:
    """What `draft.json` holds; None for a folder that no model drafted.

    Raises:
        ConfigError: It cannot be read.
    """
    path = folder / DRAFT_RECORD
    # Unlike Path.is_file, this is False for a folder that may not be looked into.
    if not os.path.isfile(path):  # noqa: PTH113
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read ({error}); repair it, or draft the problem again.") from error
    if not isinstance(found, dict):
        raise ConfigError(f"{path} holds no record of a draft; repair it, or draft the problem again.")
    return found


def record_text(record: Mapping[str, Any]) -> str:
    """The text of `draft.json`."""
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def is_unapproved(folder: Path) -> bool:
    """Whether a model drafted the folder and nobody said yes to its files as they are now.

    Raises:
        ConfigError: The record cannot be read.
    """
    record = read_record(folder)
    return record is not None and record.get("approved") != digest_of(runnable_files(folder))


def refuse_unapproved(folder: Path) -> None:
    """See that the files of a folder may be imported.

    Raises:
        ConfigError: A model drafted them, and nobody said yes to them as they are now.
    """
    if not is_unapproved(folder):
        return
    before = (
        "its files have changed since its author said yes"
        if (read_record(folder) or {}).get("approved")
        else "nobody has said yes"
    )
    raise ConfigError(
        f"{str(folder)!r} was drafted by a model, and {before}, so nothing of it is run outside the jail. Read its files, and then: "
        f"evoheur problems approve {folder}"
    )


def approve(folder: Path, digest: str) -> None:
    """Record the author's yes.

    Args:
        folder: A drafted problem.
        digest: Of the files that the author looked at, as `digest_of` told it then.

    Raises:
        ConfigError: No model drafted it, or the files are others by now.
    """
    record = read_record(folder)
    if record is None:
        raise ConfigError(f"{str(folder)!r} has no {DRAFT_RECORD}, so no model drafted it; it needs no yes.")
    now = digest_of(runnable_files(folder))
    if digest != now:
        raise ConfigError(f"The files in {str(folder)!r} have the hash {now}, not {digest}: they changed; look at them again.")
    (folder / DRAFT_RECORD).write_text(record_text({**record, "approved": now}), encoding="utf-8")
