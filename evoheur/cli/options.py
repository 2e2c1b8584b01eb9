"""Options and arguments that several commands share."""

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from evoheur.archive.database import shown

__all__ = [
    "ARCHIVE_VARIABLE",
    "DEFAULT_ARCHIVE",
    "ArchiveUrl",
    "AsJson",
    "InRun",
    "MaybeRun",
    "OwnInstances",
    "ProblemSettings",
    "Splits",
    "archive_option_for",
    "suggest",
]

DEFAULT_ARCHIVE = "sqlite:///runs/evoheur.db"
ARCHIVE_VARIABLE = "EVOHEUR_ARCHIVE"

ArchiveUrl = Annotated[
    str, typer.Option("--archive", envvar=ARCHIVE_VARIABLE, metavar="URL", help="Database with the runs.", show_envvar=True)
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
MaybeRun = Annotated[str | None, typer.Argument(metavar="RUN", help="Name of a run; the latest one if left out.")]
InRun = Annotated[str | None, typer.Option("--run", metavar="RUN", help="Run that a bare candidate number belongs to.")]
ProblemSettings = Annotated[
    list[str] | None, typer.Option("--setting", metavar="KEY=VALUE", help="A setting of the problem; may be repeated.")
]
OwnInstances = Annotated[
    Path | None,
    typer.Option("--instances", metavar="PATH", help="Your own instances: a file or a folder that the problem reads."),
]
Splits = Annotated[
    list[str] | None,
    typer.Option("--split", metavar="SPLIT", help="train, validation or test; may be repeated, by default all three."),
]


def archive_option_for(url: str) -> str:
    """What a suggested command needs to find this archive: "--archive URL" for a shell, or nothing where it is the default.

    Args:
        url: A password in it is masked.
    """
    known = os.environ.get(ARCHIVE_VARIABLE) or DEFAULT_ARCHIVE
    return "" if url == known else f"--archive {shlex.quote(shown(url))}"


def suggest(words: str, url: str) -> str:
    """A command on an archive as messages name it: "`evoheur resume NAME --archive URL`".

    Args:
        words: The command without "evoheur".
        url: Where the archive is.
    """
    return f"`{' '.join(filter(None, ['evoheur', words, archive_option_for(url)]))}`"
