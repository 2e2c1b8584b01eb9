import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evoheur.cli.main import run
from evoheur.cli.terminal.machine_faults import fault_of_machine
from evoheur.errors import ExecutorError
from tests.evoheur.cli.support.processes import ROOT
from tests.evoheur.cli.test_main import failing

NAMED = [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.ELOOP, errno.EMFILE, errno.ENFILE]


def of(number: int, path: str | None = None) -> OSError:
    return OSError(number, os.strerror(number), path)


@pytest.mark.parametrize("number", NAMED)
def test_a_fault_of_the_machine_is_no_bug(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], command=failing(of(number, "/data/x"))) == 1
    message = capsys.readouterr().err
    assert "bug" not in message
    assert message.count("\n") == 1
    assert "; " in message  # what happened; what to do


def test_the_file_is_named_where_it_is_known() -> None:
    assert "'/data/x'" in fault_of_machine(of(errno.ENOSPC, "/data/x"))


def test_other_errors_are_none_of_the_machines() -> None:
    assert fault_of_machine(ValueError("x")) == ""
    assert fault_of_machine(of(errno.ENOENT, "package/file")) == ""


def test_too_few_open_files_are_told_with_the_limit_and_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where they are what is behind an error of our own."""
    error = ExecutorError("The guest cannot be started.")
    error.__cause__ = of(errno.EMFILE)
    assert run([], command=failing(error)) == 1
    message = capsys.readouterr().err
    assert "The guest cannot be started." in message
    assert "files open at once" in message
    assert "ulimit -n" in message


def test_errors_that_refer_to_each_other_end() -> None:
    one, other = ValueError(), ValueError()
    one.__context__, other.__context__ = other, one
    assert fault_of_machine(one) == ""


@pytest.mark.parametrize(
    "limit", [10, pytest.param(16, marks=pytest.mark.nightly), 32, pytest.param(64, marks=pytest.mark.nightly)]
)
def test_a_low_limit_of_open_files_is_enough_or_is_told(limit: int, write_config: Callable[..., str], tmp_path: Path) -> None:
    line = f"ulimit -n {limit}; exec {sys.executable} -m evoheur run {write_config()} --name few -q"
    done = subprocess.run(
        ["bash", "-c", line], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert "bug" not in done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode == 0:
        assert limit > 10
        assert done.stderr == ""
    else:
        assert "ulimit -n" in done.stderr.splitlines()[-1]


def test_a_soft_limit_is_raised_as_far_as_it_may_be(tmp_path: Path) -> None:
    program = "import resource; from evoheur.cli.terminal.machine_faults import grant_open_files as g; g(); print(resource.getrlimit(7)[0])"
    line = f'ulimit -Sn 20; exec {sys.executable} -c "{program}"'
    done = subprocess.run(
        ["bash", "-c", line], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 1024


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    line = f"mkdir gone; cd gone; rmdir ../gone; exec {sys.executable} -P -m evoheur doctor"
    done = subprocess.run(
        ["bash", "-c", line],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "error: The working folder is not there any more; go to one that is.\n")
