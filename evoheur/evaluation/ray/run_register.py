"""The register of the runs on a shared cluster.

An actor that they all report to, and how a bridge finds it.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable
from typing import Any

import ray
from ray.exceptions import RayError

from evoheur.evaluation.ray.cluster_shares import RunOnCluster

__all__ = ["REGISTER_NAME", "RegisterBook", "RunRegister"]

REGISTER_NAME = "runs"
"""Name of the actor in our namespace."""

_LAPSE_SECONDS = 20.0  # without a report, after which a run is gone
_ANSWER_SECONDS = 15.0
_CLOSE_SECONDS = 2.0


class RegisterBook:
    """The actor. It runs on one of the cluster's nodes and claims nothing.

    It belongs to the run that made it; when that ends, the next report of another run makes a new one.

    Args:
        now: Seconds that only move forward.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._entries: dict[str, tuple[float, RunOnCluster]] = {}

    def report(self, key: str, run: RunOnCluster) -> list[tuple[str, RunOnCluster]]:
        """Enter a run, and list all that live, by their keys, in the order of coming."""
        now = self._now()
        self._entries[key] = now, run
        self._entries = {one: entry for one, entry in self._entries.items() if now - entry[0] <= _LAPSE_SECONDS}
        return [(one, entry) for one, (_, entry) in self._entries.items()]

    def leave(self, key: str) -> None:
        """Strike a run out."""
        self._entries.pop(key, None)


class RunRegister:
    """A bridge's way to the actor, in the namespace it is connected with."""

    def __init__(self) -> None:
        self._key = secrets.token_hex(8)
        self._actor: Any = None
        self._actor_class: Any = ray.remote(RegisterBook)

    async def report(self, run: RunOnCluster) -> tuple[list[RunOnCluster], int] | None:
        """Enter this run.

        Returns:
            All runs that live, in the order of coming, and which of them is this one; None while no register answers.
        """
        try:
            if self._actor is None:
                self._actor = await asyncio.wait_for(asyncio.to_thread(self._find), _ANSWER_SECONDS)
            entries = await asyncio.wait_for(self._actor.report.remote(self._key, run), _ANSWER_SECONDS)
        except (RayError, ValueError, TimeoutError):  # ValueError: its name is being given up
            self._actor = None
            return None
        return [entry for _, entry in entries], [key for key, _ in entries].index(self._key)

    async def leave(self) -> None:
        """Strike this run out, so that the others have its share at once."""
        if self._actor is not None:
            with contextlib.suppress(RayError, TimeoutError):
                await asyncio.wait_for(self._actor.leave.remote(self._key), _CLOSE_SECONDS)

    def _find(self) -> Any:
        return self._actor_class.options(name=REGISTER_NAME, get_if_exists=True, num_cpus=0, max_restarts=0).remote()
