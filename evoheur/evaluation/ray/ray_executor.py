"""`RayExecutor`: the run's side of an evaluation on Ray."""

import asyncio
import logging
import os
import pickle
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from evoheur.candidate import Evaluation
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.ray.bridge_messages import Instances, Terms
from evoheur.evaluation.ray.bridge_process import Bridge, BridgeLost

__all__ = ["RayExecutor"]

_log = logging.getLogger(__name__)

_LOSSES = 2  # bridges that are lost one after the other under the same candidate


class _Bridge(Protocol):
    """What the executor needs of `evoheur.evaluation.ray.bridge_process.Bridge`."""

    @property
    def slots(self) -> int: ...

    @property
    def level(self) -> str: ...

    def knows(self, instances: int) -> bool: ...

    def give(self, instances: Instances) -> None: ...

    def evaluate(self, task: EvaluationTask[int]) -> "Future[Evaluation]": ...

    def close(self) -> None: ...


class RayExecutor:
    """Executor on the workers of a bridge.

    A bridge that is lost, its own Ray node with it, is replaced and everything sent again.

    Args:
        terms: What a bridge serves.
        launch: Starts a bridge.

    Raises:
        ExecutorError: There is no cluster, or no worker on it can evaluate.
    """

    def __init__(self, terms: Terms, *, launch: Callable[[Terms], _Bridge] | None = None) -> None:
        self._terms = terms
        self._launch: Callable[[Terms], _Bridge] = launch or (lambda terms: Bridge(terms, os.environ))
        self._bridge = self._launch(terms)
        self._mending = asyncio.Lock()
        self._sets: list[tuple[InstanceSet, Instances]] = []
        self._closed = False

    @property
    def slots(self) -> int:
        """The number of workers."""
        return self._bridge.slots

    @property
    def level(self) -> str:
        """The isolation of its workers' candidates; the last one's, if nodes differ."""
        return self._bridge.level

    async def start(self) -> None:
        """See `Executor.start`: every worker has started its guest before it counts as one."""

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        """See `Executor.evaluate`."""
        packed = self._pack(task.instances)
        numbered = task.on(packed.number)
        for _ in range(_LOSSES):
            if self._closed:
                raise ExecutorError("This executor is closed; make a new one to evaluate more candidates.")
            bridge = self._bridge
            if not bridge.knows(packed.number):
                bridge.give(packed)
            try:
                return await asyncio.wrap_future(bridge.evaluate(numbered))
            except BridgeLost as lost:
                await self._mend(bridge, lost)
        raise ExecutorError(
            f"Ray was lost {_LOSSES} times under the same candidate and is not started again; "
            "look at its logs under /tmp/ray, and resume the run once that is mended."
        )

    async def close(self) -> None:
        """Stop the workers, their guests and a cluster of our own; harmless when repeated."""
        if not self._closed:
            self._closed = True
            async with self._mending:
                await asyncio.to_thread(self._bridge.close)

    def _pack(self, instances: InstanceSet) -> Instances:
        for known, packed in self._sets:
            if known is instances:
                return packed
        packed = Instances(len(self._sets), instances.split, pickle.dumps(instances))
        self._sets.append((instances, packed))
        return packed

    async def _mend(self, lost: _Bridge, reason: BridgeLost) -> None:
        async with self._mending:
            if self._bridge is not lost or self._closed:
                return
            _log.warning("Ray is lost: %s. It is started again, and what was being evaluated is sent again.", reason)
            await asyncio.to_thread(lost.close)
            self._bridge = await asyncio.to_thread(self._launch, self._terms)
