"""`evoheur run` and `evoheur resume`."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from evoheur.archive import schema
from evoheur.archive.archive import Archive
from evoheur.archive.database import shown
from evoheur.archive.records import RunRecord
from evoheur.cli.changes import changed_config
from evoheur.cli.dry import rehearse
from evoheur.cli.options import ARCHIVE_VARIABLE, DEFAULT_ARCHIVE, ArchiveUrl, archive_option_for, suggest
from evoheur.cli.output import make_console, notice, warn_of_compiling
from evoheur.cli.session import carry_out
from evoheur.cli.summary import summarise
from evoheur.errors import ArchiveError
from evoheur.observers.console import ConsoleObserver
from evoheur.observers.jsonl import JsonlObserver
from evoheur.run.assemble import Parts, assemble, check_unchanged, create_run, prepare
from evoheur.run.config import RunConfig, load_config

__all__ = ["has_nothing_to_do", "prepared", "resume", "run", "stem_of"]

_Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a setting: a.b=value; may be repeated.")
]
_LogFile = Annotated[Path | None, typer.Option("--log", metavar="FILE", help="Append every event to FILE as a line of JSON.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show nothing but errors.")]


def run(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="A YAML file, such as configs/quickstart.yaml.")],
    *,
    settings: _Settings = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the run; by default the file's and a number.")] = None,
    archive: Annotated[
        str | None,
        typer.Option(
            "--archive", envvar=ARCHIVE_VARIABLE, metavar="URL", help="Database, in place of the file's.", show_envvar=True
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, show the first prompt, write nothing.")] = False,
    log: _LogFile = None,
    quiet: _Quiet = False,
) -> None:
    """Discover a heuristic as a configuration file says.

    Everything is checked before anything is written or spent. Ctrl-C ends the run in order, and `evoheur resume` goes on with it.
    """
    named = [] if name is None else [f"name={json.dumps(name)}"]
    loaded = load_config(config, [*(settings or ()), *named], notify=notice)
    url = archive or loaded.archive
    with ExitStack() as stack:
        there = schema.check(url).found is not None
        opened = stack.enter_context(Archive.open(url, read_only=dry_run)) if there else None
        if opened is not None and loaded.name is not None:
            _refuse_taken(opened, loaded.name)
        parts = prepared(loaded, url, opened)
        if dry_run:
            rehearse(parts)
            return
        if opened is None:
            opened = stack.enter_context(Archive.open(url, create=True))
        stack.enter_context(_looking_on(parts, url, log=log, quiet=quiet))
        record = create_run(parts, opened, name=loaded.name or opened.fresh_name(stem_of(config)))
        with opened.hold(record.name):
            _discover(parts, opened, record)


def resume(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name of the run; `evoheur runs` lists them.")],
    *,
    settings: _Settings = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    log: _LogFile = None,
    quiet: _Quiet = False,
) -> None:
    """Go on with a run that was stopped, or extend its budget.

    No stored reply is asked for again. Budgets, in_flight, validation, executor, sandbox and generator may be changed.
    """
    with Archive.open(archive) as opened, opened.hold(run):
        record = opened.run(run)
        config = changed_config(record, settings or (), notify=notice)
        if has_nothing_to_do(record, config, opened):
            summarise(opened, record, command_options=archive_option_for(archive), quiet=quiet)
            return
        parts = prepared(config, archive, opened, resumed=run)
        check_unchanged(parts, record)
        opened.update_config(record.id, parts.config.model_dump(mode="json"))
        with _looking_on(parts, archive, log=log, quiet=quiet):
            _discover(parts, opened, opened.run(run))


def prepared(config: RunConfig, url: str, archive: Archive | None, *, resumed: str | None = None) -> Parts:
    """Make and check the parts of a run whose archive is at an address; `prepare` says the rest."""
    # What is stored with the run is the address without a password: secrets stay in the environment and on the command line.
    return prepare(config.model_copy(update={"archive": shown(url)}), environ=os.environ, archive=archive, resumed=resumed)


def has_nothing_to_do(record: RunRecord, config: RunConfig, archive: Archive) -> bool:
    """Whether a run is finished under a configuration too that may have a larger budget, or more to validate."""
    stored: Mapping[str, Any] = record.config.get("validation", {})
    more_to_validate = config.validation.top > int(stored.get("top", 0))
    return record.status == "finished" and not more_to_validate and config.budget.spent(archive.totals(record.id)) is not None


def stem_of(path: Path) -> str:
    """A file's name as the beginning of a run's name, which has letters, digits, dots, underscores and dashes only."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._") or "run"


def _refuse_taken(archive: Archive, name: str) -> None:
    if name in {run.name for run in archive.runs()}:
        again = suggest(f"resume {name}", archive.url)
        raise ArchiveError(f"There is a run {name!r} already; choose another --name, or go on with it: {again}.")


def _discover(parts: Parts, archive: Archive, record: RunRecord) -> None:
    discovery = assemble(parts, archive, record)
    code = carry_out(discovery, go_on=suggest(f"resume {record.name}", archive.url))
    if code or parts.events.unwritten:
        raise typer.Exit(code or 1)


@contextmanager
def _looking_on(parts: Parts, url: str, *, log: Path | None, quiet: bool) -> Iterator[None]:
    with ExitStack() as stack:
        if log is not None:
            parts.events.add(stack.enter_context(JsonlObserver(log)))
        if not quiet:
            warn_of_compiling()
            observer = ConsoleObserver(make_console(), command_options=archive_option_for(url))
            parts.events.add(stack.enter_context(observer))
        yield
