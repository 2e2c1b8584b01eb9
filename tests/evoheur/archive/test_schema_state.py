"""New archives and migrated ones: one schema, that of the models, and safe on what is not theirs."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from evoheur.archive.archive import Archive
from evoheur.archive.connection import connect
from evoheur.archive.migrations.__main__ import draft
from evoheur.archive.records import Asked
from evoheur.archive.schema_state import SCRIPTS, VERSION_TABLE, SchemaState, alembic_config, check, create, migrate, upgrade
from evoheur.archive.server_connection import STEP_BY_STEP
from evoheur.archive.tables import Base
from evoheur.errors import ArchiveError
from evoheur.request import Request
from tests.evoheur.archive.support.made_up import MESSAGES, new_run
from tests.evoheur.archive.support.story import AUDITED, NAME, NOTE, OUTAGE, SOLUTIONS, TAGS, VALIDATION, tell_story

ARCHIVES = sorted((Path(__file__).parents[2] / "data" / "archives").glob("*.db"))
HEAD = "0012"


def shape(connection: Connection) -> dict[str, Any]:
    """All that SQLite says of its tables, in no particular order; check constraints too, which Alembic does not compare."""
    found = inspect(connection)
    parts: dict[str, Callable[[str], Any]] = {
        "columns": lambda table: [{**column, "type": str(column["type"])} for column in found.get_columns(table)],
        "primary key": found.get_pk_constraint,
        "foreign keys": found.get_foreign_keys,
        "unique": found.get_unique_constraints,
        "checks": found.get_check_constraints,
        "indexes": found.get_indexes,
    }
    return {
        f"{table}: {name}": sorted(map(str, read(table))) if name != "primary key" else str(read(table))
        for table in found.get_table_names()
        for name, read in parts.items()
    }


@pytest.fixture
def new(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new.db'}"


def test_a_new_archive_and_a_migrated_one_have_the_schema_of_the_models(url: str, new: str) -> None:
    """By Alembic's comparison, and by SQLite's own account of every constraint."""
    create(new)
    migrate(url, "rwc")
    engines = [connect(url, "ro"), connect(new, "ro")]
    with engines[0].connect() as migrated, engines[1].connect() as made:
        for connection in (migrated, made):
            context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
            assert compare_metadata(context, Base.metadata) == []
            assert context.get_current_revision() == HEAD
        assert shape(migrated) == shape(made)
    for engine in engines:
        engine.dispose()


def test_on_a_server_too_a_new_archive_and_a_migrated_one_have_the_schema_of_the_models(own_database: str) -> None:
    """Step by step from nothing; and the newest step with rows that are there before it."""
    migrate(own_database, "rwc")
    engine = connect(own_database, "rw")
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == HEAD
    with Archive.open(own_database) as archive:
        told = tell_story(archive)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE run_event")
        connection.exec_driver_sql("ALTER TABLE request DROP COLUMN told_seconds")
        connection.exec_driver_sql("UPDATE evoheur_revision SET version_num = '0011'")
    engine.dispose()
    assert upgrade(own_database).kind == "older"
    with Archive.open(own_database) as archive:
        assert len(archive.log(archive.run(NAME).id)) == len(told)
        assert archive.record_event(archive.run(NAME).id, OUTAGE) == archive.run_events(archive.run(NAME).id)[-1].id


def test_prompts_that_a_server_has_are_packed_and_later_ones_beside_them(own_database: str) -> None:
    engine = connect(own_database, "rw").execution_options(**{STEP_BY_STEP: True})
    asked = "INSERT INTO request (run_id, number, operator, produces, asked_seq, fingerprint, messages) VALUES"
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0008")
        connection.exec_driver_sql("INSERT INTO run VALUES (1, 'old', now(), 1, 'p', '', '', '0', 'unfinished', '', '{}')")
        for number in (1, 2, 3):
            prompt = json.dumps([{"role": "user", "content": f"prompt {number}"}])
            connection.exec_driver_sql(f"{asked} (1, {number}, 'e1', 'heuristic', {number}, '', '{prompt}')")
        connection.exec_driver_sql("SELECT setval(pg_get_serial_sequence('run', 'id'), 1)")
    engine.dispose()
    assert upgrade(own_database).found == "0008"
    with Archive.open(own_database) as archive:
        old, new = archive.run("old"), new_run(archive, "new")
        asks = [archive.record_ask(new.id, Request(operator="e1", tag=str(number)), MESSAGES) for number in range(3)]
        assert archive.log(new.id) == asks
        contents = [entry.messages[0].content for entry in archive.log(old.id) if isinstance(entry, Asked)]
    assert contents == ["prompt 1", "prompt 2", "prompt 3"]


def test_every_constraint_has_a_name_by_which_a_migration_can_change_it() -> None:
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name or not list(getattr(constraint, "columns", ())), f"{table.name}: {constraint!r}"
        assert all(index.name for index in table.indexes)


def test_check_tells_what_is_there(url: str, tmp_path: Path) -> None:
    path = tmp_path / "evoheur.db"
    assert check(url) == SchemaState(kind="absent", found=None, wanted=HEAD)
    path.touch()
    assert check(url) == SchemaState(kind="older", found=None, wanted=HEAD)
    create(url)
    assert check(url) == SchemaState(kind="current", found=HEAD, wanted=HEAD)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE evoheur_revision SET version_num = '9999'")
    connection.close()
    assert check(url) == SchemaState(kind="newer", found="9999", wanted=HEAD)


def test_upgrade_fills_an_empty_database_and_leaves_a_current_one_alone(url: str, tmp_path: Path) -> None:
    (tmp_path / "evoheur.db").touch()
    assert upgrade(url).kind == "older"
    before = (tmp_path / "evoheur.db").read_bytes()
    assert upgrade(url).kind == "current"
    assert (tmp_path / "evoheur.db").read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (None, r"no archive at sqlite:///.*; check the path, or create one with `evoheur run CONFIG --archive sqlite:.*`"),
        ("CREATE TABLE song (title)", "holds the tables of another program, not an archive; name another database"),
        (
            "CREATE TABLE evoheur_revision (version_num TEXT); INSERT INTO evoheur_revision VALUES ('9999')",
            "has schema 9999, which is newer than this evoheur's 0012; upgrade evoheur",
        ),
    ],
)
def test_upgrade_refuses_what_it_cannot_bring_up_to_date(url: str, tmp_path: Path, statement: str | None, message: str) -> None:
    if statement is not None:
        connection = sqlite3.connect(tmp_path / "evoheur.db")
        connection.executescript(statement)
        connection.close()
    with pytest.raises(ArchiveError, match=message):
        upgrade(url)


def test_a_migration_that_fails_leaves_nothing_behind(url: str, tmp_path: Path) -> None:
    """A view in the way of a later table: the tables before it are undone with it."""
    connection = sqlite3.connect(tmp_path / "evoheur.db")
    connection.execute("CREATE VIEW evaluation AS SELECT 1")
    connection.close()
    with pytest.raises(ArchiveError, match="evaluation already exists"):
        upgrade(url)
    connection = sqlite3.connect(tmp_path / "evoheur.db")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("evaluation",)]
    connection.close()


def test_processes_that_create_one_archive_at_the_same_moment_all_succeed(url: str) -> None:
    script = "import sys; from evoheur.archive.archive import Archive; Archive.open(sys.argv[1], create=True).close()"
    processes = [subprocess.Popen([sys.executable, "-c", script, url]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0] * len(processes)
    assert check(url).kind == "current"


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_an_archive_of_every_released_schema_can_still_be_read(path: Path, url: str, tmp_path: Path) -> None:
    """Its log is what the story writes today, but for the file's own row numbers, which are equal because it is the only run."""
    shutil.copy(path, tmp_path / "evoheur.db")
    upgrade(url)
    with Archive.open(f"sqlite:///{tmp_path / 'today.db'}", create=True) as today:
        told = tell_story(today, schema=path.stem)
    with Archive.open(url) as archive:
        run = archive.run(NAME)
        assert archive.log(run.id) == told
        assert archive.candidate(NAME, 4).evaluations["validation"] == VALIDATION
        if path.stem >= "0008":
            assert archive.candidate(NAME, 4).evaluations["audit"] == AUDITED
        if path.stem >= "0011":
            assert (run.note, run.tags) == (NOTE, tuple(sorted(TAGS)))
            assert archive.solutions(NAME, 4) == {"validation": SOLUTIONS}
        else:
            assert (run.note, run.tags, archive.solutions(NAME, 4)) == ("", (), {})
        times = {step.told_seconds for step in archive.course(run.id) if step.sequence is not None}
        events = [(event.kind, event.text) for event in archive.run_events(run.id)]
        if path.stem >= "0012":
            ends = ("session_ended", "interrupted: interrupted by the user")
            assert (times, events) == ({0.0}, [("session_began", "the run begins"), (OUTAGE.kind, OUTAGE.text), ends])
        else:
            assert (times, events) == ({None}, [])
        assert (run.status, run.config["strategy"]) == ("interrupted", {"kind": "eoh"})


def test_there_is_an_archive_of_the_present_schema() -> None:
    assert [path.stem for path in ARCHIVES][-1] == HEAD


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the packaged scripts to which a test may add revisions."""
    return Path(shutil.copytree(SCRIPTS, tmp_path / "migrations"))


def test_a_drafted_revision_is_empty_while_models_and_schema_agree(tmp_path: Path, scripts: Path) -> None:
    draft("nothing to do", tmp_path, scripts=scripts)
    written = (scripts / "versions" / "r0013_nothing_to_do.py").read_text()
    assert "down_revision = '0012'" in written
    assert "pass" in written
    assert "op." not in written


def test_a_drafted_revision_brings_what_the_models_have_and_the_schema_lacks(tmp_path: Path, scripts: Path) -> None:
    """In the database's own types, so that the draft stays what it is when the models change."""
    first = scripts / "versions" / "r0001_first_schema.py"
    first.write_text(first.read_text().replace('        Column("thought", sa.Text(), nullable=False),\n', ""))
    draft("Keep the idea", tmp_path, scripts=scripts)
    written = (scripts / "versions" / "r0013_keep_the_idea.py").read_text()
    assert "with op.batch_alter_table('candidate'" in written
    assert "sa.Column('thought', sa.Text(), nullable=False)" in written


NEXT = '''"""Rebuild a table that others refer to."""
import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade():
    with op.batch_alter_table("candidate", recreate="always") as batch:
        batch.add_column(sa.Column("colour", sa.Text(), server_default="blue", nullable=False))
'''


@pytest.fixture
def old(url: str, scripts: Path) -> str:
    """The story in the present schema, and a further revision ready to be applied."""
    with Archive.open(url, create=True) as archive:
        tell_story(archive)
    (scripts / "versions" / "r0013_colour.py").write_text(NEXT)
    return url


def test_a_migration_that_rebuilds_a_table_keeps_every_row(old: str, tmp_path: Path, scripts: Path) -> None:
    """SQLite changes a table by copying it; rows that refer to it must survive that."""
    with sqlite3.connect(tmp_path / "evoheur.db") as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        before = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    connection.close()
    migrate(old, "rw", scripts=scripts)
    with sqlite3.connect(tmp_path / "evoheur.db") as connection:
        after = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    connection.close()
    assert after.pop("evoheur_revision") == [("0013",)]
    assert before.pop("evoheur_revision") == [("0012",)]
    assert after.pop("candidate") == [(*row, "blue") for row in before.pop("candidate")]
    assert after == before
    assert check(old) == SchemaState(kind="newer", found="0013", wanted=HEAD)


def test_a_migration_that_would_leave_dangling_rows_is_undone(old: str, tmp_path: Path, scripts: Path) -> None:
    connection = sqlite3.connect(tmp_path / "evoheur.db")
    connection.execute("UPDATE candidate_parent SET parent = 77 WHERE position = 1")
    connection.commit()
    connection.close()
    with pytest.raises(
        ArchiveError, match=r"would leave rows of table 'candidate_parent' that refer to nothing; .* Please report this"
    ):
        migrate(old, "rw", scripts=scripts)
    assert check(old).found == "0012"


def test_scripts_are_named_after_their_revisions_which_follow_in_order() -> None:
    """Which revision is wanted, and which are older, is told by names alone."""
    scripts = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())
    assert [Path(script.path).stem.split("_")[0] for script in scripts] == [f"r{script.revision}" for script in scripts]
    assert [script.revision for script in scripts] == sorted((script.revision for script in scripts), reverse=True)


def test_whoever_upgrades_nothing_waits_for_no_alembic(new: str) -> None:
    """Its import would be a fifth of what a short command takes."""
    program = (
        "import sys; from evoheur.archive.archive import Archive\n"
        f"Archive.open({new!r}, create=True).close()\nArchive.open({new!r}).close()\nprint('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
