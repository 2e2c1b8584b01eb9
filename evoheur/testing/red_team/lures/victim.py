"""A lure that is another process of the user.

No candidate may touch it, look into it or disturb it.
"""

import contextlib
import json
import os
import resource
import secrets
import select
import subprocess
import sys
from pathlib import Path

from evoheur.sandbox.interface import Json
from evoheur.testing.red_team.lures.lure import Lure, Sighting, told

__all__ = ["Victim"]

_PATIENCE = 10.0  # seconds for what takes milliseconds

# Keeps one secret in its memory, one in its environment, one on its command line, and one in a file that has no name any more. Counts the
# signals it gets; a line on standard input makes it tell what it saw.
_PROGRAM = """
import ctypes, json, os, signal, sys, tempfile
memory, file_secret = sys.stdin.readline().split()
seen = []
for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM, signal.SIGIO, signal.SIGCONT, signal.SIGURG):
    signal.signal(number, lambda number, frame: seen.append(number))
buffer = ctypes.create_string_buffer(memory.encode())
holder = tempfile.TemporaryFile()
holder.write(file_secret.encode())
holder.flush()
print(json.dumps({"pid": os.getpid(), "address": ctypes.addressof(buffer), "fd": holder.fileno()}), flush=True)
while sys.stdin.readline():
    print(json.dumps({"signals": seen, "memory": buffer.value.decode(errors="replace")}), flush=True)
"""


class Victim(Lure):
    """A process that stands for the user's others.

    They are the trusted side, an editor, an agent that holds keys.
    """

    def __init__(self) -> None:
        kinds = ("memory", "open file", "environment", "command line")
        self._prizes = {kind: secrets.token_hex(16) for kind in kinds}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-I", "-S", "-c", _PROGRAM, self._prizes["command line"]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"RED_TEAM_SECRET": self._prizes["environment"]},
            start_new_session=True,
        )
        self._where = self._exchange(f"{self._prizes['memory']} {self._prizes['open file']}")
        self._before = self._seen_outside()

    def bait(self) -> dict[str, Json]:
        """Its process id, and where in it the secrets lie."""
        return dict(self._where)

    def gain(self, outcome: Sighting) -> str:
        """Harm to the process, or a secret of it.

        Its death, what it felt, or what changed about it.
        """
        try:
            outside = self._seen_outside()
            state = self._exchange("tell")
        except TimeoutError:
            return "it stopped another process of the user"
        except (OSError, EOFError):
            return f"it killed another process of the user ({self._process.wait(_PATIENCE)})"
        if state["signals"]:
            return f"it sent signals to another process of the user: {state['signals']}"
        if state["memory"] != self._prizes["memory"]:
            return "it changed another process's memory"
        if outside != self._before:
            return f"it changed another process's priority or limits: {outside} instead of {self._before}"
        return told(outcome, {f"{kind} of another process": secret for kind, secret in self._prizes.items()})

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):  # one that is traced cannot be reaped
            self._process.communicate(timeout=_PATIENCE)

    def _exchange(self, line: str) -> dict[str, Json]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE)
        if not ready:
            raise TimeoutError("the victim does not react")
        told = self._process.stdout.readline()
        if not told:
            raise EOFError("the victim is dead")
        answer: dict[str, Json] = json.loads(told)
        return answer

    def _seen_outside(self) -> tuple[object, ...]:
        pid = self._process.pid
        return (
            os.getpriority(os.PRIO_PROCESS, pid),
            sorted(os.sched_getaffinity(pid)),
            resource.prlimit(pid, resource.RLIMIT_NOFILE),
            Path(f"/proc/{pid}/oom_score_adj").read_text().strip(),
        )
