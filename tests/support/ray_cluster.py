"""A Ray cluster of several nodes on this machine, started with Ray's own command, whose nodes can be killed."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import psutil

_STORE_BYTES = 80 * 1024 * 1024
_START_SECONDS = 90
_NO_WATCHERS_OF_THE_HEAD = ("--include-dashboard=false", "--no-monitor")
_NO_WATCHER = "--include-log-monitor=false"
"""Each is an interpreter that takes seconds to start, and nobody here asks it anything."""


class RayNode:
    """One node: `ray start --block` and what it started."""

    def __init__(self, options: list[str], env: Mapping[str, str], log: Path) -> None:
        command = [str(Path(sys.executable).with_name("ray")), "start", "--block", "--disable-usage-stats", *options]
        with log.open("wb") as output:
            self._process = subprocess.Popen(command, env=env, cwd="/", stdout=output, stderr=output, start_new_session=True)
        self.log = log

    def starts(self) -> bool:
        """Wait until it runs, or is known not to."""
        deadline = time.monotonic() + _START_SECONDS
        while "Ray runtime started" not in self.log.read_text():
            if self._process.poll() is not None or time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def processes(self, name: str = "") -> list[psutil.Process]:
        """Everything below it whose title contains `name`."""
        found = []
        for process in psutil.Process(self._process.pid).children(recursive=True):
            try:
                if name in " ".join([process.name(), *process.cmdline()]):
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
        return found

    def raylet(self) -> psutil.Process:
        """The process that is the node to the rest of the cluster."""
        return next(process for process in self.processes() if process.name() == "raylet")

    def kill(self) -> None:
        """As a machine that loses its power: everything of it at once, without a word."""
        for process in [psutil.Process(self._process.pid), *self.processes()]:
            if process.is_running():
                process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it, whatever state it is in."""
        if self._process.poll() is None:
            below = self.processes()
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
            psutil.wait_procs(below, timeout=5)


class RayCluster:
    """A head without room for workers, so that the node of a run's own bridge is none of those that are killed; nodes are added."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        self._port = port
        self._folder = Path(tempfile.mkdtemp(prefix="ray-test-", dir="/tmp"))  # short: Ray puts sockets there
        self._nodes: list[RayNode] = []
        self.secrets = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        """What the environment of whoever wants to join must hold."""

    def __enter__(self) -> Self:
        head = ["--head", f"--port={self._port}", "--num-cpus=0", f"--temp-dir={self._folder}", *_NO_WATCHERS_OF_THE_HEAD]
        try:
            self._started([(head, {})])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for node in reversed(self._nodes):
            node.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """For a program that joins the cluster."""
        return {**{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}, **self.secrets}

    def add_node(self, *, cpus: int, resources: Mapping[str, float] | None = None) -> RayNode:
        """Start another node."""
        [node] = self.add_nodes((cpus, resources or {}))
        return node

    def add_nodes(self, *nodes: tuple[int, Mapping[str, float]]) -> list[RayNode]:
        """Start nodes of so many processors and custom resources each."""
        return self._started([([f"--address={self.address}", f"--num-cpus={cpus}"], resources) for cpus, resources in nodes])

    def _started(self, wanted: Sequence[tuple[list[str], Mapping[str, float]]]) -> list[RayNode]:
        nodes = []
        for one in wanted:  # one after the other: nodes that start at the same time on one machine take each other's ports
            node = self._start(*one)
            if not node.starts():
                node.stop()
                node = self._start(*one)
                assert node.starts(), node.log.read_text()
            nodes.append(node)
        return nodes

    def _start(self, options: list[str], resources: Mapping[str, float]) -> RayNode:
        env = {
            **self.environment(),
            "RAY_raylet_start_wait_time_s": "80",
            # A dead node is noticed within a second or two instead of fifteen.
            "RAY_health_check_initial_delay_ms": "1000",
            "RAY_health_check_period_ms": "300",
            "RAY_health_check_timeout_ms": "2000",
            "RAY_health_check_failure_threshold": "4",
            # Workers are started when they are claimed; those that are started in advance, one per processor, nobody here claims.
            "RAY_prestart_worker_first_driver": "0",
            "RAY_enable_worker_prestart": "0",
        }
        shared = ["--node-ip-address=127.0.0.1", f"--object-store-memory={_STORE_BYTES}", f"--resources={json.dumps(resources)}"]
        node = RayNode([*options, *shared, _NO_WATCHER], env, self._folder / f"node-{len(self._nodes)}.log")
        self._nodes.append(node)
        return node
