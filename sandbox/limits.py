"""Confinement at level `process`: limits without any privilege.

They are what the kernel counts and caps for any process. A confinement is a module with these five functions, or an object with such
methods; the guest finds it by the name in its boot message. Stronger levels call these and then add walls of their own.
"""

import contextlib
import ctypes
import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = [
    "ChildLimits", "Confinement", "ConfinementRefused", "IsolationInForce", "confine_child", "confine_guest", "prepare_guest",
    "refresh_guest", "settle_guest",
]  # fmt: skip

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_MAX_FILES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildLimits:
    """What the kernel is told about one child.

    Attributes:
        cpu_seconds: Processor time in whole seconds; one more is given before a child that ignores the signal is killed.
        address_space: Mapped memory in bytes, that of the warm guest included.
        threads: How many it may start beside its own; 0 for none.
        tasks: If there are any, how many threads and processes its user may have altogether, as the kernel counts.
    """

    cpu_seconds: int
    address_space: int
    threads: int = 0
    tasks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolationInForce:
    """The isolation that is in force.

    Attributes:
        level: Its name, as reports tell it.
        reason: Why it is not stronger, for a person; empty if it is as strong as this confinement gets, or was asked to be.
    """

    level: str
    reason: str = ""


class ConfinementRefused(Exception):
    """This machine cannot give the isolation asked for.

    The message says what is missing.
    """


class Confinement(Protocol):
    """What a confinement offers."""

    def prepare_guest(self) -> None:
        """Prepare the guest before the entry's setup.

        The file system is still in view.
        """

    def settle_guest(self) -> None:
        """Settle the guest after the entry's setup.

        Called before its threads are counted and its memory is measured.

        Raises:
            ConfinementRefused: The setup left something behind that this isolation cannot do with.
        """

    def confine_guest(self) -> IsolationInForce:
        """Confine the guest; returns the isolation in force.

        Called once, after `settle_guest` and before the first fork. May go on in another process than it was called in, provided that the
        first one ends when the other does.

        Raises:
            ConfinementRefused: There is less isolation to be had than was asked for.
            OSError: The kernel refuses; the guest does not start.
        """

    def refresh_guest(self) -> None:
        """Refresh the guest; called before every fork."""

    def confine_child(self, limits: ChildLimits) -> None:
        """Confine a child before the candidate's code runs.

        Called in every child, when only the standard streams and the channel are open.

        Raises:
            OSError: The kernel refuses; the child ends without opening the candidate.
        """


def prepare_guest() -> None:
    """Let the kernel kill the guest first.

    When the machine runs out of memory, it goes before the trusted side does.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def settle_guest() -> None:
    """Nothing: the file system stays in view."""


def confine_guest() -> IsolationInForce:
    """Make orphans of candidates children of the guest.

    It can then find and kill them.
    """
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    return IsolationInForce(level="process")


def refresh_guest() -> None:
    """Nothing: this level needs no refreshing.

    Candidates leave each other what they like at this level.
    """


def confine_child(limits: ChildLimits) -> None:
    """Cap processor time, memory, files, processes and threads.

    Root may have any number of processes and threads, for the kernel does not count them.
    """
    caps = {
        resource.RLIMIT_CPU: (limits.cpu_seconds, limits.cpu_seconds + 1),
        resource.RLIMIT_AS: (limits.address_space, limits.address_space),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (_MAX_FILES, _MAX_FILES),
        resource.RLIMIT_NPROC: (limits.tasks, limits.tasks),
    }
    for kind, (soft, hard) in caps.items():
        allowed = resource.getrlimit(kind)[1]
        if allowed != resource.RLIM_INFINITY:  # a stricter limit from outside stands
            soft, hard = min(soft, allowed), min(hard, allowed)  # noqa: PLW2901
        resource.setrlimit(kind, (soft, hard))
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # last, since a change of identity would clear it


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl({option}, {value}): {os.strerror(number)}")
