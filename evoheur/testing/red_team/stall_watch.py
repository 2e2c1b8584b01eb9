"""A clock that stands still with the machine.

It is a last resort, too, for attacks that nothing else ends.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from evoheur.sandbox.proctree import descendants
from evoheur.testing.red_team.attack import Verdict

__all__ = ["Watch", "unless_still"]

_BEAT = 0.1  # seconds
_RETRIES = 2


class Watch:
    """Counts seconds that the machine ran; a context manager.

    It counts by beats of its own thread, and kills everything below this process after too many. Virtual machines pause, and laptops are
    closed: time that passed without a beat is no attack's doing.

    Args:
        patience: Seconds after which whatever runs below this process is killed, so that whoever waits for it goes on.

    Attributes:
        bit: Whether it has come to that.
        stood_still: Whether so much time is missing that deadlines may have passed without anyone's fault.
    """

    def __init__(self, patience: float) -> None:
        self.bit = False
        self.stood_still = False
        self._beats = 0
        self._most = int(patience / _BEAT)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    @property
    def seconds(self) -> float:
        """Time in which the machine ran."""
        return self._beats * _BEAT

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        last = time.monotonic()
        while not self._over.wait(_BEAT):
            now = time.monotonic()
            self.stood_still |= now - last > 1.0
            last = now
            self._beats += 1
            if self._beats == self._most:
                self.bit = True
                for pid in descendants(os.getpid()):
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(pid, signal.SIGKILL)


def unless_still(shoot: Callable[[Watch], Verdict], patience: float) -> Verdict:
    """Run an attack again after the machine stood still.

    It is run again if there was damage meanwhile, since deadlines then passed by themselves.

    Args:
        shoot: Lets one attack loose under a watch that it starts itself.
        patience: See `Watch`.
    """
    watch = Watch(patience)
    verdict = shoot(watch)
    for _ in range(_RETRIES):
        if verdict.blocked or not watch.stood_still:
            break
        watch = Watch(patience)
        verdict = shoot(watch)
    return verdict
