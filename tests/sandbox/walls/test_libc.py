"""Calling the C library."""

import errno
import os

import pytest

from evoheur.sandbox.walls.libc import control, invoke, system_call


def test_answers_and_arguments() -> None:
    """Integers, bytes and null pointers arrive."""
    assert invoke("getppid") == os.getppid()
    assert invoke("access", b"/", os.R_OK) == 0
    assert control(3) in {0, 1, 2}  # PR_GET_DUMPABLE


def test_errors_name_the_function() -> None:
    """A failure is an OSError of the right kind, whose text says what was called."""
    with pytest.raises(FileNotFoundError, match="chdir: No such file") as caught:
        invoke("chdir", b"/no/such/folder")
    assert caught.value.errno == errno.ENOENT
    with pytest.raises(OSError, match="syscall: "):
        system_call(100_000)
