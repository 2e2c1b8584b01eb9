"""Runs in an archive on a database server: killed, cut off, taken up by two at once, they end as if nothing had happened."""

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Told
from evoheur.candidate import Candidate
from evoheur.errors import ArchiveError
from evoheur.testing.endpoint_server import ScriptedEndpoint
from tests.end_to_end.support.runs import command, environment, evoheur
from tests.end_to_end.test_kill_and_resume import answer, configure
from tests.support.postgres_server import PostgresServer

EVALUATIONS = 60


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    address = postgres.new_database()
    yield address
    postgres.drop(address)


def story(archive_url: str) -> list[tuple[Any, ...]]:
    """A run's log without what differs by time or by database."""
    with Archive.open(archive_url, read_only=True) as archive:
        log = archive.log(archive.run("r").id)
    return [
        (entry.sequence, entry.asked.number, *_told(entry.outcome))
        if isinstance(entry, Told)
        else (entry.sequence, entry.number, entry.fingerprint, entry.messages, entry.completion and entry.completion.text)
        for entry in log
    ]


def _told(outcome: object) -> tuple[object, ...]:
    if isinstance(outcome, Candidate):
        return (outcome.id, outcome.code, outcome.parents, outcome.duplicate_of, outcome.evaluation.objective)
    return (outcome,)


def begin(*words: str, cwd: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*words),
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for_tells(url: str, more_than: int, run: str = "r") -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with Archive.open(url, read_only=True) as archive:
                if archive.totals(archive.run(run).id).evaluations > more_than:
                    return
        except ArchiveError:
            pass  # not there yet
        time.sleep(0.05)
    raise AssertionError("The run told too little in two minutes.")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_cut_off_and_taken_up_by_two_a_run_ends_as_if_nothing_had_happened(
    tmp_path: Path, scheduling: str, postgres: PostgresServer, url: str
) -> None:
    with ScriptedEndpoint(answer) as endpoint:
        whole = configure(tmp_path / "whole", scheduling, endpoint.base_url, 4, EVALUATIONS)
        done = evoheur("run", str(whole), cwd=whole.parent)
        assert done.returncode == 0, done.stdout + done.stderr
        config = configure(tmp_path / "server", scheduling, endpoint.base_url, 4, EVALUATIONS)

        killed = begin("run", str(config), "--archive", url, cwd=config.parent)
        wait_for_tells(url, 3)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.communicate()

        cut_off = begin("resume", "r", "--archive", url, cwd=config.parent)
        wait_for_tells(url, 12)
        postgres.stop()
        said, _ = cut_off.communicate(timeout=180)
        postgres.start()
        assert cut_off.returncode == 1, said
        assert "error: Cannot use the archive postgresql+psycopg://" in said
        assert "the database server cannot be reached; see that it runs" in said
        assert "Then go on with `evoheur resume r --archive " in said
        assert not any(word in said for word in ("Traceback", "never retrieved", "bug in evoheur", "error ignored")), said

        both = [begin("resume", "r", "--archive", url, cwd=config.parent) for _ in range(2)]
        ends = [(process.communicate(timeout=180)[0], process.returncode) for process in both]
        [refused] = [said for said, code in ends if code != 0]
        assert "Run 'r' is being worked on by process" in refused, ends
    assert story(url) == story(f"sqlite:///{whole.parent / 'runs' / 'evoheur.db'}")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "words", [("sweep", "--strategies", "eoh", "--no-controls"), ("discoveries",)], ids=lambda words: words[0]
)
def test_what_carries_out_several_runs_says_the_command_that_goes_on_when_the_server_goes_away(
    words: tuple[str, ...], tmp_path: Path, scheduling: str, postgres: PostgresServer, url: str
) -> None:
    with ScriptedEndpoint(answer) as endpoint:
        config = configure(tmp_path / "s", scheduling, endpoint.base_url, 4, EVALUATIONS)
        cut_off = begin(words[0], config.name, *words[1:], "--seeds", "1", "--archive", url, cwd=config.parent)
        wait_for_tells(url, 3, "r-eoh-1")
        postgres.stop()
        said, _ = cut_off.communicate(timeout=180)
        postgres.start()
        assert cut_off.returncode == 1, said
        found = re.search(r"cannot be reached; see that it runs\..* Then go on with `evoheur (.*)`\.$", said, re.MULTILINE)
        assert found is not None, said
        assert not any(word in said for word in ("Traceback", "never retrieved", "bug in evoheur", "error ignored")), said
        done = evoheur(*shlex.split(found[1]), cwd=config.parent)
        assert done.returncode == 0, done.stdout + done.stderr
    with Archive.open(url, read_only=True) as archive:
        assert archive.run("r-eoh-1").status == "finished"
