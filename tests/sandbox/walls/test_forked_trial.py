"""Finding out by trying."""

import os
import signal
from functools import partial

from evoheur.sandbox.walls.forked_trial import refusal


def _refuse(message: str) -> None:
    raise PermissionError(1, message)


def test_refusal_is_quoted() -> None:
    """The kernel's words come back from the process that heard them."""
    assert refusal(partial(_refuse, "mount on /: not today")) == "mount on /: not today"


def test_success_is_silent() -> None:
    """What was done is gone with the process that did it."""
    folder = os.getcwd()  # noqa: PTH109 - the process's own, as the kernel has it
    assert refusal(partial(os.chdir, "/")) == ""
    assert os.getcwd() == folder  # noqa: PTH109


def test_death_is_a_refusal() -> None:
    """An attempt that kills its process has not succeeded."""
    assert "wait status 9" in refusal(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert "wait status 256" in refusal(_fail)


def _fail() -> None:
    raise AssertionError("a slip of our own")
