"""Ray actors as the pool's workers.

What they claim of the cluster, and what Ray's errors mean.
"""

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import ray
from ray.exceptions import ActorDiedError, RayActorError, RayError, RayTaskError

from evoheur.candidate import Evaluation
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.ray.bridge_messages import Instances, Terms
from evoheur.evaluation.ray.ray_worker import EvaluationWorker, Prepared, Stumble
from evoheur.evaluation.ray.worker_pool import WorkerLost, WorkerStumbled, WorkerUseless
from evoheur.version import __version__

__all__ = ["MOST_WORKERS", "NAMESPACE", "Agency", "RayWorker", "capacity", "claims_of", "cluster_resources"]

NAMESPACE = "evoheur"
"""Ray's namespace for our workers, whose names `ray.util.list_named_actors` lists."""

MOST_WORKERS = 256
"""Of a run, unless its configuration asks for more."""

_CLOSE_SECONDS = 1.0
_LONGEST = 600  # characters of a foreign message

ValueT = TypeVar("ValueT")


class Agency:
    """Hires workers and keeps the sets of instances they ask for.

    Args:
        terms: What a worker claims and makes its evaluator from.
        node_lives: Whether the node of an id is alive.
    """

    def __init__(self, terms: Terms, node_lives: Callable[[str], Awaitable[bool]]) -> None:
        self._node_lives = node_lives
        self._recipe = ray.put(terms.recipe)
        self._actor_class: Any = ray.remote(EvaluationWorker)
        self._options = {
            "num_cpus": terms.cpus_per_worker,
            "resources": dict(terms.resources),
            "max_restarts": 0,  # the pool replaces workers and sends evaluations again: it knows which candidate to suspect
            "max_task_retries": 0,
            "scheduling_strategy": "SPREAD",
            "namespace": NAMESPACE,
        }
        self._names = (f"evaluation-{secrets.token_hex(4)}-{number}" for number in itertools.count())
        self._sets: dict[int, ray.ObjectRef[bytes]] = {}

    def store(self, instances: Instances) -> None:
        """Put a set of instances where workers fetch it, once for all of them."""
        self._sets[instances.number] = ray.put(instances.packed)

    def hire(self) -> "RayWorker":
        """A new worker under a name that no other ever had."""
        actor = self._actor_class.options(**self._options, name=next(self._names)).remote(self._recipe)
        return RayWorker(actor, self._sets, self._node_lives)


class RayWorker:
    """See `evoheur.evaluation.ray.worker_pool.Worker`.

    Args:
        actor: Handle of an `EvaluationWorker`.
        sets: Number → set of instances in the object store.
        node_lives: Whether the node of an id is alive.
    """

    def __init__(self, actor: Any, sets: "dict[int, ray.ObjectRef[bytes]]", node_lives: Callable[[str], Awaitable[bool]]) -> None:
        self._actor = actor
        self._sets = sets
        self._node_lives = node_lives
        self._node = ""

    async def prepare(self) -> str:
        """See `Worker.prepare`."""
        self._node = await self._result(self._actor.node.remote())
        prepared: Prepared = await self._result(self._actor.prepare.remote())
        if prepared.version != __version__:
            raise WorkerUseless(
                f"node {self._node} has evoheur {prepared.version}, but this run has {__version__}; "
                "install the same version on every node of the cluster"
            )
        return prepared.level

    async def evaluate(self, task: EvaluationTask[int]) -> Evaluation:
        """See `Worker.evaluate`."""
        stored = [self._sets[task.instances]]
        greeted = self._actor.greet.remote()
        asked = self._actor.evaluate.remote(task, stored)
        evaluation: Evaluation | Stumble = await self._result(asked, greeted)
        if isinstance(evaluation, Stumble):
            raise WorkerStumbled(evaluation.reason, evaluation.traceback)
        return evaluation

    async def dismiss(self) -> None:
        """End it as `Worker.dismiss` does.

        A busy worker is killed, and its guest ends when it finds itself alone.
        """
        with contextlib.suppress(RayError, TimeoutError):
            await asyncio.wait_for(self._actor.close.remote(), _CLOSE_SECONDS)
        ray.kill(self._actor)

    async def _result(self, promised: Awaitable[ValueT], greeted: Awaitable[None] | None = None) -> ValueT:
        try:
            return await promised
        except RayTaskError as error:
            raise WorkerUseless(f"node {self._node or '(unknown)'}: {_in_a_line(error.cause)}") from error
        except RayError as error:
            if isinstance(error, RayActorError) and error.actor_init_failed:
                raise WorkerUseless(
                    f"a worker cannot be made: {_in_a_line(error)}; is evoheur installed on every node?"
                ) from error
            in_its_hands = greeted is not None and await _came(greeted)  # it did not die while it had nothing to do
            node_lives = isinstance(error, ActorDiedError) and await self._node_lives(self._node)
            where = "its process ended" if node_lives else "its node is gone or out of reach"
            raise WorkerLost(where, alone=in_its_hands and node_lives) from error


async def _came(answer: Awaitable[None]) -> bool:
    try:
        await answer
    except RayError:
        return False
    return True


def cluster_resources() -> dict[str, float]:
    """What all nodes of the cluster have together, in use or not."""
    there: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return there


def capacity(terms: Terms) -> int:
    """How many workers the cluster has room for now.

    0 if it lacks something altogether.
    """
    there = cluster_resources()
    rooms = [int(there.get(name, 0.0) / claim + 1e-9) for name, claim in claims_of(terms).items() if claim > 0]
    return min([*rooms, MOST_WORKERS])


def claims_of(terms: Terms) -> dict[str, float]:
    """What a worker sets aside of the cluster's resources."""
    return {"CPU": terms.cpus_per_worker, **terms.resources}


def _in_a_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split()) or 'no reason given'}"[:_LONGEST].rstrip(".")
