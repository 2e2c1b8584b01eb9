"""Lures that are the host itself.

Its environment, its standard streams, its memory, its descriptors, and what is left running on its machine.
"""

import contextlib
import os
import secrets
import signal
import tempfile
import time
import tracemalloc
from pathlib import Path

from evoheur.sandbox.interface import Json, ReportStatus
from evoheur.testing.red_team.lures.lure import Lure, Sighting, Word, told

__all__ = ["Believed", "Environment", "HostDescriptors", "HostMemory", "Output", "Stray", "WarmProcess"]

_MUCH = 16 << 20  # bytes; the attacks may answer with 64 KiB
_SHOWN_WITHIN = 2.0  # seconds for a started process to become the program that it is known by


class Environment(Lure):
    """A key in the environment of the trusted process.

    Users keep theirs there.
    """

    _NAME = "RED_TEAM_API_KEY"

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)
        os.environ[self._NAME] = self._secret

    def gain(self, outcome: Sighting) -> str:
        """The key."""
        return told(outcome, {"API key": self._secret})

    def close(self) -> None:
        """Take the key out of the environment."""
        del os.environ[self._NAME]


class Output(Lure):
    """The host's standard output and error, led to a file.

    Guests that start meanwhile might inherit them.
    """

    def __init__(self) -> None:
        self._mark = secrets.token_hex(8)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the lure is out
        self._saved = (os.dup(1), os.dup(2))
        os.dup2(self._file.fileno(), 1)
        os.dup2(self._file.fileno(), 2)

    def bait(self) -> dict[str, Json]:
        """What it should write."""
        return {"mark": self._mark}

    def gain(self, outcome: Sighting) -> str:  # noqa: ARG002 - the file decides
        """How much of it came out."""
        self._file.seek(0)
        times = self._file.read().count(self._mark.encode())
        return f"it wrote {times * len(self._mark) >> 10} KiB to the host's terminal" if times else ""

    def close(self) -> None:
        """Lead the streams back."""
        for stream, saved in zip((1, 2), self._saved, strict=True):
            os.dup2(saved, stream)
            os.close(saved)
        self._file.close()


class HostMemory(Word):
    """Counts what Python allocates in the trusted process meanwhile."""

    def __init__(self) -> None:
        self._tracing = tracemalloc.is_tracing()
        if not self._tracing:
            tracemalloc.start()
        tracemalloc.reset_peak()
        self._before = tracemalloc.get_traced_memory()[0]

    def gain(self, outcome: Sighting) -> str:
        """Too much memory, or an answer that counts.

        Far more memory than the answer that was allowed, or an answer that should not count.
        """
        peak = tracemalloc.get_traced_memory()[1] - self._before
        if peak > _MUCH:
            return f"it made the host allocate {peak >> 20} MiB"
        return super().gain(outcome)

    def close(self) -> None:
        """Stop counting."""
        if not self._tracing:
            tracemalloc.stop()


class HostDescriptors(Lure):
    """Counts the open descriptors of the trusted process."""

    def __init__(self) -> None:
        self._before = self._count()

    def gain(self, outcome: Sighting) -> str:  # noqa: ARG002 - the table decides
        """More descriptors than a session's own.

        The attacker's session is closed, but a guest may have been started for it.
        """
        more = self._count() - self._before
        return f"it left {more} open descriptors in the host" if more > 8 else ""

    def _count(self) -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())


class Believed(Word):
    """A forged answer that the host takes, or breaks on.

    It is for forged frames.
    """

    def gain(self, outcome: Sighting) -> str:
        """A forged answer that counts, or a failed host.

        It counts whichever question it was for.
        """
        if outcome.last.detail.startswith("host:"):
            return f"it broke the host: {outcome.last.detail[5:]}"
        forged = [report.value for report in outcome.reports[1:] if report.status is ReportStatus.OK and report.value != "honest"]
        return f"its forged answer was believed: {forged[0]!r:.60}" if forged else ""


class WarmProcess(Lure):
    """The warm process that candidates come from."""

    def gain(self, outcome: Sighting) -> str:
        """The loss of the warm process."""
        return f"it took the guest with it: {outcome.last.detail}" if "the guest" in outcome.last.detail else ""


class Stray(Lure):
    """A process that outlives its candidate.

    It is known by a mark on its command line, which nothing else has.
    """

    def __init__(self) -> None:
        self._mark = f"red-team-{secrets.token_hex(8)}"

    def bait(self) -> dict[str, Json]:
        """The mark."""
        return {"mark": self._mark}

    def gain(self, outcome: Sighting) -> str:
        """How many processes live on.

        They may need a moment between fork and exec to show the mark: seconds on a machine that has better things to do, which are waited
        for only where the attack says that it succeeded.
        """
        deadline = time.monotonic() + (_SHOWN_WITHIN if outcome.last.status is ReportStatus.OK else 0.0)
        time.sleep(0.05)
        while not (alive := self._alive()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return f"it left {len(alive)} processes running" if alive else ""

    def close(self) -> None:
        """Kill what lives on."""
        for pid in self._alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _alive(self) -> list[int]:
        found: list[int] = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                if self._mark.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found
