"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from evoheur.api.archives import ARCHIVE_VARIABLE, DEFAULT_ARCHIVE, archive_option_for, suggest

__all__ = [
    "DEFAULT_ARCHIVE",
    "ArchiveOfConfig",
    "ArchiveUrl",
    "AsJson",
    "ConfigArgument",
    "InRun",
    "LogFile",
    "MaybeRun",
    "Overrides",
    "OwnInstances",
    "ProblemSettings",
    "Quiet",
    "Splits",
    "archive_option_for",
    "suggest",
]

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
ConfigArgument = Annotated[
    str,
    typer.Argument(
        metavar="CONFIG",
        help="Name of a configuration that ships with evoheur (`evoheur configs` lists them), or the path of a file, which ends in "
        ".yaml or has a slash.",
    ),
]
Overrides = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a setting: a.b=value; may be repeated.")
]
ArchiveOfConfig = Annotated[
    str | None,
    typer.Option("--archive", envvar=ARCHIVE_VARIABLE, metavar="URL", help="Database, in place of the file's.", show_envvar=True),
]
LogFile = Annotated[Path | None, typer.Option("--log", metavar="FILE", help="Append every event to FILE as a line of JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show nothing but errors.")]
