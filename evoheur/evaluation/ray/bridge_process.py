"""Start of a bridge, and the run's end of its socket."""

import contextlib
import itertools
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from evoheur.candidate import Evaluation
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.ray.bridge_messages import (
    Cancel,
    Evaluate,
    Evaluated,
    Failed,
    Instances,
    Notice,
    Ready,
    Reply,
    Stumbled,
    Terms,
)
from evoheur.kernel_cache import SWITCH

__all__ = ["Bridge", "BridgeLost", "StumbledThere", "bridge_environment"]

_log = logging.getLogger(__name__)

_START_SECONDS = 120.0  # for Ray itself, beyond what the workers may take
_STOP_SECONDS = 40.0
_LAST_WORDS = 2000

_KEPT = {
    *("HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER", "XDG_CACHE_HOME"),
    *("NUMBA_CACHE_DIR", SWITCH),
    *("DOCKER_CERT_PATH", "DOCKER_CONTEXT", "DOCKER_HOST", "DOCKER_TLS_VERIFY"),
}
_KEPT_PREFIXES = ("LC_", "RAY_")


class BridgeLost(Exception):
    """The bridge ended, and with it all that was under way."""


class StumbledThere(Exception):
    """An exception of our own code on a worker.

    It raised what it should not; the traceback is a note of it, so that the log has it.
    """

    def __init__(self, reason: str, traceback: str) -> None:
        super().__init__(f"on a Ray worker: {reason}")
        self.add_note(traceback)


class Bridge:
    """A running bridge; starting one takes as long as Ray does.

    Args:
        terms: What it serves.
        environ: The run's own environment, of which it gets next to nothing.

    Raises:
        ExecutorError: There is no cluster, or no worker on it can evaluate.
    """

    def __init__(self, terms: Terms, environ: Mapping[str, str]) -> None:
        self._socket, theirs = socket.socketpair()
        self._connection: Connection[Any, Any] = Connection(os.dup(self._socket.fileno()))
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process that writes to it
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "evoheur.evaluation.ray.bridge", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=self._words,
            stderr=self._words,
            env=bridge_environment(environ, own_cluster=terms.address is None),
            cwd="/",
            start_new_session=True,  # Ctrl-C in a terminal is for the run alone
            pass_fds=(theirs.fileno(),),
        )
        theirs.close()
        self._sending = threading.Lock()
        self._numbers = itertools.count()
        self._known: set[int] = set()
        self._waiting: dict[int, Future[Evaluation]] = {}
        self._lost = ""
        self._listener = threading.Thread(target=self._listen, name="ray bridge", daemon=True)
        try:
            ready = self._first_answer(terms)
        except BaseException:
            self.close()
            raise
        self.slots, self.level = ready.slots, ready.level
        self._listener.start()

    def knows(self, instances: int) -> bool:
        """Whether it has been given that set of instances."""
        return instances in self._known

    def give(self, instances: Instances) -> None:
        """Send a set of instances, which must come before the evaluations that name it."""
        self._known.add(instances.number)
        self._send(instances)

    def evaluate(self, task: EvaluationTask[int]) -> "Future[Evaluation]":
        """Have a candidate evaluated.

        Returns:
            The evaluation, `BridgeLost`, or an `ExecutorError`; cancelling it frees the worker.
        """
        number = next(self._numbers)
        future: Future[Evaluation] = Future()
        self._waiting[number] = future
        future.add_done_callback(lambda done: self._send(Cancel(number)) if done.cancelled() else None)
        self._send(Evaluate(number, task))
        if self._lost:
            self._fail_all()
        return future

    def close(self) -> None:
        """End the bridge, its workers and its own cluster; harmless when repeated."""
        if self._words.closed:
            return
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _log.warning("Ray did not shut down within %g s and is killed.", _STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):  # whatever of its session is left
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._listener.is_alive():
            self._listener.join()  # it reads to the end, which has come
        for end in (self._socket, self._connection, self._words):
            end.close()

    def _first_answer(self, terms: Terms) -> Ready:
        self._send(terms)
        limit = _START_SECONDS + terms.wait_seconds
        try:
            while self._connection.poll(limit):
                answer: Reply = self._connection.recv()
                if isinstance(answer, Ready):
                    return answer
                if isinstance(answer, Failed):
                    raise ExecutorError(f"Ray cannot evaluate: {answer.reason}.")
                self._note(answer)
        except (EOFError, OSError) as error:
            raise ExecutorError(f"Ray cannot be started: {self._end()}.") from error
        raise ExecutorError(f"Ray did not start within {limit:g} s; look at its logs under /tmp/ray/session_latest/logs.")

    def _send(self, message: Any) -> None:
        with self._sending, contextlib.suppress(OSError):  # the listener finds out that it is gone, and says why
            self._connection.send(message)

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._note(self._connection.recv())
        self._lost = self._end()
        self._fail_all()

    def _note(self, reply: Reply) -> None:
        if isinstance(reply, Notice):
            _log.warning("%s", reply.text)
        elif isinstance(reply, Evaluated):
            self.level = (reply.evaluation.executed and reply.evaluation.level) or self.level
            self._settle(reply.number, reply.evaluation)
        elif isinstance(reply, Failed) and reply.number is not None:
            self._settle(reply.number, ExecutorError(f"Ray cannot evaluate: {reply.reason}."))
        elif isinstance(reply, Stumbled):
            self._settle(reply.number, StumbledThere(reply.reason, reply.traceback))

    def _settle(self, number: int, outcome: Evaluation | Exception) -> None:
        future = self._waiting.pop(number)
        if not future.set_running_or_notify_cancel():
            return
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

    def _fail_all(self) -> None:
        for number in list(self._waiting):
            with contextlib.suppress(KeyError):  # the other thread was quicker
                self._settle(number, BridgeLost(self._lost))

    def _end(self) -> str:
        code = self._process.wait()
        self._words.seek(0, os.SEEK_END)
        self._words.seek(max(0, self._words.tell() - _LAST_WORDS))
        words = self._words.read().decode(errors="replace").strip().splitlines()
        return f"the process that speaks to Ray ended with code {code}" + (f" ({words[-1]})" if words else "")


def bridge_environment(environ: Mapping[str, str], *, own_cluster: bool) -> dict[str, str]:
    """All that a bridge gets of an environment.

    A cluster that it starts gets the same: no key of the user is among it.

    Args:
        environ: The run's own.
        own_cluster: It will start a cluster, which gets a token of its own instead of one in the user's home folder.
    """
    kept = {key: value for key, value in environ.items() if key in _KEPT or key.startswith(_KEPT_PREFIXES)}
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)} if own_cluster else {}
    return {
        **token,
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_raylet_start_wait_time_s": "90",  # Ray's own half minute is too short for a machine under load
        **kept,
        # Under `uv run` Ray would upload the working directory, runs and all, for its workers.
        "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if Path(entry).is_absolute()),
    }
