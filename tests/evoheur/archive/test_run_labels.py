"""Names, notes and tags of runs, and runs that are deleted."""

import pytest
from sqlalchemy import func, select

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.archive.tables import Base, RunRow
from evoheur.errors import ArchiveError, ConfigError
from tests.evoheur.archive.support.made_up import candidate, new_run, step
from tests.evoheur.archive.support.story import NAME, tell_story


def test_a_renamed_run_is_found_with_its_candidates_under_the_new_name_only(archive: Archive, run: RunRecord) -> None:
    step(archive, run, candidate(1))
    renamed = archive.rename_run(run.name, "better")
    assert (renamed.id, renamed.name) == (run.id, "better")
    assert archive.candidate("better", 1).id == "better/1"
    with pytest.raises(ArchiveError, match="no run 'quickstart-1'"):
        archive.run(run.name)


@pytest.mark.parametrize("name", ["", "two words", "a/b", ".", "..", "a\0b", "red\x1b[31m", "half\ud800", "\u202eback"])
def test_a_run_cannot_get_a_name_that_names_none(archive: Archive, run: RunRecord, name: str) -> None:
    with pytest.raises(ArchiveError, match="cannot name a run"):
        archive.rename_run(run.name, name)
    assert archive.run(run.name) == run


@pytest.mark.parametrize("name", ["a\0b", "a\udcff"])
def test_a_name_that_no_database_can_hold_names_no_run(archive: Archive, run: RunRecord, name: str) -> None:
    with pytest.raises(ArchiveError, match="There is no run"):
        archive.run(name)
    assert archive.run(run.name) == run


def test_a_run_cannot_get_the_name_of_another_but_may_keep_its_own(archive: Archive, run: RunRecord) -> None:
    new_run(archive, "other")
    with pytest.raises(ArchiveError, match="There is a run 'other' already; choose another name, or rename that one first"):
        archive.rename_run(run.name, "other")
    assert archive.rename_run(run.name, run.name) == run


def test_a_note_is_any_text_and_the_last_one_stays(archive: Archive, run: RunRecord) -> None:
    assert run.note == ""
    archive.write_note(run.name, "first")
    assert archive.write_note(run.name, "<b>naïve</b>\n\x1b[31mred").note == "<b>naïve</b>\n\x1b[31mred"
    assert archive.runs() == [archive.run(run.name)]
    assert archive.write_note(run.name, "").note == ""


def test_tags_are_added_and_removed_and_come_sorted(archive: Archive, run: RunRecord) -> None:
    new_run(archive, "other")
    assert archive.tag_run(run.name, add=("paper", "Äpfel", "best")).tags == ("best", "paper", "Äpfel")
    assert archive.tag_run(run.name, add=("paper",), remove=("best", "never")).tags == ("paper", "Äpfel")
    assert archive.tag_run("other", add=("paper",)).tags == ("paper",)
    assert [found.tags for found in archive.runs()] == [("paper", "Äpfel"), ("paper",)]
    assert archive.tags() == ["paper", "Äpfel"]


@pytest.mark.parametrize("tag", ["", "two words", "a,b", "a\0b", "red\x1b[31m", "half\ud800"])
def test_a_tag_is_one_word(archive: Archive, run: RunRecord, tag: str) -> None:
    with pytest.raises(ConfigError, match="cannot be a tag: "):
        archive.tag_run(run.name, add=("good", tag))
    assert archive.run(run.name).tags == ()
    assert archive.tag_run(run.name, add=("good",), remove=(tag,)).tags == ("good",), "what no run can have is not there"


def rows(archive: Archive) -> dict[str, int]:
    """Table → how many rows it has."""
    with archive._reading() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0 for name, table in Base.metadata.tables.items()
        }


def test_a_deleted_run_leaves_nothing_and_others_whole(archive: Archive, run: RunRecord) -> None:
    """The story has rows in every table."""
    step(archive, run, candidate(1, parents=(0,)))
    before, log = rows(archive), archive.log(run.id)
    tell_story(archive)
    told = rows(archive)
    assert {name for name in told if told[name] == before[name]} == set()
    assert archive.delete_run(NAME).name == NAME
    assert rows(archive) == before
    assert archive.log(run.id) == log


def test_a_held_run_is_not_deleted(archive: Archive, run: RunRecord) -> None:
    with Archive.open(archive.url) as other, other.hold(run.name):
        with pytest.raises(ArchiveError, match="is being worked on by process"):
            archive.delete_run(run.name)
        assert archive.run(run.name) == run
    archive.delete_run(run.name)
    with archive._reading() as connection:
        assert connection.scalar(select(func.count()).select_from(RunRow)) == 0
