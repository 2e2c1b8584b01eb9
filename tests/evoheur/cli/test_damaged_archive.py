"""Archives that are damaged, or that are none at all: every command says so in a line and calls it nobody's bug."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from evoheur.archive.archive import Archive
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import Result, evoheur
from tests.support.another_user import run_as_another_user
from tests.support.example_budget import dear

ROOT = Path(__file__).parents[3]

READERS = [
    ("runs",),
    ("best", "tiny"),
    ("show", "tiny/1", "--prompt", "--reply", "--diff"),
    ("failures", "tiny"),
    ("spend", "tiny"),
    ("grid", "tiny"),
    ("export", "tiny/1"),
    ("compare", "tiny", "tiny"),
]
WRITERS = [("resume", "tiny", "--set", "budget.evaluations=10", "-q")]


def refused_in_a_line(done: Result) -> bool:
    """False if it worked; fails unless it did or was refused as a user's fault is."""
    assert "bug" not in done.err, done.err
    assert "Traceback" not in done.err, done.err
    assert done.code in {0, 1, 2}, done
    if done.code:
        assert done.err.startswith("error: "), done.err
        assert done.err.count("\n") == 1, done.err
    return done.code != 0


def every_command(url: str) -> list[bool]:
    commands = [*((*words, "--archive", url) for words in (*READERS, *WRITERS)), ("db", "check", url), ("db", "upgrade", url)]
    return [refused_in_a_line(evoheur(*words)) for words in commands]


@pytest.mark.parametrize(
    "content", [b"", b"hello\n" * 1000, b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 8192]
)
def test_a_file_that_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(content)
    refused = every_command(f"sqlite:///{file}")
    assert all(refused[: len(READERS)])


def test_a_folder_a_pipe_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    """Waiting for somebody to write into a pipe would hang."""
    os.mkfifo(tmp_path / "pipe.db")
    for name in (".", "pipe.db", "not/there.db", "pipe.db/below.db"):
        assert all(every_command(f"sqlite:///{tmp_path / name}")), name


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_half_an_archive_is_refused(share: float, history: History) -> None:
    content = history.path.read_bytes()
    history.path.write_bytes(content[: int(len(content) * share)])
    assert any(every_command(history.url))


@pytest.mark.parametrize("page", [1, 2, 5, 9])
def test_a_page_of_noise_is_read_or_refused_in_a_line(page: int, history: History) -> None:
    content = bytearray(history.path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    start = page * size
    content[start : start + size] = bytes(255 - byte for byte in content[start : start + size])
    history.path.write_bytes(content)
    every_command(history.url)


@dear(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=40))
def test_flipped_bytes_never_look_like_a_bug(flips: list[tuple[float, int]], finished: History, tmp_path: Path) -> None:
    """Wherever they are: in the header, in the tree of pages, in the midst of JSON, numbers or words."""
    content = bytearray(finished.path.read_bytes())
    for place, change in flips:
        content[int(place * len(content))] ^= change
    file = tmp_path / "flipped.db"
    file.write_bytes(content)
    for words in READERS:
        refused_in_a_line(evoheur(*words, "--archive", f"sqlite:///{file}"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "'soso'"),
        ("config", "'{'"),
        ("config", "'[1]'"),
        ("created_at", "'yesterday'"),
        ("config", "x'ff00ff'"),
        ("seed", "'x'"),
    ],
)
def test_values_that_no_run_has_are_damage(column: str, value: str, history: History) -> None:
    """The file is a sound database; what is in it is not what was written."""
    with closing(sqlite3.connect(history.path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE run SET {column} = {value}")
        connection.commit()
    every_command(history.url)


def test_code_that_is_no_python_any_more_is_no_bug_of_ours(history: History) -> None:
    with closing(sqlite3.connect(history.path)) as connection:
        connection.execute("UPDATE candidate SET code = replace(code, 'return', 'return)')")
        connection.commit()
    assert any(refused_in_a_line(evoheur(*words, "--archive", history.url)) for words in READERS)


def test_the_remedy_names_a_way_to_salvage(history: History) -> None:
    with closing(sqlite3.connect(history.path)) as connection:
        connection.execute("UPDATE run SET config = '{'")
        connection.commit()
    done = evoheur("runs", "--archive", history.url)
    assert done.code == 2
    assert ".recover" in done.err


def test_an_archive_without_permission_is_refused(finished: History, tmp_path: Path) -> None:
    """Root may read everything, so that it asks as somebody else, by one command."""
    file = Path(shutil.copy(finished.path, tmp_path / "closed.db"))
    file.chmod(0)
    url = f"sqlite:///{file}"
    if os.geteuid() != 0:
        assert all(every_command(url))
        return
    tmp_path.chmod(0o755)  # so that it is the file that is closed
    environ = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    done = run_as_another_user("-m", "evoheur", "runs", "--archive", url, environ=environ, reach=tmp_path)
    assert refused_in_a_line(Result(done.returncode, done.stdout, done.stderr))


def test_a_sound_copy_is_read(history: History) -> None:
    """The other tests would pass if everything were refused."""
    assert not any(every_command(history.url)[: len(READERS) - 1])
    with Archive.open(history.url, read_only=True) as archive:
        assert archive.runs()
