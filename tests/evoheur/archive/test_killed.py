"""kill -9 in the middle of writing: nothing that was announced is lost, and what is there is whole."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, Told
from evoheur.errors import ArchiveError
from evoheur.request import Outcome
from tests.evoheur.archive.support.endless import NAME
from tests.evoheur.archive.support.made_up import REPLY, candidate, new_run

ROOT = Path(__file__).parents[3]


def work_and_die(url: str, steps: int) -> int:
    """Start a process that works on the run, kill it some steps later, and give back the last step it announced."""
    command = [sys.executable, "-m", "tests.evoheur.archive.support.endless", url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        announced = [process.stdout.readline() for _ in range(steps)]
        with Archive.open(url) as archive, pytest.raises(ArchiveError, match=f"Run 'endless' is .* by process {process.pid} on "):
            archive.hold(NAME).__enter__()
        process.kill()
        announced += process.stdout.readlines()
    return int(announced[-1])


def test_killed_again_and_again_the_log_is_whole_and_the_run_can_be_taken_up(fresh_url: str) -> None:
    with Archive.open(fresh_url, create=True) as archive:
        run = new_run(archive, NAME)
        archive.record_baseline(run.id, candidate(0))
    outcomes: list[Outcome] = []
    for steps in (1, 9, 25):
        last = work_and_die(fresh_url, steps)
        with Archive.open(fresh_url, read_only=True) as reader:
            log = reader.log(run.id)
            with contextlib.nullcontext() if fresh_url.startswith("postgresql") else reader._reading() as connection:
                if connection is not None:
                    assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
                    assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert [entry.sequence for entry in log] == list(range(1, len(log) + 1))
        assert len(log) >= last
        outcomes = [entry.outcome for entry in log if isinstance(entry, Told)]
        assert outcomes == [candidate(number, parents=(0, number - 1)) for number in range(1, len(outcomes) + 1)]
        told = {entry.asked.number for entry in log if isinstance(entry, Told)}
        open_ended = [entry for entry in log if isinstance(entry, Asked) and entry.number not in told]
        assert all(entry.completion in (None, REPLY) for entry in open_ended)
    with Archive.open(fresh_url) as archive, archive.hold(NAME):
        assert archive.totals(run.id).evaluations == len(outcomes)
