"""Check or upgrade the schema of an archive."""

from typing import Annotated

import typer

from evoheur.api.archives import check_archive, schema_of, shown, upgrade_archive
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson
from evoheur.cli.terminal.output import make_console, print_json, say
from evoheur.documents.machine_document import SchemaDocument

__all__ = ["SUBCOMMANDS", "check", "upgrade"]

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


SUBCOMMANDS = {"check": check, "upgrade": upgrade}
