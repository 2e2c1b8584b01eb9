"""One process at a time works on a run."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.archive.run_lock import held
from evoheur.errors import ArchiveError
from tests.evoheur.archive.support.made_up import new_run


def test_a_held_run_is_refused_to_others_who_learn_who_holds_it(archive: Archive, run: RunRecord) -> None:
    with (
        Archive.open(archive.url) as other,
        archive.hold(run.name),
        pytest.raises(
            ArchiveError, match=f"Run 'quickstart-1' is being worked on by process {os.getpid()} on .*; wait for it or stop it"
        ),
        other.hold(run.name),
    ):
        pytest.fail("two hold one run")


def test_runs_are_held_one_by_one(archive: Archive, run: RunRecord, tmp_path: Path) -> None:
    second = new_run(archive, "second")
    with archive.hold(run.name), archive.hold(second.name):
        assert len(list(tmp_path.glob("*.lock"))) == (2 if archive.url.startswith("sqlite") else 0)


def test_a_released_run_can_be_held_again_and_leaves_no_file(archive: Archive, run: RunRecord, tmp_path: Path) -> None:
    for _ in range(2):
        with archive.hold(run.name):
            pass
        with pytest.raises(ZeroDivisionError), archive.hold(run.name):
            raise ZeroDivisionError
    assert list(tmp_path.glob("*.lock")) == []


def test_an_unknown_run_cannot_be_held(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="no run 'nobody'"):
        archive.hold("nobody")


def test_the_file_of_a_killed_holder_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    path.write_text("process 1 on elsewhere, with a name longer than ours will ever be\n")
    with held(path, "r"):
        assert path.read_text().startswith(f"process {os.getpid()} on ")
        assert "longer" not in path.read_text()


def test_however_often_it_changes_hands_there_is_one_holder(tmp_path: Path) -> None:
    """The file comes and goes with its holder; who has opened one that is gone by now must not think that it holds the lock."""
    path = tmp_path / "run.lock"
    inside: list[int] = []
    most = []

    def take_turns(number: int) -> None:
        for _ in range(500):
            try:
                with held(path, "r"):
                    inside.append(number)
                    time.sleep(0.0005)  # lets the others try
                    most.append(len(inside))
                    inside.remove(number)
            except ArchiveError:
                continue

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(take_turns, range(4)))
    assert set(most) == {1}
    assert not path.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ArchiveError, match=r"Cannot lock run 'r' with .*gone/run\.lock: No such file or directory; make the folder"
    ):
        held(tmp_path / "gone" / "run.lock", "r").__enter__()
