"""The owner of a container, as a word.

It tells later whether that process still lives.
"""

import os
from pathlib import Path

__all__ = ["has_died", "this_process"]

_PROC = Path("/proc")
_START_TIME = 19  # of the fields of /proc/PID/stat after the command, counted from 0


def this_process() -> str:
    """This process as a word.

    The word is unique among all processes that this machine has run since it was switched on.
    """
    return f"{_machine()}/{os.getpid()}/{_start_time(os.getpid())}"


def has_died(owner: str) -> bool:
    """True if a process of this machine has ended.

    It counts as ended if it ran on this machine, among the processes that can be seen from here, and does so no more. Of a process
    elsewhere, in another container for example, nothing can be said.

    Args:
        owner: What `this_process` told there.
    """
    machine, _, rest = owner.rpartition("/")[0].rpartition("/")
    started = owner.rpartition("/")[2]
    return machine == _machine() and rest.isdecimal() and _start_time(int(rest)) != started


def _machine() -> str:
    boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{(_PROC / 'self/ns/pid').readlink()}"


def _start_time(pid: int) -> str:
    # Numbers of processes are used again; together with the time of the start they are not.
    try:
        return (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()[_START_TIME].decode()
    except FileNotFoundError:
        return ""
