"""Dictionaries of prompts in the database: made on the way, found again, undone with what failed."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, RunRecord
from evoheur.archive.schema_state import upgrade
from evoheur.request import Message, Request, RequestKind
from tests.evoheur.archive.support.made_up import new_run
from tests.evoheur.archive.support.story import NAME, tell_story
from tests.evoheur.archive.test_prompt_packing import alike

BEFORE = Path(__file__).parents[2] / "data" / "archives" / "0008.db"


def ask(archive: Archive, run: RunRecord, number: int) -> Asked:
    return archive.record_ask(run.id, Request(operator="e1", tag=number), alike(number))


def dictionaries(archive: Archive) -> list[int]:
    """The number of prompts that were packed with each dictionary, in their order."""
    with archive._reading() as connection:
        query = "SELECT count(request.id) FROM prompt_dictionary LEFT JOIN request ON dictionary_id = prompt_dictionary.id"
        return [
            number
            for (number,) in connection.exec_driver_sql(f"{query} GROUP BY prompt_dictionary.id ORDER BY prompt_dictionary.id")
        ]


def test_a_long_run_comes_back_with_all_its_prompts(archive: Archive, run: RunRecord, tmp_path: Path) -> None:
    """Beside another run, whose dictionaries are its own; and in a second session, which goes on with the last one."""
    other = new_run(archive, "other")
    asks: list[Asked] = []
    for numbers in (range(150), range(150, 320)):
        archive.begin_session(run.id)
        for number in numbers:
            asks.append(ask(archive, run, number))
            ask(archive, other, number)
    assert archive.log(run.id) == asks
    assert [entry.asked.messages if not isinstance(entry, Asked) else entry.messages for entry in archive.log(other.id)] == [
        alike(number) for number in range(320)
    ]
    assert dictionaries(archive) == [100, 149, 70]


def test_a_dictionary_that_was_not_stored_is_not_used(archive: Archive, run: RunRecord) -> None:
    """A transaction that fails after it was made takes it along."""
    archive.begin_session(run.id)
    asks = [ask(archive, run, 0)]
    with pytest.raises(ValueError, match="give the operator another name"):
        archive.record_ask(run.id, Request(operator="tune", kind=RequestKind.TUNING), alike(1))
    asks += [ask(archive, run, number) for number in (2, 3, 4)]
    assert archive.log(run.id) == asks


def test_prompts_of_an_old_archive_are_packed_and_the_same(tmp_path: Path) -> None:
    """Many of them, with several dictionaries; and the room they took is given back."""
    file = Path(shutil.copy(BEFORE, tmp_path / "evoheur.db"))
    with closing(sqlite3.connect(file)) as connection, connection:
        [(last, sequence)] = connection.execute(
            "SELECT max(number), max(max(asked_seq), max(coalesce(told_seq, 0))) FROM request"
        )
        for number in range(1, 1101):
            messages = json.dumps([{"role": one.role, "content": one.content} for one in alike(number)])
            connection.execute(
                "INSERT INTO request (run_id, number, operator, produces, asked_seq, fingerprint, messages) "
                "VALUES (1, ?, 'e1', 'heuristic', ?, '', ?)",
                (last + number, sequence + number, messages),
            )
    size = file.stat().st_size
    upgrade(f"sqlite:///{file}")
    with Archive.open(f"sqlite:///{tmp_path / 'told.db'}", create=True) as today, Archive.open(f"sqlite:///{file}") as archive:
        told = tell_story(today, schema="0008")
        log = archive.log(archive.run(NAME).id)
    assert log[: len(told)] == told
    assert [entry.messages for entry in log[len(told) :] if isinstance(entry, Asked)] == [
        alike(number) for number in range(1, 1101)
    ]
    with Archive.open(f"sqlite:///{file}") as again:
        assert len(dictionaries(again)) >= 11
    assert file.stat().st_size < size / 5


def test_an_odd_prompt_is_kept(archive: Archive, run: RunRecord) -> None:
    """Half a character, NUL, and words beyond ASCII."""
    odd = (Message(role="user", content="\ud83d \0 ü 😀"),)
    asks = [archive.record_ask(run.id, Request(operator="e1", tag=tag), odd) for tag in range(3)]
    assert archive.log(run.id) == asks
