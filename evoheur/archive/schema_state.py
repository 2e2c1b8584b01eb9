"""Finding out a database's schema, and upgrading it.

A new archive gets the tables of the models at once; Alembic's scripts in `migrations` bring older ones there.
"""

import contextlib
import os
import sqlite3
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, select

from evoheur.archive.connection import Mode, absent, connect, read_back, shown, sqlite_file, translated
from evoheur.archive.server_connection import STEP_BY_STEP
from evoheur.archive.tables import Base
from evoheur.errors import ArchiveError

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = [
    "SCRIPTS",
    "VERSION_TABLE",
    "SchemaKind",
    "SchemaState",
    "alembic_config",
    "check",
    "create",
    "migrate",
    "refuse_unusable",
    "upgrade",
]

VERSION_TABLE = "evoheur_revision"
"""Where Alembic keeps the revision; a name of our own tells an archive from other databases that Alembic manages."""

_REVISION = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)
"""As Alembic makes it."""

SCRIPTS = Path(__file__).parent / "migrations"

SchemaKind: TypeAlias = Literal["current", "older", "newer", "absent", "foreign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaState:
    """The schema of a database beside the one that is wanted.

    Attributes:
        kind: "current": ready. "older": an upgrade away, also if empty. "newer": made by a later evoheur. "absent": no such file.
            "foreign": it holds somebody else's tables.
        found: Revision of the database; None if it has none.
        wanted: Revision of this version.
    """

    kind: SchemaKind
    found: str | None
    wanted: str


def alembic_config(connection: Connection | None = None, scripts: Path = SCRIPTS) -> "Config":
    """Alembic's configuration for a folder of scripts and a connection."""
    from alembic.config import Config  # noqa: PLC0415 - takes a tenth of a second, and most programs upgrade nothing

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@cache
def _revisions() -> tuple[str, ...]:
    """All revisions that this version knows, newest first: the numbers in the scripts' names."""
    names = (script.stem for script in (SCRIPTS / "versions").glob("r*_*.py"))
    return tuple(sorted((name.removeprefix("r").split("_")[0] for name in names), reverse=True))


def check(url: str) -> SchemaState:
    """Look at a database's schema without changing anything.

    Raises:
        ArchiveError: It cannot be read.
    """
    file = sqlite_file(url)
    if file is not None and not _can_be_opened(file):
        return SchemaState(kind="absent", found=None, wanted=_revisions()[0])
    engine = connect(url, "ro")
    try:
        with read_back(url), engine.connect() as connection:
            return _state(connection)
    finally:
        engine.dispose()


def _can_be_opened(file: Path) -> bool:
    """Whether there is a file that can be opened.

    ArchiveError if there is something that cannot be read as one.
    """
    try:
        kind = file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise ArchiveError(
            f"The archive {file} cannot be looked at: {error.strerror}; change the permissions, or name another."
        ) from error
    if stat.S_ISDIR(kind):
        raise ArchiveError(f"{file} is a folder; name a file in it, such as sqlite:///{file / 'evoheur.db'}.")
    if not stat.S_ISREG(kind):  # a pipe would be waited for
        raise ArchiveError(f"{file} is no file but a pipe, a socket or a device; name a file, such as sqlite:///runs/evoheur.db.")
    if not os.access(file, os.R_OK):
        raise ArchiveError(f"The archive {file} cannot be read by you; change its permissions, or name another.")
    return True


def _state(connection: Connection) -> SchemaState:
    wanted = _revisions()[0]
    tables = set(inspect(connection).get_table_names())
    found = connection.scalar(select(_REVISION.c.version_num)) if VERSION_TABLE in tables else None
    tables.discard(VERSION_TABLE)
    kind: SchemaKind
    if found is None:
        kind = "foreign" if tables else "older"
    elif found == wanted:
        kind = "current"
    else:
        kind = "older" if found in _revisions() else "newer"
    return SchemaState(kind=kind, found=found, wanted=wanted)


def create(url: str) -> None:
    """Make an archive: the folder, the file and the schema.

    Where there is none, or an empty database.

    Raises:
        ArchiveError: The folder or file cannot be made.
    """
    file = sqlite_file(url)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(f"Cannot make the folder {file.parent}: {error.strerror}; name another archive.") from error
    engine = connect(url, "rwc")
    try:
        with translated(url), engine.begin() as connection:
            empty = not inspect(connection).get_table_names()
            if empty:  # every step of the schema's history would take ten times as long, and end at the same tables
                Base.metadata.create_all(connection, checkfirst=False)
                _REVISION.create(connection)
                connection.execute(_REVISION.insert().values(version_num=_revisions()[0]))
    finally:
        engine.dispose()
    if not empty:
        migrate(url, "rwc")


def upgrade(url: str) -> SchemaState:
    """Bring an existing database to this version's schema.

    In one transaction; harmless if it has that already.

    Returns:
        The state before.

    Raises:
        ArchiveError: There is no database, it is of a later version or of another program, or the upgrade failed; it is unchanged.
    """
    before = check(url)
    if before.kind == "absent":
        raise absent(url)
    refuse_unusable(url, before)
    if before.kind == "older":
        migrate(url, "rw")
        _give_back(sqlite_file(url))
    return before


def _give_back(file: Path | None) -> None:
    """Give the room that an upgrade left free back to the disk.

    A disk without room to work in keeps it in the file, for later rows.
    """
    if file is not None:
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM")


def refuse_unusable(url: str, state: SchemaState) -> None:
    """Refuse a database that no upgrade can make usable."""
    if state.kind == "newer":
        raise ArchiveError(
            f"The archive {shown(url)} has schema {state.found}, which is newer than this evoheur's {state.wanted}; upgrade evoheur."
        )
    if state.kind == "foreign":
        raise ArchiveError(f"{shown(url)} holds the tables of another program, not an archive; name another database.")


def migrate(url: str, mode: Mode, *, scripts: Path = SCRIPTS) -> None:
    """Run the migrations; all of them are kept or none.

    Args:
        url: The database.
        mode: "rwc" makes a file that is not there.
        scripts: Folder with Alembic's environment and the versions.

    Raises:
        ArchiveError: The database cannot be written, or its rows would break the new schema.
    """
    from alembic import command  # noqa: PLC0415 - as above

    engine = connect(url, mode, foreign_keys=False).execution_options(**{STEP_BY_STEP: True})
    try:
        with translated(url), engine.begin() as connection:
            command.upgrade(alembic_config(connection, scripts), "head")
            if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                raise ArchiveError(
                    f"Upgrading {shown(url)} would leave rows of table {broken[0]!r} that refer to nothing; "
                    "it was left as it is. Please report this."
                )
    finally:
        engine.dispose()
