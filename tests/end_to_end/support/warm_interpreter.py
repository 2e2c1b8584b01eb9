"""An interpreter that has imported evoheur, and becomes a process for each command: forked in milliseconds, not started in a second.

What such a process has of its own is what a started one has: working folder, environment, arguments, standard streams, `sys.path`, exit
code. What it cannot have: another hash seed. Tests of starting, of killing and of installations start real processes.

`python -m tests.end_to_end.support.warm_interpreter serve SOCKET` is the interpreter; it ends with its standard input. The program that
`warm_program` writes asks it for a process, as `evoheur` on the PATH of a shell.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import numba

__all__ = ["run_warm", "warm_program"]

ROOT = Path(__file__).parents[4]

_CLIENT = """#!{python} -IS
import json, os, socket, sys
asked = json.dumps({{"argv": ["evoheur", *sys.argv[1:]], "cwd": os.getcwd(), "env": dict(os.environ)}}).encode()
with socket.socket(socket.AF_UNIX) as link:
    link.connect({address!r})
    socket.send_fds(link, [len(asked).to_bytes(8, "big")], [0, 1, 2])
    link.sendall(asked)
    process, code = link.makefile().read().split()
    sys.exit(int(code) % 256)
"""


def run_warm(
    words: Sequence[str], *, cwd: Path, env: Mapping[str, str], code: str | None = None, timeout: float = 240
) -> subprocess.CompletedProcess[str]:
    """Run `python -m evoheur`, or `python -c` with some code, to its end.

    Raises:
        TimeoutError: It takes too long, and was killed.
    """
    asked = json.dumps({"argv": ["evoheur", *words], "cwd": str(cwd), "env": dict(env), "code": code, "module": True}).encode()
    with contextlib.ExitStack() as stack:
        link = stack.enter_context(socket.socket(socket.AF_UNIX))
        nothing = stack.enter_context(Path(os.devnull).open("rb"))
        out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        link.settimeout(timeout)
        link.connect(_address())
        socket.send_fds(link, [len(asked).to_bytes(8, "big")], [nothing.fileno(), out.fileno(), err.fileno()])
        link.sendall(asked)
        told = stack.enter_context(link.makefile())
        process = int(told.readline())
        try:
            returncode = int(told.readline())
        except TimeoutError as error:
            os.kill(process, signal.SIGKILL)
            raise TimeoutError(f"process {process} was killed, as it took more than {timeout} s") from error
        for file in (out, err):
            file.seek(0)
        printed, said = (file.read().decode("utf-8", "replace") for file in (out, err))
    return subprocess.CompletedProcess(["evoheur", *words], returncode, printed, said)


@cache
def warm_program() -> Path:
    """A folder with a program `evoheur`, to stand first on a PATH."""
    folder = Path(_address()).with_name("bin")
    folder.mkdir()
    program = folder / "evoheur"
    program.write_text(_CLIENT.format(python=sys.executable, address=_address()))
    program.chmod(0o755)
    return folder


@cache
def _address() -> str:
    """Where the interpreter of this process listens; it is started now."""
    folder = Path(tempfile.mkdtemp(prefix="warm"))
    address = str(folder / "socket")
    words = [sys.executable, "-m", "tests.end_to_end.support.warm_interpreter", "serve", address]
    served = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert served.stdin is not None
    assert served.stdout is not None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(served.wait)
    atexit.register(served.stdin.close)
    assert served.stdout.readline() == b"listens\n"
    return address


class _Server:
    """Forks a process for each connection, and tells its exit code."""

    def __init__(self, address: str) -> None:
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(address)
        self._listening.listen()
        self._running: dict[int, socket.socket] = {}

    def serve(self) -> dict[str, Any]:
        """Serve for good in this process; in each forked one, return what is asked of it."""
        signal.signal(signal.SIGCHLD, lambda _number, _frame: self._reap())
        while True:
            link, _ = self._listening.accept()
            length, descriptors, _, _ = socket.recv_fds(link, 8, 3)
            asked = b""
            while len(asked) < int.from_bytes(length, "big"):
                asked += link.recv(1 << 16)
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # until the process is on record
            process = os.fork()
            if process:
                self._running[process] = link
                link.sendall(f"{process}\n".encode())
                signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
                for descriptor in descriptors:
                    os.close(descriptor)
                continue
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            for opened in (self._listening, link, *self._running.values()):
                opened.close()
            for stream, descriptor in enumerate(descriptors):
                os.dup2(descriptor, stream)
                os.close(descriptor)
            found: dict[str, Any] = json.loads(asked)
            return found

    def _reap(self) -> None:
        for process in list(self._running):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                with self._running.pop(process) as link, contextlib.suppress(OSError):  # whoever asked may have gone
                    link.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _serve(address: str) -> dict[str, Any]:
    _import_all()
    assert threading.active_count() == 1, "a process with threads cannot be forked"
    lives = os.dup(0)

    def end() -> None:
        os.read(lives, 1)
        os._exit(0)

    gc.freeze()  # or each process copies nearly all memory when it collects what is left at its end, which takes a second
    server = _Server(address)
    os.write(1, b"listens\n")
    threading.Thread(target=end, daemon=True).start()
    asked = server.serve()
    os.close(lives)
    return asked


def _import_all() -> None:
    """Import whatever some command needs, and let numba compile something; what only some problem needs is left to it."""
    for name in ("evoheur.cli.commands", "evoheur.api", "evoheur.strategies", "evoheur.generation", "evoheur.evaluation"):
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(package.__path__, f"{name}."):
            if not module.ispkg:
                importlib.import_module(module.name)
    numba.njit(lambda number: number + 1.0)(1.0)  # its first compilation imports as much as all of numba so far


def _become(asked: Mapping[str, Any]) -> None:
    """Do what a started interpreter does before and with a program."""
    inherited = len(_python_path()) + 1  # and the folder that `-m` was called in
    os.environ.clear()
    os.environ.update(asked["env"])
    numba.config.reload_config()  # type: ignore[no-untyped-call]  # which read the environment when it was imported
    os.chdir(asked["cwd"])
    first = "" if asked.get("code") else asked["cwd"] if asked.get("module") else str(Path(sys.executable).parent)
    sys.path[:] = [first, *_python_path(), *sys.path[inherited:]]
    importlib.invalidate_caches()
    sys.argv[:] = asked["argv"]
    if asked.get("code"):
        exec(compile(asked["code"], "<string>", "exec"), {"__name__": "__main__"})
    else:
        runpy.run_module("evoheur", run_name="__main__", alter_sys=False)


def _python_path() -> list[str]:
    return [str(Path.cwd() / path) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]


def _leave(code: int) -> NoReturn:
    """Do what Python does at its end but for taking all modules apart, which copies their memory."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # nobody reads it any more
            code = 120
        except ValueError:  # the program has closed it
            continue
    os._exit(code % 256)


if __name__ == "__main__":
    try:
        _become(_serve(sys.argv[2]))
    except SystemExit as end:
        if isinstance(end.code, int | None):
            _leave(end.code or 0)
        raise
    _leave(0)
