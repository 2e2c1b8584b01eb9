"""A model and an executor that only take time, so that what is left of a run is its driver."""

import asyncio
import random
import zlib
from collections.abc import Sequence
from typing import Any, Literal

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.code.program import measures
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import Executor, ExecutorConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.problem import Problem
from evoheur.request import Completion, Message, Request, Usage

__all__ = ["SimulatedExecutor", "SimulatedExecutorConfig", "SimulatedModel", "SimulatedModelConfig"]

ARGUMENTS = "item, capacity, arrived, mean, space, free, rest, here, there, fill_there, fit_here, fit_there"
REPLY = """{{Weighs counts of levels against shares of sizes, with {numbers[0]} and {numbers[1]}.}}

```python
import numpy as np

def priority({arguments}):
    change = np.where(free < capacity, {numbers[0]} * here - 1, 0) - np.where(rest > 0, {numbers[1]} * there + 1, 0)
    share = fit_there / (fit_here + {numbers[2]}) + np.sqrt(np.abs(fill_there - {numbers[3]}))
    tightness = np.exp(-{numbers[4]} * rest / (mean + 1e-09)) * np.minimum(arrived, {numbers[5]})
    return change + {numbers[6]} * share - tightness / (space + {numbers[7]})
```
"""


class SimulatedModelConfig(GeneratorConfig):
    """Settings of a model that answers at once with a heuristic that nobody has seen."""

    kind: Literal["tests.benchmarks.support.simulated_parts:SimulatedModelConfig"]
    seconds: float = 0.03
    """What a call takes in the mean."""

    def build(self, context: GeneratorContext) -> Generator:
        """See `GeneratorConfig.build`."""
        return SimulatedModel(self.seconds)


class SimulatedModel(Generator):
    """A model that draws numbers into one and the same formula.

    Args:
        seconds: What a call takes in the mean.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    @property
    def online(self) -> bool:
        """False: the code is written above."""
        return False

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        """See `Generator.complete`."""
        rng = random.Random(seed)
        await asyncio.sleep(rng.uniform(0, 2) * self._seconds)
        text = REPLY.format(numbers=[round(rng.uniform(0.1, 9), 4) for _ in range(8)], arguments=ARGUMENTS)
        return Completion(text=text, model="simulated", usage=Usage(prompt_tokens=1500, completion_tokens=300), cost_usd=0.001)

    async def close(self) -> None:
        """Nothing is held open."""


class SimulatedExecutorConfig(ExecutorConfig):
    """Settings of an executor that scores by a checksum."""

    kind: Literal["tests.benchmarks.support.simulated_parts:SimulatedExecutorConfig"]
    slots: int = 64
    seconds: float = 0.03
    """What an evaluation takes in the mean."""

    def build(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> Executor:
        """See `ExecutorConfig.build`."""
        return SimulatedExecutor(self.slots, self.seconds)


class SimulatedExecutor:
    """An executor that waits, and then gives a score that depends on the code alone.

    Args:
        slots: Evaluations at the same time.
        seconds: What one takes in the mean.
    """

    level = "simulated"

    def __init__(self, slots: int, seconds: float) -> None:
        self.slots = slots
        self._seconds = seconds
        self._free = asyncio.Semaphore(slots)

    async def start(self) -> None:
        """Nothing starts."""

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        """See `Executor.evaluate`."""
        rng = random.Random(zlib.crc32(task.code.encode()))
        async with self._free:
            await asyncio.sleep(rng.uniform(0, 2) * self._seconds)
        objective = rng.uniform(1, 9)
        results = tuple(
            InstanceResult(
                instance=instance.name,
                family=instance.family,
                status=Status.OK,
                cost=float(reference) * (1 + objective / 100),
                reference=reference,
                notes={"path": "flat"},
            )
            for instance in task.instances.instances
            if (reference := task.instances.references[instance.name])
        )
        return Evaluation(
            status=Status.OK,
            objective=objective,
            objective_kind="gap_percent",
            aggregate="mean_of_gaps",
            split=task.instances.split,
            results=results,
            measures=measures(task.code),
            level=self.level,
        )

    async def close(self) -> None:
        """Nothing ends."""
