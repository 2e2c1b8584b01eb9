"""The interface of every isolation level.

A warm guest opens one limited child per candidate and relays questions to it. The trusted side asks, the child answers; clocks, deadlines
and kills are on the trusted side. Nothing that comes back is trusted: an answer is JSON of unknown shape, and everything that can go
wrong with a child is a `Report`, never an exception.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, Self, TypeAlias

__all__ = ["Entry", "Json", "Limits", "Report", "ReportStatus", "Sandbox", "SandboxUnavailable", "Session"]

Json: TypeAlias = Any


class SandboxUnavailable(Exception):
    """The sandbox itself cannot work.

    The guest does not start, or a feature of the kernel is missing: our fault, never the candidate's.
    """


class ReportStatus(StrEnum):
    """How one question to a child ended."""

    OK = "ok"
    ERROR = "error"  # the child's code raised; detail has the shortened traceback
    TIMEOUT = "timeout"  # deadline on the trusted clock, or processor limit
    MEMORY = "memory"
    OUTPUT = "output"  # the answer was larger than Limits.output_bytes
    CRASHED = "crashed"  # the child (or the guest with it) died
    FORFEIT = "forfeit"  # the answer broke the protocol: wrong nonce, before its question, not JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may use.

    Attributes:
        load_seconds: Wall and processor time for opening the candidate (compiling its source), in seconds.
        cpu_seconds: Processor time for each question, in seconds. A dialogue has what the child's sum over `questions` leaves it.
        wall_seconds: Wall time for each question, in seconds: the safety net on a busy machine. A child that computes and is kept from
            the processor by others gets up to three times as long, for loading too.
        memory_mib: Address space beyond what the warm guest itself maps, in MiB.
        output_bytes: Largest answer, in bytes.
        questions: How many questions the session will ask; scales the processor limit.
    """

    load_seconds: float = 10.0
    cpu_seconds: float = 20.0
    wall_seconds: float = 60.0
    memory_mib: int = 1024
    output_bytes: int = 16 * 1024 * 1024
    questions: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The code that runs inside the guest.

    Attributes:
        module: Importable module with `setup(payload)`, called once in the warm guest, and `open_candidate(payload)`, called in the
            child, which returns the function that answers questions (JSON in; JSON or a `BinaryAnswer` out). An answer that is a function
            itself opens a dialogue (`Session.play`): it is told one arrival after another, and returns the decision on each. The module may
            have `threads()`, called after the setup: how many threads a child may start, none by default; and `prepare()`, called before
            the setup, maybe repeatedly, for what takes time and is the same whatever the payload: guests may share what it leaves.
        payload: What `setup` is given.
        environment: Variables for the guest beyond the few it needs; nothing is inherited.
        folders: Absolute paths of what it reads besides installed packages; a guest with files of its own is shown these, too.
        libraries: Packages that its setup imports, and of which candidates may import further modules.
    """

    module: str
    payload: Json
    environment: tuple[tuple[str, str], ...] = ()
    folders: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of opening a candidate or of one question.

    Attributes:
        status: How it ended.
        value: The answer; None unless the status is OK.
        binary: The bytes that came with the answer, if it was a `BinaryAnswer`: anything whatever, to be read by who asked.
        detail: Reason for a person, capped in length; may quote the candidate's own words.
        cpu_seconds: Processor time of the child for this step, in seconds, as the kernel counted it.
        lost: The guest is gone or does not answer, or something outside killed the child: perhaps through no fault of the candidate,
            who should be tried again before it is blamed.
    """

    status: ReportStatus
    value: Json = None
    binary: bytes = field(default=b"", repr=False)
    detail: str = ""
    cpu_seconds: float = 0.0
    lost: bool = False


class Session(Protocol):
    """One child with one candidate in it.

    Ask until a report is not OK, then close.
    """

    def ask(self, question: Json) -> Report:
        """Send a question and wait for its answer.

        Waits at most the limits' wall seconds; never raises for what the child does.
        """

    def play(self, question: Json, arrivals: Sequence[Json], *, seconds: float) -> Report:
        """Play a dialogue: tell arrivals and collect decisions.

        The question opens the dialogue. Arrivals are told one by one, each only when the decision on the last one is in.

        Args:
            question: Its answer is a function (see `Entry`), else the candidate has broken the protocol.
            arrivals: What to tell.
            seconds: Wall time for all of it, so long that only a machine that is far too busy reaches it with an honest candidate.

        Returns:
            A report whose value is the list of decisions that were made; never raises for what the child does.

        Raises:
            SandboxUnavailable: The arrivals cannot be told, which is our fault.
        """

    def close(self) -> None:
        """Kill and reap the child and everything it started; harmless when repeated."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


class Sandbox(Protocol):
    """A warm guest; one session at a time.

    Not thread-safe: one sandbox per worker slot.
    """

    @property
    def level(self) -> str:
        """The isolation in force, such as "process" or "docker".

        Reports name it so. It is sure once a guest has started.
        """

    def start(self) -> None:
        """Start the guest now, if there is none.

        Without this it starts at the first `open`.

        Raises:
            SandboxUnavailable: It cannot be started.
        """

    def open(self, payload: Json, limits: Limits) -> tuple[Session, Report]:
        """Fork a child that opens the candidate.

        The limits are applied before.

        Returns:
            The session, and how opening went; when that is not OK the session is already closed.

        Raises:
            SandboxUnavailable: The guest cannot be started (again).
        """

    def close(self) -> None:
        """End the guest and its children; harmless when repeated."""
