"""Check or upgrade an archive, or copy runs to another."""

from typing import Annotated

import typer

from evoheur import open_archive
from evoheur.api.archives import check_archive, schema_of, shown, upgrade_archive
from evoheur.api.run_filing import copy_runs
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson
from evoheur.cli.terminal.output import make_console, print_json, say, working
from evoheur.documents.machine_document import SchemaDocument
from evoheur.documents.run_document import run_with_best
from evoheur.observers.number_text import count

__all__ = ["SUBCOMMANDS", "check", "copy", "upgrade"]

_Url = Annotated[str | None, typer.Argument(metavar="URL", help="Database with the runs, in place of --archive.")]


def check(url: _Url = None, *, archive: ArchiveUrl = DEFAULT_ARCHIVE, as_json: AsJson = False) -> None:
    """Say whether this version of evoheur can use an archive.

    Exits with 2 if not. Changes nothing.

    Example:
        evoheur db check sqlite:///runs/evoheur.db
    """
    url = url or archive
    if as_json:
        state = schema_of(url)
        print_json(
            SchemaDocument(format="archive-schema/1", url=shown(url), state=state.kind, found=state.found, wanted=state.wanted)
        )
        if state.kind != "current":
            raise typer.Exit(2)
        return
    say(make_console(), f"The archive {shown(url)} is up to date (schema {check_archive(url).found}).")


def upgrade(url: _Url = None, *, archive: ArchiveUrl = DEFAULT_ARCHIVE) -> None:
    """Bring an archive to this version's schema.

    Harmless if it has that already.

    Example:
        evoheur db upgrade sqlite:///runs/evoheur.db
    """
    url = url or archive
    before = upgrade_archive(url)
    if before.kind == "current":
        say(make_console(), f"The archive {shown(url)} was up to date already (schema {before.found}).")
    else:
        say(make_console(), f"The archive {shown(url)} was upgraded from schema {before.found or 'none'} to {before.wanted}.")


def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Database with the runs.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Database to copy them to; made if it is not there.")],
    runs: Annotated[list[str] | None, typer.Argument(metavar="RUN", help="Names of runs; all if left out.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Copy runs from one archive to another.

    Between files and servers, all of them or none. Copies can be resumed and replayed; originals stay. --json writes the copies as
    `evoheur runs` does.

    Example:
        evoheur db copy sqlite:///runs/evoheur.db sqlite:///shared.db quickstart-1
    """
    with working("Copying"):
        copied = copy_runs(source, target, runs or ())
    if as_json:
        with open_archive(target) as opened:
            print_json([run_with_best(run, opened.totals(run.id), opened.chosen(run.name)) for run in copied])
        return
    names = ", ".join(run.name for run in copied)
    say(make_console(), f"Copied {count(len(copied), 'run')} from {shown(source)} to {shown(target)}: {names}.")


SUBCOMMANDS = {"check": check, "upgrade": upgrade, "copy": copy}
