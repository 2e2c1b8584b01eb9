"""`evoheur db`: the schema of an archive."""

import shlex
from typing import Annotated

import typer

from evoheur.archive import schema
from evoheur.archive.database import absent, shown
from evoheur.cli.options import ARCHIVE_VARIABLE, DEFAULT_ARCHIVE, AsJson
from evoheur.cli.output import make_console, print_json, say
from evoheur.documents.machine_document import SchemaDocument
from evoheur.errors import ArchiveError

__all__ = ["app"]

app = typer.Typer(help="Check or upgrade the schema of an archive.")

_Url = Annotated[str, typer.Argument(metavar="URL", envvar=ARCHIVE_VARIABLE, help="Database with the runs.")]


@app.command(epilog="Example: evoheur db check sqlite:///runs/evoheur.db")
def check(url: _Url = DEFAULT_ARCHIVE, *, as_json: AsJson = False) -> None:
    """Say whether this version of evoheur can use an archive; exit 2 if not. Changes nothing."""
    state = schema.check(url)
    if as_json:
        print_json(
            SchemaDocument(format="archive-schema/1", url=shown(url), state=state.kind, found=state.found, wanted=state.wanted)
        )
        if state.kind != "current":
            raise typer.Exit(2)
        return
    schema.refuse_unusable(url, state)
    if state.kind == "absent":
        raise absent(url)
    if state.kind == "older":
        raise ArchiveError(
            f"The archive {shown(url)} has schema {state.found or 'none'}, older than {state.wanted}; "
            f"bring it up to date with `evoheur db upgrade {shlex.quote(shown(url))}`."
        )
    say(make_console(), f"The archive {shown(url)} is up to date (schema {state.found}).")


@app.command(epilog="Example: evoheur db upgrade sqlite:///runs/evoheur.db")
def upgrade(url: _Url = DEFAULT_ARCHIVE) -> None:
    """Bring an archive to the schema of this version of evoheur; harmless if it is."""
    before = schema.upgrade(url)
    if before.kind == "current":
        say(make_console(), f"The archive {shown(url)} was up to date already (schema {before.found}).")
    else:
        say(make_console(), f"The archive {shown(url)} was upgraded from schema {before.found or 'none'} to {before.wanted}.")
