"""Commands whose standard streams are full, closed or read by nobody."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.support.warm_interpreter import warm_program
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.processes import ROOT

STARTED = f"{sys.executable} -m evoheur"
FULL = "error: No space left on device; make room on the disk, or write elsewhere; nothing that was stored is lost.\n"


def shell(line: str, program: str = "") -> "subprocess.CompletedProcess[str]":
    """A line of bash in which `$E` is evoheur: a warm one with the streams of the shell, or the program that is named."""
    program = f"E='env PYTHONPATH={ROOT} {program or warm_program() / 'evoheur'}'"
    return subprocess.run(["bash", "-c", f"{program}; {line}"], capture_output=True, text=True, timeout=200, check=False)


@pytest.fixture
def commands(finished: History) -> list[str]:
    """One of each way to print: help, a table, JSON, code."""
    looking = ["runs", "runs --json", "export tiny/1"]
    return ["--help", "--version", *(f"{words} --archive {finished.url}" for words in looking)]


def test_a_full_disk_under_standard_output_is_one_line_and_a_failure(commands: list[str]) -> None:
    for command in commands:
        done = shell(f"$E {command} > /dev/full")
        assert (done.returncode, done.stderr) == (1, FULL), command


def test_a_full_disk_under_standard_error_changes_no_exit_code(commands: list[str]) -> None:
    for command in commands[:3]:
        done = shell(f"$E {command} --nonsense 2> /dev/full")
        assert (done.returncode, done.stdout) == (2, ""), command


def test_a_closed_standard_output_is_like_the_null_device(commands: list[str]) -> None:
    """For every way to print. A stream is closed from the start on, so that Python is started, too."""
    for command in commands:
        done = shell(f"$E {command} >&-", STARTED)
        assert (done.returncode, done.stderr) == (0, ""), command


@pytest.mark.parametrize(
    "closed", [pytest.param("2>&-", marks=pytest.mark.nightly), pytest.param("<&-", marks=pytest.mark.nightly), "<&- >&- 2>&-"]
)
def test_other_closed_streams_are_like_the_null_device(closed: str, commands: list[str]) -> None:
    done = shell(f"$E {commands[-1]} {closed}", STARTED)
    assert (done.returncode, done.stderr) == (0, "")


def test_standard_output_that_can_only_be_read_is_one_line() -> None:
    done = shell("$E problems list 1< /dev/null")
    assert done.returncode == 1
    assert done.stderr.startswith("error: Bad file descriptor; ")
    assert done.stderr.count("\n") == 1


def test_a_reader_that_leaves_early_hears_no_complaint(commands: list[str]) -> None:
    for command in commands:
        done = shell(f"$E {command} | head -1")
        assert done.stderr == "", command
        assert done.stdout.count("\n") == 1, command


def test_an_archive_never_gets_the_number_of_a_closed_stream(write_config: Callable[..., str]) -> None:
    """Else what is printed would be written into the database."""
    done = shell(f"$E run {write_config()} --name closed >&- 2>&- && $E best closed --json", STARTED)
    assert done.returncode == 0, done
    assert Path("runs/evoheur.db").read_bytes().startswith(b"SQLite format 3\0")


def test_a_run_goes_on_where_its_output_is_full_and_fails_at_its_end(write_config: Callable[..., str]) -> None:
    """Paid for, it is not thrown away; but what was asked for, the output, is not there."""
    done = shell(f"$E run {write_config()} --name full > /dev/full; echo $? >&2; $E runs --json")
    said, code = done.stderr.splitlines()
    assert "ConsoleObserver cannot write (No space left on device)" in said
    assert code == "1"
    assert '"status": "finished"' in done.stdout


def test_an_event_log_on_a_full_disk_is_told_in_one_line(write_config: Callable[..., str]) -> None:
    done = shell(f"$E run {write_config()} --name full --log /dev/full -q; echo $?")
    assert done.stdout == "1\n"
    assert done.stderr.count("\n") == 1
    assert "JsonlObserver cannot write (No space left on device)" in done.stderr


def test_what_was_printed_before_an_error_is_not_lost() -> None:
    """Giving standard output up is only for one that takes no more."""
    program = "import sys; from evoheur.cli.main import run; print('before'); sys.exit(run(['nonsense']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "before\n")
