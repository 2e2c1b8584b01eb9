"""Isolation level `process`: resource limits and nothing else.

The guest is a plain child process, and its children have the limits. Contains crashes, endless loops, memory, output and orphans. Does
not keep a candidate from the user's files or the network, nor from killing the guest, which costs that candidate its session and the next
one a restart.
"""

import atexit
import contextlib
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from evoheur.sandbox.fork_server import ForkedGuest, ForkServer, ForkServerLost
from evoheur.sandbox.guest_link import REACTION_SECONDS
from evoheur.sandbox.interface import Entry, Json, SandboxUnavailable
from evoheur.sandbox.proctree import GUEST_MARK, kill_marked
from evoheur.sandbox.warm_sandbox import WarmSandbox
from evoheur.sandbox.wire import Channel

__all__ = ["FORK_SERVERS", "ForkServers", "LocalGuest", "ProcessSandbox", "guest_environment"]

_LAST_WORDS = 4000  # bytes of standard error that are kept while a guest starts
_SWEEP_SECONDS = 10.0
_KEPT = 4  # runs need one; tests and the red team take turns between several


class ProcessSandbox(WarmSandbox):
    """Runs candidates in limited children of a warm guest.

    Args:
        entry: What runs inside.
        start_seconds: How long the guest may take to start, its entry's setup included.
        reaction_seconds: How long the guest may take to obey before it counts as lost.
    """

    def __init__(self, entry: Entry, *, start_seconds: float = 120.0, reaction_seconds: float = REACTION_SECONDS) -> None:
        super().__init__(
            entry,
            lambda: LocalGuest(entry),
            confinement="evoheur.sandbox.limits",
            level="process",
            start_seconds=start_seconds,
            reaction_seconds=reaction_seconds,
        )


class ForkServers:
    """The fork servers of this process, which all its sandboxes share.

    There is one for each entry's module and environment, started when it is first needed, and kept until the process ends, or until
    others have been needed more lately. Thread-safe: whoever comes while one is starting waits for it.

    Args:
        kept: How many may be kept.
    """

    def __init__(self, *, kept: int = _KEPT) -> None:
        self._kept = kept
        self._servers: dict[tuple[str, tuple[tuple[str, str], ...]], ForkServer] = {}  # the one needed last comes last
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def fork(
        self,
        module: str,
        environment: Mapping[str, str],
        mark: str,
        *,
        control: int,
        errors: int,
        shared: tuple[str, Mapping[str, Json]] | None = None,
    ) -> ForkedGuest | None:
        """Fork a guest; a server that is lost is replaced. See `evoheur.sandbox.fork_server.ForkServer.fork`.

        Args:
            module: Its entry's module.
            environment: All of its environment variables but the mark.
            mark: Value of its mark.
            control: Descriptor that becomes its control socket.
            errors: Descriptor that becomes its standard error.
            shared: Confinement and options of what the server is to do first, for all such guests; see `ForkServer.share`.

        Returns:
            None if there is no server to be had, such as for a module that cannot be imported.

        Raises:
            OSError: The kernel refuses to fork.
        """
        key = module, tuple(sorted(environment.items()))
        with self._lock:
            self._forget_those_of_a_parent()
            while True:
                known = self._servers.pop(key, None)
                try:
                    server = self._servers[key] = known or ForkServer(module, environment)
                    if shared:
                        server.share(*shared)
                    return server.fork(mark, control=control, errors=errors)
                except ForkServerLost:
                    self._servers.pop(key, None)
                    if known is None:
                        return None
                finally:
                    while len(self._servers) > self._kept:
                        self._servers.pop(next(iter(self._servers))).close()

    def pids(self) -> list[int]:
        """Process ids of the servers that are kept."""
        with self._lock:
            self._forget_those_of_a_parent()
            return [server.pid for server in self._servers.values()]

    def close(self) -> None:
        """End all servers; harmless when repeated.

        Their guests live on. A later guest starts a new one.
        """
        with self._lock:
            self._forget_those_of_a_parent()
            while self._servers:
                self._servers.popitem()[1].close()

    def _forget_those_of_a_parent(self) -> None:
        # A fork of this process shares their sockets, but must not use them.
        if self._owner != os.getpid():
            self._servers.clear()
            self._owner = os.getpid()


FORK_SERVERS = ForkServers()
"""Those that sandboxes use."""

atexit.register(FORK_SERVERS.close)


class LocalGuest:
    """A guest on this machine, in a session of its own.

    A fork server forks it; where none is to be had, this interpreter is started once more, and tells what fails.

    Args:
        entry: What runs inside; its environment comes on top of `guest_environment`.
        fork_servers: Where to get a fork server; without, none is used.
        shared: See `ForkServers.fork`.

    Raises:
        SandboxUnavailable: It cannot be started.
    """

    def __init__(
        self,
        entry: Entry,
        *,
        fork_servers: ForkServers | None = FORK_SERVERS,
        shared: tuple[str, Mapping[str, Json]] | None = None,
    ) -> None:
        self.token = secrets.token_hex(16)
        environment = {**guest_environment(), **dict(entry.environment)}
        ours, theirs = socket.socketpair()
        self._errors, their_errors = os.pipe()
        os.set_blocking(self._errors, False)
        self._process: ForkedGuest | subprocess.Popen[bytes]
        try:
            forked = fork_servers and fork_servers.fork(
                entry.module, environment, self.token, control=theirs.fileno(), errors=their_errors, shared=shared
            )
            self._process = forked or _start_alone(environment, self.token, control=theirs.fileno(), errors=their_errors)
        except BaseException as error:
            ours.close()
            os.close(self._errors)
            if isinstance(error, OSError):
                raise SandboxUnavailable(f"The guest cannot be started with {sys.executable!r}: {error}.") from error
            raise
        finally:
            theirs.close()
            os.close(their_errors)
        self.control = Channel(ours)
        self._words = b""
        self._ended = False

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def watch_start(self, deadline: float) -> None:
        """See `evoheur.sandbox.guest_link.GuestProcess.watch_start`; keeps standard error drained meanwhile."""
        poll = select.poll()
        poll.register(self.control.fileno(), select.POLLIN)
        poll.register(self._errors, select.POLLIN)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the guest is still starting")
            ready = {descriptor for descriptor, _ in poll.poll(1000 * left)}
            if self._errors in ready and not self._hear():
                poll.unregister(self._errors)
            if self.control.fileno() in ready:
                return

    def last_words(self) -> str:
        """See `evoheur.sandbox.guest_link.GuestProcess.last_words`; call it after `terminate`, when no more can come."""
        return self._words.decode(errors="replace")

    def terminate(self, *, patience: float) -> None:
        """See `evoheur.sandbox.guest_link.GuestProcess.terminate`."""
        if self._ended:
            return
        self._ended = True
        self.control.close()
        if not self._ends_by_itself(patience):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._process.returncode != 0:  # otherwise it has seen to its children itself
            kill_marked(self.token, seconds=_SWEEP_SECONDS)
        while self._hear():
            pass
        os.close(self._errors)

    def _ends_by_itself(self, patience: float) -> bool:
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _hear(self) -> bool:
        # False at the end of standard error: the guest closed it because it is ready, or is dead.
        try:
            heard = os.read(self._errors, 65536)
        except BlockingIOError:  # a process that setup started has it open still
            return False
        self._words = (self._words + heard)[-_LAST_WORDS:]
        return bool(heard)


def _start_alone(environment: Mapping[str, str], mark: str, *, control: int, errors: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", "evoheur.sandbox.guest", str(control)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        env={**environment, GUEST_MARK: mark},
        cwd="/",
        start_new_session=True,
        pass_fds=(control,),
    )


def guest_environment() -> dict[str, str]:
    """All environment variables of a guest.

    Nothing is inherited, so no key of the user can leak. One thread per library, because a guest is forked and a process with threads
    cannot be; the hash seed is fixed so that sets of strings iterate in one order for every candidate.
    """
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    return {
        **threads,
        "NUMBA_THREADING_LAYER": "omp",  # the one layer whose one-threaded kernels survive a fork
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        # The trusted side's own import path, so that both sides see the same modules even where nothing is installed.
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if Path(entry).is_absolute()),
    }
