"""The trusted side's control over one guest.

It boots it, has it fork, measure and kill, and knows when it is lost.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from evoheur.sandbox.exception_text import printable
from evoheur.sandbox.interface import Entry, Json, Limits, SandboxUnavailable
from evoheur.sandbox.wire import Channel, Closed, Malformed, TooLarge, decode, encode

__all__ = ["REACTION_SECONDS", "ChildEnd", "GuestGone", "GuestLink", "GuestProcess"]

REACTION_SECONDS = 30.0
"""For a guest to do what takes milliseconds, on a machine that has better things to do."""

_FAREWELL = 2.0  # seconds to end by itself when nobody needs it any more
_MAX_REPLY = 1 << 16
_NO_OPTIONS: Mapping[str, Json] = {}


class GuestGone(Exception):
    """The guest died or does not obey.

    It and all that it started have been killed, and another must be started.
    """


class GuestProcess(Protocol):
    """A started guest: a process, a container or the like.

    This is what the level that started it knows of it.
    """

    @property
    def control(self) -> Channel:
        """The trusted end of the control channel."""

    def watch_start(self, deadline: float) -> None:
        """Wait until the control channel is readable or has ended.

        Raises:
            TimeoutError: Neither happened before `deadline` on the monotonic clock.
        """

    def last_words(self) -> str:
        """The end of its standard error while starting."""

    def terminate(self, *, patience: float) -> None:
        """End the guest and kill all that is left.

        Its control channel is closed; then it has `patience` seconds to end by itself.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnd:
    """How a child ended, as the kernel told the guest.

    Attributes:
        exit: Exit code; None if a signal ended it.
        signal: Number of that signal; None if it exited.
        lingered: It was still alive when the guest killed it, so that exit and signal tell nothing.
        cpu_seconds: Processor time of its whole life, in seconds.
    """

    exit: int | None
    signal: int | None
    lingered: bool
    cpu_seconds: float


class GuestLink:
    """Control over one guest.

    Once it is `gone`, every call raises `GuestGone`.

    Args:
        process: The guest, started but not booted.
        reaction_seconds: How long it may take to obey before it counts as lost.
    """

    def __init__(self, process: GuestProcess, *, reaction_seconds: float = REACTION_SECONDS) -> None:
        self._process = process
        self._reaction_seconds = reaction_seconds
        self.gone = False
        self.level = ""
        self.reason = ""

    @property
    def control(self) -> Channel:
        """The control channel, to poll.

        Silent while no call is made; readable only when the guest is lost.
        """
        return self._process.control

    def boot(self, entry: Entry, *, confinement: str, options: Mapping[str, Json] = _NO_OPTIONS, seconds: float) -> None:
        """Have the guest import and set up the entry and confine itself.

        Args:
            entry: What runs inside.
            confinement: Name of a module, or "module:class" of an object, that is a `evoheur.sandbox.limits.Confinement`.
            options: Keyword arguments of that class.
            seconds: How long all this may take.

        Raises:
            SandboxUnavailable: It failed or took longer than `seconds`.
        """
        deadline = time.monotonic() + seconds
        how = {"confinement": confinement, "options": dict(options)}
        frame = encode({"module": entry.module, "payload": entry.payload, **how})
        try:
            self._process.control.send(frame, deadline=deadline)
            self._process.watch_start(deadline)
            reply = decode(self._process.control.receive(limit=_MAX_REPLY, deadline=deadline))
            # Written before any candidate ran, so by our own code.
            self.level, self.reason = str(reply["level"]), str(reply.get("reason", ""))
        except TimeoutError as error:
            self.close()
            raise SandboxUnavailable(f"The guest for {entry.module} was not ready within {seconds:g} s.{self._why()}") from error
        except (Closed, Malformed, TooLarge) as error:
            self.close()
            raise SandboxUnavailable(f"The guest for {entry.module} could not start.{self._why()}") from error

    def fork(self, limits: Limits, *, cpu_seconds: int, descriptor: int) -> None:
        """Start a child with a copy of `descriptor` as its channel.

        Raises:
            GuestGone: The guest is lost.
            SandboxUnavailable: The kernel refuses to fork.
        """
        message = {
            "do": "fork",
            "cpu_seconds": cpu_seconds,
            "memory_bytes": limits.memory_mib * 1024 * 1024,
            "output_bytes": limits.output_bytes,
        }
        reply = self._command(message, descriptor=descriptor)
        if "refused" in reply:
            refusal = printable(str(reply["refused"]), 200)
            raise SandboxUnavailable(f"The guest cannot fork a child: {refusal}. Free memory or processes and try again.")

    def cpu_seconds(self) -> float:
        """Processor time of the child so far, in seconds.

        Its own descendants are not counted.

        Raises:
            GuestGone: The guest is lost.
        """
        reply = self._command({"do": "cpu"})
        try:
            return float(reply["cpu_seconds"])
        except (KeyError, TypeError, ValueError):
            self._abandon(f"the guest process sent nonsense: {reply!r:.200}")

    def end(self, *, grace: float) -> ChildEnd:
        """Kill the child and everything below it.

        Args:
            grace: Seconds in which it may still die by itself, so that the cause is its own.

        Raises:
            GuestGone: The guest is lost, or could not kill all.
        """
        reply = self._command({"do": "end", "grace": grace}, beyond=grace)
        try:
            left, ending = _read_ending(reply)
        except (KeyError, TypeError, ValueError):
            self._abandon(f"the guest process sent nonsense: {reply!r:.200}")
        if left:
            self._abandon(f"{left} processes of the candidate outlived their killing")
        return ending

    def close(self) -> None:
        """End the guest with its children; harmless when repeated."""
        if not self.gone:
            self.gone = True
            self._process.terminate(patience=_FAREWELL)

    def _command(self, message: dict[str, Any], *, descriptor: int | None = None, beyond: float = 0.0) -> dict[str, Any]:
        if self.gone:
            raise GuestGone("the guest has ended")
        patience = self._reaction_seconds + beyond
        deadline = time.monotonic() + patience
        try:
            self._process.control.send(encode(message), deadline=deadline)
            if descriptor is not None:
                self._process.control.send_descriptor(descriptor)
            reply = decode(self._process.control.receive(limit=_MAX_REPLY, deadline=deadline))
        except Closed:
            self._abandon("the guest process was killed or crashed")
        except TimeoutError:
            self._abandon(f"the guest process did not react within {patience:g} s")
        except OSError as error:
            if not self.gone:
                raise
            raise GuestGone("the guest was ended by another thread meanwhile") from error
        except (Malformed, TooLarge) as error:
            self._abandon(f"the guest process sent nonsense: {error}")
        if not isinstance(reply, dict):
            self._abandon(f"the guest process sent nonsense: {reply!r:.200}")
        return reply

    def _abandon(self, reason: str) -> NoReturn:
        self.gone = True
        self._process.terminate(patience=0.0)
        raise GuestGone(reason)

    def _why(self) -> str:
        words = self._process.last_words().strip()
        return f" It said:\n{printable(words, 4000)}" if words else " It said nothing on standard error."


def _read_ending(reply: dict[str, Any]) -> tuple[int, ChildEnd]:
    # The guest ran beside untrusted code, which may have changed it: what it says is read as carefully as a candidate's answer.
    return int(reply["left"]), ChildEnd(
        exit=None if reply["exit"] is None else int(reply["exit"]),
        signal=None if reply["signal"] is None else int(reply["signal"]),
        lingered=bool(reply["lingered"]),
        cpu_seconds=float(reply["cpu_seconds"]),
    )
