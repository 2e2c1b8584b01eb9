"""Opening an archive, and writing what happens in a run."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, RunRecord, Told
from evoheur.candidate import Status
from evoheur.errors import ArchiveError
from evoheur.request import Failure, Note, Request
from tests.evoheur.archive.support.made_up import MESSAGES, REPLY, candidate, evaluation, failed, new_run, result, step


class Clock:
    """A time of day and a count of seconds that move only when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return 1000.0 + self.seconds


def test_creating_makes_the_folder_and_opening_again_finds_the_run(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'er' / 'evoheur.db'}"
    with Archive.open(url, create=True) as archive:
        new_run(archive, "first")
    with Archive.open(url, create=True) as archive:
        assert [run.name for run in archive.runs()] == ["first"]
        assert archive.url == url


def test_an_empty_file_becomes_an_archive_only_if_creating_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "evoheur.db").touch()
    url = f"sqlite:///{tmp_path / 'evoheur.db'}"
    with pytest.raises(ArchiveError, match=r"has schema none, older than this evoheur's .* `evoheur db upgrade sqlite:"):
        Archive.open(url)
    with Archive.open(url, create=True) as archive:
        assert archive.runs() == []


def test_a_missing_file_is_not_created_unasked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'no.db'}"
    for read_only in (False, True):
        with pytest.raises(
            ArchiveError,
            match=r"no archive at sqlite:.*`evoheur run CONFIG --archive sqlite:.*no\.db`",
        ):
            Archive.open(url, read_only=read_only)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(ArchiveError, match=r"letter\.db: file is not a database; .*name another file or move this one away"):
        Archive.open(f"sqlite:///{path}", create=True)
    assert path.read_text() == "Dear Sir or Madam, " * 100


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "music.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE song (title)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="holds the tables of another program, not an archive; name another database"):
        Archive.open(f"sqlite:///{path}", create=True)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match=r"Cannot make the folder .*file/sub: Not a directory; name another archive"):
        Archive.open(f"sqlite:///{tmp_path / 'file' / 'sub' / 'evoheur.db'}", create=True)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"is a folder; name a file in it, such as sqlite:///.*/evoheur\.db"):
        Archive.open(f"sqlite:///{tmp_path}", create=True)


@pytest.mark.parametrize("revision", ["9999", None])
def test_another_schema_is_refused_before_anything_is_written(
    file_archive: Archive, tmp_path: Path, revision: str | None
) -> None:
    file_archive.close()
    path = tmp_path / "evoheur.db"
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE evoheur_revision SET version_num = ?", ["9999"])
        if revision is None:
            connection.executescript("DROP TABLE evoheur_revision; CREATE TABLE evoheur_revision (version_num TEXT)")
    connection.close()
    before = path.read_bytes()
    expected = "has schema 9999, which is newer than this evoheur's .*; upgrade evoheur" if revision else "another program"
    with pytest.raises(ArchiveError, match=expected):
        Archive.open(file_archive.url, create=True)
    assert path.read_bytes() == before


def test_reading_only_works_while_another_writes_and_refuses_to_write(archive: Archive, run: RunRecord) -> None:
    with Archive.open(archive.url, read_only=True) as reader:
        step(archive, run, candidate(1))
        assert len(reader.log(run.id)) == 2
        step(archive, run, candidate(2))
        assert len(reader.log(run.id)) == 4
        with pytest.raises(
            ArchiveError,
            match=r"readonly database; the file or its folder is read-only for you|read-only transaction; it was opened for reading",
        ):
            new_run(reader, "mine")


def test_a_reader_sees_one_moment(archive: Archive, run: RunRecord) -> None:
    """What is committed between two queries of one method belongs to its next call."""
    with Archive.open(archive.url, read_only=True) as reader, reader._reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM request").scalar()
        step(archive, run, candidate(1))
        assert connection.exec_driver_sql("SELECT count(*) FROM request").scalar() == before == 0


def test_every_paid_reply_is_synced_to_disk(file_archive: Archive) -> None:
    """PRAGMA synchronous is 2 (FULL) in ordinary transactions and 1 (NORMAL) in those that cost nothing to repeat."""
    for relaxed, expected in ((False, 2), (True, 1), (False, 2)):
        with file_archive._writing(relaxed=relaxed) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == expected
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_on_a_server_too_only_what_was_paid_for_waits_for_the_disk(server_archive: Archive) -> None:
    for relaxed, expected in ((False, "on"), (True, "off"), (False, "on")):
        with server_archive._writing(relaxed=relaxed) as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == expected


def test_a_run_comes_back_as_it_was_created(archive: Archive) -> None:
    created = new_run(archive, "Übung-1", config={"budget": {"evaluations": 5}, "list": [1, 2.5, None, "ü"]}, seed=2**63 - 1)
    assert archive.run("Übung-1") == created
    assert created.config == {"budget": {"evaluations": 5}, "list": [1, 2.5, None, "ü"]}
    assert (created.seed, created.status, created.reason) == (2**63 - 1, "unfinished", "")
    assert datetime.now(UTC) - created.created_at < timedelta(minutes=1)


def test_a_taken_name_names_both_ways_on(archive: Archive, run: RunRecord) -> None:
    with pytest.raises(ArchiveError, match=r"a run 'quickstart-1' already; .*another --name, or resume it"):
        new_run(archive, "quickstart-1")


@pytest.mark.parametrize("name", ["", "a/b", "a b", " a", "a\n"])
def test_a_name_that_cannot_be_typed_is_refused(archive: Archive, name: str) -> None:
    with pytest.raises(
        ArchiveError, match="cannot name a run: that is one word without spaces and slashes; choose another --name"
    ):
        new_run(archive, name)


def test_a_seed_beyond_64_bits_is_refused(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match=f"seed {2**63} does not fit into 64 bits; choose a smaller one"):
        new_run(archive, seed=2**63)


def test_a_configuration_that_json_cannot_hold_is_our_fault(archive: Archive) -> None:
    with pytest.raises(ValueError, match="cannot hold what it was given: Out of range float values"):
        new_run(archive, config={"budget": float("inf")})
    assert archive.runs() == []


def test_finishing_and_resuming_change_the_status(archive: Archive, run: RunRecord) -> None:
    archive.begin_session(run.id)
    archive.finish(run.id, "interrupted", "interrupted by the user")
    assert (archive.run(run.name).status, archive.run(run.name).reason) == ("interrupted", "interrupted by the user")
    archive.begin_session(run.id)
    assert (archive.run(run.name).status, archive.run(run.name).reason) == ("unfinished", "")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(url: str, clock: Clock) -> Iterator[Archive]:
    with Archive.open(url, create=True, now=clock.now, monotonic=clock.monotonic) as opened:
        yield opened


def test_seconds_add_up_over_sessions_and_run_on_between_writes(timed: Archive, clock: Clock) -> None:
    """Ten seconds, a break of a thousand, five to the last write of the second session, and two since."""
    run = new_run(timed)
    timed.begin_session(run.id)
    clock.seconds += 10
    timed.finish(run.id, "interrupted", "")
    clock.seconds += 1000
    assert timed.totals(run.id).seconds == 10
    timed.begin_session(run.id)
    clock.seconds += 5
    timed.record_ask(run.id, Request(operator="i1"), MESSAGES)
    clock.seconds += 2
    assert timed.totals(run.id).seconds == 17


def test_a_killed_session_keeps_the_time_of_its_last_write(timed: Archive, clock: Clock, url: str) -> None:
    """The killed process wrote at 3 and again at 7 seconds; what came after is unknown."""
    run = new_run(timed)
    timed.begin_session(run.id)
    for pause in (3, 4):
        clock.seconds += pause
        timed.touch()
    clock.seconds += 100
    with Archive.open(url, read_only=True) as after:
        assert after.totals(run.id).seconds == 7
        assert after.run(run.name).created_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_session_of_another_run_is_not_counted(timed: Archive, clock: Clock) -> None:
    first, second = new_run(timed, "a"), new_run(timed, "b")
    timed.begin_session(second.id)
    clock.seconds += 4
    assert timed.totals(first.id).seconds == 0


def test_asks_replies_and_tells_come_back_in_their_order(archive: Archive, run: RunRecord) -> None:
    """Two in flight, told in the other order, and a third whose reply came but not its outcome."""
    parent = candidate(0)
    first = archive.record_ask(run.id, Request(operator="e1", parents=(parent, parent), tag=("island", 1)), MESSAGES)
    second = archive.record_ask(run.id, Request(operator="reflect", produces="note"), MESSAGES[1:])
    answered = archive.record_completion(second, REPLY)
    note = archive.record_tell(answered, Note(text="Prefer tight bins."))
    failure = archive.record_tell(first, Failure(stage="generation", reason="timeout", detail="60 s", attempts=3))
    third = archive.record_completion(archive.record_ask(run.id, Request(operator="m1"), MESSAGES), REPLY)
    assert archive.log(run.id) == [
        first,
        answered,
        note,
        failure,
        third,
    ]
    assert [first.sequence, second.sequence, note.sequence, failure.sequence, third.sequence] == [1, 2, 3, 4, 5]
    assert [first.number, second.number, third.number] == [1, 2, 3]


def test_a_duplicate_comes_back_with_its_originals_evaluation(archive: Archive, run: RunRecord) -> None:
    worth = evaluation(3.0, results=(result(51.5), result(51.5, instance="b", notes={"path": "levels"})))
    original = candidate(1, worth, parents=(0, 0))
    duplicate = candidate(2, worth, parents=(1,), duplicate_of=1)
    told = [step(archive, run, original), step(archive, run, duplicate)]
    assert [entry for entry in archive.log(run.id) if isinstance(entry, Told)] == told


def test_runs_do_not_see_each_other(archive: Archive, run: RunRecord) -> None:
    other = new_run(archive, "other")
    archive.record_baseline(other.id, candidate(0, 9.0))
    step(archive, run, candidate(1, 3.0))
    mine = step(archive, other, candidate(1, 8.0))
    assert (mine.sequence, mine.asked.number) == (2, 1)
    assert [entry for entry in archive.log(other.id) if isinstance(entry, Told)] == [mine]
    assert archive.totals(other.id).best_objective == 8.0


def test_telling_twice_is_refused(archive: Archive, run: RunRecord) -> None:
    told = step(archive, run, Note(text="once"))
    with pytest.raises(ArchiveError, match=r"Request 1 has had its outcome since step 2; two processes .* Stop one of them"):
        archive.record_tell(told.asked, Note(text="twice"))
    with pytest.raises(
        ArchiveError, match=r"refused a contradictory record \(.*(UNIQUE|unique) constraint .*; nothing of it was stored"
    ):
        archive.record_completion(told.asked, REPLY)


def test_a_request_of_another_archive_is_refused(archive: Archive, run: RunRecord) -> None:
    stray = Asked(id=77, number=7, sequence=9, operator="e1", fingerprint="", messages=MESSAGES)
    with pytest.raises(ArchiveError, match=r"Request 7 \(row 77\) is not in this archive; was it asked in another one"):
        archive.record_tell(stray, Note(text=""))


def test_an_unknown_parent_is_refused_whole(archive: Archive, run: RunRecord) -> None:
    with pytest.raises(ArchiveError, match="refused a contradictory record"):
        archive.record_ask(run.id, Request(operator="e1", parents=(candidate(5),)), MESSAGES)
    assert archive.log(run.id) == []


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (candidate(2), "Candidate has number 2, but the next of its run is 1"),
        (candidate(0), "Candidate has number 0, but the next of its run is 1"),
        (candidate(1, evaluation(split="test")), "Candidate 1 comes with its evaluation on 'test', not on train"),
        (candidate(1, float("nan")), r"Evaluation\.objective is nan, which the archive does not keep"),
        (candidate(1, evaluation(measures={"nodes": float("inf")})), r"Evaluation\.measures\['nodes'\] is inf"),
        (candidate(1, evaluation(results=(result(float("-inf")),))), r"InstanceResult\.cost of 'a' is -inf"),
        (candidate(1, evaluation(results=(result(reference=float("nan")),))), r"InstanceResult\.reference of 'a' is nan"),
        (candidate(1, evaluation(results=(result(cpu_seconds=float("nan")),))), r"cpu_seconds is nan"),
    ],
)
def test_a_candidate_that_cannot_be_right_is_our_fault_and_leaves_no_trace(
    archive: Archive, run: RunRecord, outcome: object, message: str
) -> None:
    asked = archive.record_ask(run.id, Request(operator="e1"), MESSAGES)
    with pytest.raises(ValueError, match=message):
        archive.record_tell(asked, outcome)  # type: ignore[arg-type]
    assert archive.log(run.id) == [asked]
    assert len(archive.candidates(run.name)) == 1


def test_a_candidate_without_a_hash_is_our_fault(archive: Archive, run: RunRecord) -> None:
    asked = archive.record_ask(run.id, Request(operator="e1"), MESSAGES)
    with pytest.raises(ValueError, match="Candidate 1 needs a code_hash"):
        archive.record_tell(asked, candidate(1, code_hash=""))


def test_a_duplicate_names_the_original(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1, duplicate_of=0))
    with pytest.raises(ValueError, match="Candidate 2 repeats 1, which itself repeats 0; name the original, 0"):
        step(archive, run, candidate(2, duplicate_of=1))


@pytest.mark.parametrize(
    ("reply", "field"),
    [
        (replace(REPLY, seconds=float("nan")), r"Completion\.seconds is nan"),
        (replace(REPLY, cost_usd=float("inf")), r"Completion\.cost_usd is inf"),
    ],
)
def test_a_reply_with_impossible_numbers_is_our_fault(archive: Archive, run: RunRecord, reply: object, field: str) -> None:
    asked = archive.record_ask(run.id, Request(operator="e1"), MESSAGES)
    with pytest.raises(ValueError, match=field):
        archive.record_completion(asked, reply)  # type: ignore[arg-type]


def test_an_evaluation_on_another_split_is_added_and_replaced(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1, 3.0))
    first = evaluation(3.5, split="validation", results=(result(51.0), result(52.5, instance="b")))
    second = evaluation(3.25, split="validation")
    for stored in (first, second):
        archive.record_evaluation(run.id, 1, stored)
        assert archive.candidate(run.name, 1).evaluations == {"train": evaluation(3.0), "validation": stored}
    archive.record_evaluation(run.id, 1, replace(failed(Status.TIMEOUT, detail="20 s"), split="test"))
    assert set(archive.candidate(run.name, 1).evaluations) == {"train", "validation", "test"}


def test_a_duplicates_evaluation_is_its_originals(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1, 4.0, duplicate_of=0))
    archive.record_evaluation(run.id, 1, evaluation(5.0, split="test"))
    for number in (0, 1):
        assert archive.candidate(run.name, number).evaluations["test"] == evaluation(5.0, split="test")


def test_the_evaluation_on_train_cannot_change(archive: Archive, run: RunRecord) -> None:
    """Resuming replays it: with another objective the strategy would choose otherwise."""
    with pytest.raises(ValueError, match="Candidate 0 has its evaluation on train since it was told; it cannot change"):
        archive.record_evaluation(run.id, 0, evaluation(1.0))


def test_an_evaluation_of_an_unknown_candidate_is_refused(archive: Archive, run: RunRecord) -> None:
    with pytest.raises(ArchiveError, match="has no candidate 3; name one"):
        archive.record_evaluation(run.id, 3, evaluation(split="test"))


def test_a_password_is_never_shown() -> None:
    with pytest.raises(ArchiveError, match=r"No driver is installed for unheard\+of://me:\*\*\*@host/db") as caught:
        Archive.open("unheard+of://me:secret@host/db")
    assert "secret" not in str(caught.value)
