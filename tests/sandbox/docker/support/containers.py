"""Looking at containers behind the sandbox's back."""

import time
from typing import Any

from docker.errors import NotFound

from evoheur.sandbox.docker.container import OWNER
from evoheur.sandbox.docker.daemon import Daemon
from evoheur.sandbox.docker.owner_process import this_process

__all__ = ["gone", "of", "own"]


def of(daemon: Daemon, owner: str) -> list[Any]:
    """Containers of a process, running or not."""
    found = daemon.client.api.containers(all=True, filters={"label": f"{OWNER}={owner}"})
    containers = []
    for container in found:
        try:
            containers.append(daemon.client.containers.get(container["Id"]))
        except NotFound:  # it was removing itself
            continue
    return containers


def own(daemon: Daemon) -> list[Any]:
    """Containers of this process."""
    return of(daemon, this_process())


def gone(daemon: Daemon, owner: str, *, seconds: float = 30.0) -> bool:
    """True once a process has no containers left."""
    deadline = time.monotonic() + seconds
    while of(daemon, owner):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
