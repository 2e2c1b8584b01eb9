"""One hardened container: its limits, its start and its end."""

import contextlib
import os
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests
from docker.errors import APIError, NotFound
from docker.types import LogConfig, Mount

from evoheur.sandbox.docker.daemon import Daemon
from evoheur.sandbox.docker.daemon_stream import Words
from evoheur.sandbox.docker.owner_process import has_died, this_process
from evoheur.sandbox.interface import SandboxUnavailable

__all__ = ["CACHE", "OWNER", "Container", "ContainerPlan", "sweep"]

CACHE = "/cache"
"""The one folder that a container's user can write: in memory, of the container's own."""

OWNER = "evoheur.owner"
"""Label that tells which process a container belongs to."""

_NOBODY = 65534
_CACHE_OPTIONS = f"rw,nosuid,nodev,noexec,size=256m,mode=0700,uid={_NOBODY},gid={_NOBODY}"
_MIB = 1 << 20
_REMOVAL_SECONDS = 10
_PAUSE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerPlan:
    """What a container is given.

    Everything else is as strict as can be.

    Attributes:
        image: Name of the image.
        command: Program and arguments.
        environment: Variables, beyond those that the image sets.
        shown: Folder of this machine → where it can be read inside.
        memory_mib: Memory and swap together, in MiB; the cache counts as well.
        pids: Processes and threads at the same time.
        cpus: Processors, in fractions.
    """

    image: str
    command: Sequence[str]
    environment: Mapping[str, str]
    shown: Mapping[Path, str]
    memory_mib: int
    pids: int
    cpus: float


class Container:
    """A container that is made, but does not run yet.

    It removes itself when its process ends.

    Args:
        daemon: Makes it; owned from here on, unless that fails.
        plan: What it is given.

    Raises:
        SandboxUnavailable: The daemon does not make it.
    """

    def __init__(self, daemon: Daemon, plan: ContainerPlan) -> None:
        self._daemon = daemon
        with daemon.asked_to("create a container"):
            self._container = daemon.client.containers.create(
                plan.image,
                entrypoint=list(plan.command),
                environment=dict(plan.environment),
                mounts=[Mount(target, str(folder), type="bind", read_only=True) for folder, target in plan.shown.items()],
                tmpfs={CACHE: _CACHE_OPTIONS},
                labels={OWNER: this_process()},
                auto_remove=True,
                log_config=LogConfig(type="none"),
                healthcheck={"test": ["NONE"]},
                hostname="sandbox",
                working_dir="/",
                user=f"{_NOBODY}:{_NOBODY}",
                network_mode="none",
                ipc_mode="none",
                read_only=True,
                cap_drop=["ALL"],
                security_opt=["no-new-privileges"],
                pids_limit=plan.pids,
                mem_limit=plan.memory_mib * _MIB,
                memswap_limit=plan.memory_mib * _MIB,
                nano_cpus=round(plan.cpus * 1e9),
            )
        self._id = str(self._container.id)

    def start(self) -> Words:
        """Run the container.

        Returns:
            What it will say on standard error.

        Raises:
            SandboxUnavailable: It does not start; it is removed then.
        """
        words: Words | None = None
        try:
            with self._daemon.asked_to("start a container"):
                words = Words(self._attach())
                self._container.start()
        except SandboxUnavailable:
            if words is not None:
                words.close()
            self.remove(dead=False)
            raise
        return words

    def _attach(self) -> socket.socket:
        stream = self._daemon.client.api.attach_socket(self._id, params={"stderr": 1, "stream": 1})
        ours = socket.socket(fileno=os.dup(stream.fileno()))
        stream._response.close()  # noqa: SLF001 - the SDK hangs it there to keep it open, and closes it nowhere
        return ours

    def remove(self, *, dead: bool) -> None:
        """Kill it if it runs, and wait until it is gone.

        Args:
            dead: Its process has ended, so that nothing is lost if the daemon does not answer.

        Raises:
            SandboxUnavailable: It may still run, and the daemon does not answer.
        """
        client = self._daemon.client
        client.api.timeout = _REMOVAL_SECONDS
        try:
            with contextlib.suppress(APIError):  # it is removing itself
                client.api.remove_container(self._id, force=True, v=True)
            self._wait_until_gone(time.monotonic() + _REMOVAL_SECONDS)
        except (requests.RequestException, TimeoutError) as error:
            if not dead:
                raise SandboxUnavailable(
                    f"The container {self._container.short_id} may still run: the Docker daemon at {self._daemon.host} does not kill it "
                    f"({error}). Restart the daemon; the next run removes what is left."
                ) from error
        finally:
            self._daemon.close()

    def _wait_until_gone(self, deadline: float) -> None:
        while time.monotonic() < deadline:
            try:
                self._daemon.client.api.inspect_container(self._id)
            except NotFound:
                return
            time.sleep(_PAUSE)
        raise TimeoutError(f"it is still listed after {_REMOVAL_SECONDS} s")


def sweep(daemon: Daemon) -> int:
    """Remove containers whose owner died, and tell how many.

    The owner was killed before they could notice.
    """
    with daemon.asked_to("list containers"):
        found = daemon.client.api.containers(all=True, filters={"label": OWNER})
    orphans = [container["Id"] for container in found if has_died(container["Labels"][OWNER])]
    for orphan in orphans:
        with contextlib.suppress(APIError):  # another process sweeps as well
            daemon.client.api.remove_container(orphan, force=True, v=True)
    return len(orphans)
