"""The guest: a warm process that forks one child per candidate.

It imports the entry once and limits every child. It runs trusted code only, but next to untrusted processes, and holds nothing worth
stealing. It obeys frames on its control socket:

    boot  {"module", "payload", "confinement", "options"}            → {"level", "reason"}
    fork  {"cpu_seconds", "memory_bytes", "output_bytes"} + descriptor → {"pid"} or {"refused"}
    cpu   {}                                                        → {"cpu_seconds"}
    end   {"grace"}                                                 → {"exit", "signal", "lingered", "cpu_seconds", "left"}

The end of the control stream is its lifeline: when the trusted side goes, it kills its child and exits.
"""

import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, cast

from evoheur.sandbox.child import run_child
from evoheur.sandbox.large_pages import join_pages, private_memory
from evoheur.sandbox.limits import ChildLimits, Confinement, ConfinementRefused
from evoheur.sandbox.memory_gaps import use_up_gaps
from evoheur.sandbox.proctree import kill_orphans
from evoheur.sandbox.wire import MAX_FRAME, Channel, Closed, decode, encode

__all__ = ["Guest", "confinement_of", "import_entry", "main"]

_SWEEP_SECONDS = 10.0  # below the patience of the trusted side, which starts a new guest when this one does not report in time


_THREAD_BYTES = 80 << 20  # of address space that the C library reserves for one: 8 MiB of stack, 64 MiB of heap
_MORE_TASKS = 256  # that may come into being on the machine while the guest lives, such as those of other guests


class _EntryModule(Protocol):
    def setup(self, payload: Any) -> None: ...

    def open_candidate(self, payload: Any) -> Any: ...


class Guest:
    """Serves one control channel; one child at a time.

    Args:
        control: Connected to the trusted side.
        entry: Opens candidates; its `setup` has run.
        confinement: Applied in every child.
        floor: What children need at least, before their own allowance comes on top.
    """

    def __init__(self, control: Channel, entry: _EntryModule, confinement: Confinement, *, floor: ChildLimits) -> None:
        self._control = control
        self._entry = entry
        self._confinement = confinement
        self._floor = floor
        self._child = 0

    def serve(self) -> None:
        """Obey until the control channel closes.

        Then no child is left.
        """
        try:
            while True:
                message = decode(self._control.receive(limit=MAX_FRAME))
                self._control.send(encode(self._obey(message)))
        except Closed:
            if self._child:
                self._end(grace=0.0)

    def _obey(self, message: Any) -> dict[str, Any]:
        match message["do"]:
            case "fork":
                return self._fork(message)
            case "cpu":
                return {"cpu_seconds": _processor_time(self._child)}
            case "end":
                return self._end(grace=message["grace"])
            case unknown:
                raise ValueError(f"The trusted side asked for {unknown!r}, which this guest does not know.")

    def _fork(self, message: Any) -> dict[str, Any]:
        descriptor = self._control.receive_descriptor()
        limits = replace(
            self._floor, cpu_seconds=message["cpu_seconds"], address_space=self._floor.address_space + message["memory_bytes"]
        )
        guest = os.getpid()
        self._confinement.refresh_guest()
        try:
            child = os.fork()
        except OSError as error:
            os.close(descriptor)
            return {"refused": str(error)}
        if child == 0:
            self._control.detach()  # the number may be reused; the descriptor itself is closed with all others
            run_child(
                descriptor,
                self._entry.open_candidate,
                confinement=self._confinement,
                limits=limits,
                output_bytes=message["output_bytes"],
                guest=guest,
            )
        os.close(descriptor)
        self._child = child
        return {"pid": child}

    def _end(self, *, grace: float) -> dict[str, Any]:
        # The group is killed while the child is unreaped, so that its number cannot have passed to anyone else.
        child, self._child = self._child, 0
        lingered = not _has_died(child, grace)
        for kill in (os.killpg, os.kill):
            try:
                kill(child, signal.SIGKILL)
            except ProcessLookupError:  # no group yet: it had no time for setsid
                continue
        _, status, usage = os.wait4(child, 0)
        left = kill_orphans(seconds=_SWEEP_SECONDS)
        return {
            "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "lingered": lingered,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "left": left,
        }


def main(arguments: list[str]) -> None:
    """Boot from the control socket and serve it.

    Its descriptor is the only argument. An exception here is our own fault: it goes to standard error, where the trusted side reads it
    while the guest starts.
    """
    control = Channel(socket.socket(fileno=int(arguments[0])))
    try:
        guest = _boot(control)
    except ConfinementRefused as error:
        raise SystemExit(str(error)) from error
    guest.serve()
    os._exit(0)  # no finalisers: they take longer than the trusted side wants to wait


def import_entry(name: str) -> _EntryModule:
    """Import an entry's module and have it prepare what every guest needs; again, that costs nothing."""
    entry = cast("_EntryModule", importlib.import_module(name))
    getattr(entry, "prepare", bool)()
    return entry


def _boot(control: Channel) -> Guest:
    boot = decode(control.receive(limit=MAX_FRAME))
    confinement = confinement_of(boot["confinement"], boot["options"])
    confinement.prepare_guest()
    entry = import_entry(boot["module"])
    entry.setup(boot["payload"])
    confinement.settle_guest()
    threads = sum(1 for _ in Path("/proc/self/task").iterdir())
    if threads != 1:
        raise SystemExit(
            f"setup of {boot['module']} left {threads} threads running; a process with threads cannot be forked safely. Let it end them."
        )
    use_up_gaps()
    floor = _floor(getattr(entry, "threads", int)())
    gc.disable()
    gc.freeze()  # children then share these pages instead of copying them at their first collection
    memory = private_memory()  # while there still is a file that tells
    nowhere = os.open(os.devnull, os.O_RDWR)  # while there still is a file of that name
    standing = confinement.confine_guest()
    join_pages(memory)
    _silence(nowhere)
    control.send(encode({"level": standing.level, "reason": standing.reason}))
    return Guest(control, entry, confinement, floor=floor)


def _floor(threads: int) -> ChildLimits:
    # What this process maps, a stack and a heap for every thread, and as many tasks as there are now: that is how the kernel counts.
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    tasks = sum(1 for _ in Path("/proc").glob("[0-9]*/task/*")) + threads + _MORE_TASKS if threads else 0
    return ChildLimits(cpu_seconds=0, address_space=mapped + threads * _THREAD_BYTES, threads=threads, tasks=tasks)


def confinement_of(name: str, options: dict[str, Any]) -> Confinement:
    """What confines a guest: "module", or "module:class" to be made with the options."""
    module, _, kind = name.partition(":")
    found = importlib.import_module(module)
    return cast("Confinement", getattr(found, kind)(**options) if kind else found)


def _silence(nowhere: int) -> None:
    # What was open for telling why a start fails must not reach a candidate.
    sys.stderr.flush()
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _has_died(child: int, grace: float) -> bool:
    if grace <= 0:
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    watch = os.pidfd_open(child)
    try:
        readable, _, _ = select.select([watch], [], [], grace)
    finally:
        os.close(watch)
    return bool(readable)


def _processor_time(child: int) -> float:
    # Linux numbers the processor clock of a process ~pid << 3 | 2, which is what clock_getcpuclockid(3) returns. Unlike /proc it
    # needs no file system and counts in nanoseconds.
    return time.clock_gettime(~child << 3 | 2)


if __name__ == "__main__":
    main(sys.argv[1:])
