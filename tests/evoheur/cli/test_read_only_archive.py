"""Archives in folders that cannot be written, and on disks that fill up."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from evoheur.archive.connection import can_be_written
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.processes import ROOT
from tests.support.another_user import run_as_another_user

READERS = ["runs", "best tiny", "show tiny/1 --reply", "failures tiny", "grid tiny", "compare tiny tiny"]
_BY_DAY = {"runs", "show tiny/1 --reply"}


@pytest.fixture
def closed(finished: History) -> Iterator[Path]:
    """An archive in a folder that other users may look into and not write to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with closing(sqlite3.connect(finished.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(finished.path, folder / "kept.db")
        (folder / "kept.db").chmod(0o644)
        yield folder


def by_another(folder: Path, words: str) -> "subprocess.CompletedProcess[str]":
    environ = {"PYTHONPATH": str(ROOT), "HOME": "/dev/null/none", "EVOHEUR_ARCHIVE": "sqlite:///kept.db"}
    return run_as_another_user("-m", "evoheur", *words.split(), environ=environ, reach=folder)


@pytest.mark.parametrize(
    "words", [pytest.param(words, marks=() if words in _BY_DAY else pytest.mark.nightly) for words in READERS]
)
def test_every_reader_reads_an_archive_that_cannot_be_written(words: str, closed: Path) -> None:
    done = by_another(closed, words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize(
    "words", ["resume tiny --set budget.evaluations=20", pytest.param("compare tiny tiny --validate", marks=pytest.mark.nightly)]
)
def test_writers_say_in_a_line_that_it_cannot_be_written(words: str, closed: Path) -> None:
    done = by_another(closed, words)
    assert done.returncode == 2
    assert done.stderr.startswith("error: The archive sqlite:///kept.db cannot be written, as 'kept.db' is read-only for you; ")
    assert done.stderr.count("\n") == 1


def test_a_log_of_changes_is_never_left_out_in_silence(closed: Path) -> None:
    """What a killed run wrote last is in the write-ahead log; without its index SQLite would show the archive without it."""
    with closing(sqlite3.connect(closed / "kept.db", isolation_level=None)) as writer:
        writer.execute("UPDATE run SET reason = 'changed'")
        log = (closed / "kept.db-wal").read_bytes()
        seen = by_another(closed, "runs --json")
        assert '"reason": "changed"' in seen.stdout, seen
    (closed / "kept.db-wal").write_bytes(log)
    (closed / "kept.db-wal").chmod(0o644)
    done = by_another(closed, "runs")
    assert (done.returncode, done.stdout) == (2, "")
    assert "kept.db-wal" in done.stderr
    assert "copy both files" in done.stderr


def test_an_empty_log_is_nothing_to_miss(closed: Path) -> None:
    (closed / "kept.db-wal").touch()
    assert by_another(closed, "runs").returncode == 0


def test_an_archive_of_ones_own_can_be_written(history: History) -> None:
    assert can_be_written(history.url)
    assert can_be_written("sqlite:///not/there/yet.db")


@pytest.mark.nightly
def test_a_disk_that_fills_up_stops_a_run_that_can_be_resumed(write_config: Callable[..., str]) -> None:
    config = write_config(budget={"evaluations": 400})
    evoheur = f"{sys.executable} -m evoheur"
    script = f"""
        mount --make-rprivate / && mkdir small && mount -t tmpfs -o size=400k tmpfs small || exit 77
        {evoheur} run {config} --name small --archive sqlite:///small/kept.db -q; echo "exit $?"
        mount -o remount,size=50m small
        {evoheur} resume small --archive sqlite:///small/kept.db -q; echo "exit $?"
    """
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    done = subprocess.run(
        ["unshare", "-m", "bash", "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77:
        pytest.skip(f"this machine grants no mounts of one's own: {done.stderr}")
    assert done.stdout == "exit 2\nexit 0\n", done
    assert done.stderr.count("\n") == 1
    assert "make room on the disk" in done.stderr
    assert "evoheur resume" in done.stderr
