"""The fork server: a process that has imported what guests need, and forks one on command.

Most of the processor time that a guest takes to start goes into importing its entry and the libraries below. The fork server does that
once for all guests of a program: each is a fork of it, and goes on as `evoheur.sandbox.guest` does from its first line, with a session, a
mark, descriptors and walls of its own. What guests are told never passes through it. It is trusted, holds no candidate, instance or key,
and obeys frames on its control socket:

    share {"confinement", "options"}                                            → {"ready"}
    fork  {"mark"} + descriptors of the guest's control socket and standard error → {"pid"} + a descriptor of it, or {"refused"}
    reap  {"pid"}                                                               → {"status"}

The end of the control stream is its lifeline. A guest has its own, and outlives a fork server that is lost.
"""

import contextlib
import ctypes
import gc
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evoheur.sandbox import guest
from evoheur.sandbox.guest_link import REACTION_SECONDS
from evoheur.sandbox.interface import Json
from evoheur.sandbox.large_pages import join_pages, private_memory
from evoheur.sandbox.proctree import GUEST_MARK, change_mark, kill_marked
from evoheur.sandbox.wire import Channel, Closed, Malformed, TooLarge, decode, encode

__all__ = ["ForkServer", "ForkServerLost", "ForkedGuest", "main"]

_IMPORT_SECONDS = 120.0
_SWEEP_SECONDS = 10.0
_MAX_FRAME = 1 << 16
_NAME = b"evoheur.sandbox.fork_server"
_NAME_OF_GUESTS = b"evoheur.sandbox.guest".ljust(len(_NAME))
_ARG_START, _ARG_END = 48, 49  # numbers of fields in proc_pid_stat(5)
_CONTROL = 3  # where a guest has its control socket, its only descriptor besides the standard streams


class ForkServerLost(Exception):
    """The fork server could not start, died, or does not react."""


class ForkServer:
    """The trusted side's control over one fork server.

    Args:
        module: What it imports.
        environment: All of its environment variables, which its guests have, too.
        reaction_seconds: How long it may take for what takes milliseconds before it counts as lost.

    Raises:
        ForkServerLost: It cannot be started, or the import fails.
    """

    def __init__(self, module: str, environment: Mapping[str, str], *, reaction_seconds: float = REACTION_SECONDS) -> None:
        self._mark = secrets.token_hex(16)
        self._reaction_seconds = reaction_seconds
        self._shared: set[bytes] = set()
        self._lock = threading.RLock()
        ours, theirs = socket.socketpair()
        self._control = Channel(ours)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", _NAME.decode(), str(theirs.fileno()), module],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what fails is told by the guest that is started without it
                env={**environment, GUEST_MARK: self._mark},
                cwd="/",
                start_new_session=True,
                pass_fds=(theirs.fileno(),),
            )
        except OSError as error:
            self._control.close()
            raise ForkServerLost(str(error)) from error
        finally:
            theirs.close()
        with self._in_step():
            self._receive(_IMPORT_SECONDS)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def share(self, confinement: str, options: Mapping[str, Json]) -> None:
        """Have it do what is the same for all guests that are confined so.

        That is done once; again, it costs nothing.

        Args:
            confinement: As `evoheur.sandbox.guest_link.GuestLink.boot` takes it.
            options: Keyword arguments for it.

        Raises:
            ForkServerLost: The server is lost; it has been ended.
        """
        message = encode({"do": "share", "confinement": confinement, "options": dict(options)})
        with self._in_step():
            if message not in self._shared:
                self._control.send(message, deadline=time.monotonic() + self._reaction_seconds)
                self._receive(_IMPORT_SECONDS)
                self._shared.add(message)

    def fork(self, mark: str, *, control: int, errors: int) -> "ForkedGuest":
        """Fork a guest, not yet booted.

        Args:
            mark: Value of its `GUEST_MARK`, 32 characters.
            control: Descriptor that becomes its control socket.
            errors: Descriptor that becomes its standard error.

        Raises:
            ForkServerLost: The server is lost; it has been ended.
            OSError: The kernel refuses to fork.
        """
        with self._in_step():
            self._control.send(encode({"do": "fork", "mark": mark}), deadline=time.monotonic() + self._reaction_seconds)
            self._control.send_descriptor(control)
            self._control.send_descriptor(errors)
            reply = self._receive(self._reaction_seconds)
            if "refused" not in reply:
                return ForkedGuest(self, reply["pid"], self._control.receive_descriptor())
        raise OSError(reply["refused"])

    def reap(self, pid: int) -> int:
        """Have the kernel forget a guest that has ended.

        Returns:
            Its exit code, or the negative number of the signal that ended it.

        Raises:
            ForkServerLost: The server is lost; it has been ended.
        """
        with self._in_step():
            self._control.send(encode({"do": "reap", "pid": pid}), deadline=time.monotonic() + self._reaction_seconds)
            return int(self._receive(self._reaction_seconds)["status"])

    def close(self) -> None:
        """End the server; harmless when repeated.

        Its guests live on.
        """
        with self._lock:
            self._control.close()
            if self._process.returncode is None:
                self._process.kill()
                self._process.wait()
                kill_marked(self._mark, seconds=_SWEEP_SECONDS)  # a guest that had no mark of its own yet

    def _receive(self, seconds: float) -> dict[str, Any]:
        reply: dict[str, Any] = decode(self._control.receive(limit=_MAX_FRAME, deadline=time.monotonic() + seconds))
        return reply

    @contextlib.contextmanager
    def _in_step(self) -> Iterator[None]:
        # One question at a time. Whoever is interrupted before its answer came would leave that to the next one.
        with self._lock:
            if self._process.returncode is not None:
                raise ForkServerLost("the fork server has ended")
            try:
                yield
            except (Closed, Malformed, TooLarge, TimeoutError) as error:
                self.close()
                raise ForkServerLost(str(error)) from error
            except BaseException:
                self.close()
                raise


class ForkedGuest:
    """A guest that a fork server has forked; it can be waited for like a `subprocess.Popen`.

    Args:
        server: What forked it, and keeps its number from being given away until it is reaped.
        pid: Its process id.
        watch: A descriptor of the process, which this owns.

    Attributes:
        pid: Its process id.
        returncode: None while it was not seen to have ended; exit code, or negative number of a signal, afterwards. What nobody can tell
            any more counts as killed.
    """

    def __init__(self, server: ForkServer, pid: int, watch: int) -> None:
        self._server = server
        self._watch = watch
        self.pid = pid
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: It is still alive after `timeout` seconds.
        """
        if self.returncode is None:
            poll = select.poll()
            poll.register(self._watch, select.POLLIN)
            if not poll.poll(None if timeout is None else 1000 * timeout):
                raise subprocess.TimeoutExpired("guest", timeout or 0.0)
            os.close(self._watch)
            try:
                self.returncode = self._server.reap(self.pid)
            except ForkServerLost:
                self.returncode = -signal.SIGKILL
        return self.returncode


def main(arguments: list[str]) -> None:
    """Import the entry's module, and fork guests until the control socket closes.

    What returns from serving is a guest, and goes on as one: what it raises ends it as it would end any program.

    Args:
        arguments: The control socket's descriptor and the module's name.
    """
    control = Channel(socket.socket(fileno=int(arguments[0])))
    guest.import_entry(arguments[1])
    _settle(f"importing {arguments[1]}")
    control.send(encode({"ready": True}))
    _serve(control)
    guest.main([str(_CONTROL)])


def _settle(done: str) -> None:
    # Before guests are forked.
    threads = sum(1 for _ in Path("/proc/self/task").iterdir())
    if threads != 1:
        raise SystemExit(f"{done} left {threads} threads running; a process with threads cannot be forked safely")
    gc.collect()
    gc.freeze()  # guests then share these pages instead of copying them at their first collection
    join_pages(private_memory())  # or each guest has all its memory copied when it asks for large pages


def _serve(control: Channel) -> None:
    # Returns in guests only.
    try:
        while True:
            message = decode(control.receive(limit=_MAX_FRAME))
            match message["do"]:
                case "share":
                    confinement = guest.confinement_of(message["confinement"], message["options"])
                    getattr(confinement, "prepare_server", bool)()
                    _settle(f"preparing {message['confinement']}")
                    control.send(encode({"ready": True}))
                case "fork":
                    if _fork(control, message["mark"]):
                        return
                case "reap":
                    _, status = os.waitpid(message["pid"], 0)
                    control.send(encode({"status": os.waitstatus_to_exitcode(status)}))
                case unknown:
                    raise ValueError(f"The trusted side asked for {unknown!r}, which this fork server does not know.")
    except Closed:
        os._exit(0)


def _fork(control: Channel, mark: str) -> bool:
    # True in the guest.
    theirs, errors = control.receive_descriptor(), control.receive_descriptor()
    try:
        child = os.fork()
    except OSError as error:
        reply: dict[str, Any] = {"refused": str(error)}
    else:
        reply = {"pid": child}
    if reply.get("pid") == 0:
        control.detach()
        _become_guest(theirs, errors, mark)
        return True
    os.close(theirs)
    os.close(errors)
    control.send(encode(reply))
    if "pid" in reply:
        watch = os.pidfd_open(reply["pid"])
        control.send_descriptor(watch)
        os.close(watch)
    return False


def _become_guest(control: int, errors: int, mark: str) -> None:
    # As subprocess does between fork and exec: a session of its own, and no descriptor but its own.
    os.setsid()
    os.dup2(errors, 2)
    os.dup2(control, _CONTROL)
    os.closerange(_CONTROL + 1, os.sysconf("SC_OPEN_MAX"))
    os.set_inheritable(_CONTROL, False)
    change_mark(mark)
    _be_called_a_guest()
    if numbers := sys.modules.get("numpy.random"):
        numbers.seed()  # Python's and numba's generators see to that themselves; this one would be the same in all guests


def _be_called_a_guest() -> None:
    # For `ps` and its like, which read the words that a program was started with where the kernel put them.
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = (int(fields[number - 3]) for number in (_ARG_START, _ARG_END))
    place = ctypes.string_at(start, end - start).find(_NAME) if 0 < start < end else -1
    if place >= 0:
        ctypes.memmove(start + place, _NAME_OF_GUESTS, len(_NAME))


if __name__ == "__main__":
    main(sys.argv[1:])
