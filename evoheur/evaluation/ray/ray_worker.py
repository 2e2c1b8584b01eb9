"""The Ray actor: trusted code around one evaluator.

The evaluator's guest is a process of its own (a Ray worker must never fork a candidate).
"""

import pickle
import traceback
from dataclasses import dataclass

import ray

from evoheur.candidate import Evaluation
from evoheur.errors import EvoheurError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.sandbox.interface import SandboxUnavailable
from evoheur.version import __version__

__all__ = ["EvaluationWorker", "Prepared", "Stumble"]

_SETS = 16  # sets of instances that are kept unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A worker's answer when it can begin.

    Attributes:
        version: Version of the evoheur that is installed there.
        level: Isolation of its candidates.
    """

    version: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stumble:
    """A worker's answer where code of ours raised an exception.

    It raised what it should not; `reason` is one line, `traceback` all of it.
    """

    reason: str
    traceback: str


class EvaluationWorker:
    """One slot. Its methods are called one at a time.

    Args:
        recipe: A pickled `EvaluatorRecipe`; unpacked by `prepare`, so that what is wrong with it is an answer and no dead worker.
    """

    def __init__(self, recipe: bytes) -> None:
        self._recipe = recipe
        self._sets: dict[int, InstanceSet] = {}
        self._evaluator: Evaluator | None = None

    def node(self) -> str:
        """Id of the Ray node it runs on, in hexadecimal."""
        found: str = ray.get_runtime_context().get_node_id()
        return found

    def prepare(self) -> Prepared:
        """Load the problem, compile its kernels and start the guest.

        The guest then knows its isolation.

        Raises:
            ConfigError: The problem is not to be found on this node.
            SandboxUnavailable: The guest cannot be started on this node.
        """
        recipe: EvaluatorRecipe = pickle.loads(self._recipe)  # noqa: S301 - from the run's own process
        self._evaluator = recipe.make()
        self._evaluator.start()
        return Prepared(version=__version__, level=self._evaluator.level)

    def greet(self) -> None:
        """Answer at once.

        An evaluation that is sent right behind this has begun if the answer came.
        """

    def evaluate(self, task: EvaluationTask[int], stored: "list[ray.ObjectRef[bytes]]") -> Evaluation | Stumble:
        """Score one candidate.

        Args:
            task: On the set of that number.
            stored: The set in the object store; in a list, because Ray would otherwise fetch it for every candidate.

        Raises:
            SandboxUnavailable: The guest cannot be started on this node.
        """
        assert self._evaluator is not None, "the pool prepares a worker first"
        if task.instances not in self._sets:
            if len(self._sets) == _SETS:
                del self._sets[min(self._sets)]
            self._sets[task.instances] = pickle.loads(ray.get(stored[0]))  # noqa: S301 - from the run's own process
        try:
            instances = self._sets[task.instances]
            return self._evaluator.evaluate(task.on(instances))
        except (EvoheurError, SandboxUnavailable):
            raise
        except Exception as error:  # noqa: BLE001 - the run's net is in another process: what it catches has to get there
            return Stumble(reason=f"{type(error).__name__}: {error}", traceback=traceback.format_exc())

    def close(self) -> None:
        """End the guest."""
        if self._evaluator is not None:
            self._evaluator.close()
