"""The part that sandboxes of all levels share.

It keeps one warm guest, opens sessions in it, and replaces it when it is lost.
"""

import socket
from collections.abc import Callable, Mapping

from evoheur.sandbox.guest_link import REACTION_SECONDS, GuestGone, GuestLink, GuestProcess
from evoheur.sandbox.guest_session import GuestSession, processor_limit
from evoheur.sandbox.interface import Entry, Json, Limits, Report, SandboxUnavailable
from evoheur.sandbox.lockstep_process import LockStepProcess
from evoheur.sandbox.wire import Channel, encode

__all__ = ["WarmSandbox"]

_ATTEMPTS = 2  # a guest may have died unnoticed since the last session; a new one that dies at once is broken


class WarmSandbox:
    """A `Sandbox` over guests that `launch` starts.

    The first one starts at the first `open`.

    Args:
        entry: What runs inside.
        launch: Starts a guest process, not yet booted.
        confinement: Name of what confines guest and children, as `evoheur.sandbox.guest_link.GuestLink.boot` takes it.
        options: Keyword arguments for it.
        level: The isolation to report until a guest has said what is in force.
        start_seconds: How long a guest may take to start; its setup may compile for a while.
        reaction_seconds: How long a guest may take to obey before it counts as lost.
    """

    def __init__(
        self,
        entry: Entry,
        launch: Callable[[], GuestProcess],
        *,
        confinement: str,
        options: Mapping[str, Json] | None = None,
        level: str,
        start_seconds: float,
        reaction_seconds: float = REACTION_SECONDS,
    ) -> None:
        self._entry = entry
        self._launch = launch
        self._confinement = confinement
        self._options = options or {}
        self._level = level
        self._reason = ""
        self._start_seconds = start_seconds
        self._reaction_seconds = reaction_seconds
        self._link: GuestLink | None = None
        self._session: GuestSession | None = None
        self._lockstep = LockStepProcess()

    @property
    def level(self) -> str:
        """The isolation in force."""
        return self._level

    @property
    def reason(self) -> str:
        """Why the isolation in force is not stronger.

        It is for a person; empty if it is the strongest, or none has started yet.
        """
        return self._reason

    def start(self) -> None:
        """See `evoheur.sandbox.interface.Sandbox.start`."""
        self._warm_guest()

    def open(self, payload: Json, limits: Limits) -> tuple[GuestSession, Report]:
        """See `evoheur.sandbox.interface.Sandbox.open`.

        Raises:
            RuntimeError: The previous session is still open.
            SandboxUnavailable: The guest cannot be started (again).
            ValueError: The payload is no JSON.
        """
        if self._session is not None and not self._session.closed:
            raise RuntimeError("A sandbox has one session at a time; close the previous one before opening the next.")
        encode(payload)
        self._session = self._fork(limits)
        return self._session, self._session.open(payload)

    def close(self) -> None:
        """End the guest and its children; harmless when repeated.

        A later `open` starts a new guest.
        """
        if self._session is not None:
            self._session.close()
            self._session = None
        if self._link is not None:
            self._link.close()
            self._link = None
        self._lockstep.close()

    def _fork(self, limits: Limits) -> GuestSession:
        reason = ""
        for _ in range(_ATTEMPTS):
            link = self._warm_guest()
            ours, theirs = socket.socketpair()
            try:
                link.fork(limits, cpu_seconds=processor_limit(limits), descriptor=theirs.fileno())
            except GuestGone as error:
                ours.close()
                reason = str(error)
            except BaseException:  # a bad descriptor, too, where another thread closes the sandbox meanwhile
                ours.close()
                raise
            else:
                return GuestSession(link, Channel(ours), limits, self._lockstep)
            finally:
                theirs.close()
        raise SandboxUnavailable(
            f"The guest for {self._entry.module} is lost as soon as it should fork: {reason}. "
            "Look for what kills it, such as a memory limit."
        )

    def _warm_guest(self) -> GuestLink:
        if self._link is None or self._link.gone:
            link = GuestLink(self._launch(), reaction_seconds=self._reaction_seconds)
            try:
                link.boot(self._entry, confinement=self._confinement, options=self._options, seconds=self._start_seconds)
            except BaseException:
                link.close()
                raise
            self._link, self._level, self._reason = link, link.level, link.reason
        return self._link
