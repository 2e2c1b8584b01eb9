"""One heuristic over a set of instances, in a sandbox that is started for it alone."""

import asyncio
from collections import Counter, defaultdict
from typing import Any

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.evaluation.executor import Executor, LocalConfig
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.task import EvaluationTask
from evoheur.problem import Problem
from evoheur.run.assemble import make_executor
from evoheur.run.config import EvaluationConfig, ProblemConfig

__all__ = ["complete_families", "score"]


def score(
    problem: Problem[Any], named: ProblemConfig, evaluation: EvaluationConfig, code: str, instances: InstanceSet, *, seed: int
) -> Evaluation:
    """Evaluate a heuristic as a run would, with the run's sandbox and limits but on this machine.

    Args:
        problem: Loaded from `named`.
        named: As the guest loads it too.
        evaluation: Sandbox and limits; its executor is not used.
        code: Source that defines the problem's functions.
        instances: What to solve.
        seed: For stochastic frames.

    Raises:
        ExecutorError: The guest cannot be started.
    """
    problem.warm_up()
    alone = evaluation.model_copy(update={"executor": LocalConfig(slots=1)})
    task = EvaluationTask(code=code, instances=instances, probe=True)
    return asyncio.run(_evaluate_and_close(make_executor(problem, named, alone, seed=seed), task))


async def _evaluate_and_close(executor: Executor, task: EvaluationTask[InstanceSet]) -> Evaluation:
    try:
        return await executor.evaluate(task)
    finally:
        await executor.close()


def complete_families(evaluation: Evaluation, instances: InstanceSet) -> dict[str, list[InstanceResult]]:
    """Family → results, in the order families first appear; no results where any of its instances failed or was not reached."""
    wanted = Counter(instance.family for instance in instances.instances)
    solved: dict[str, list[InstanceResult]] = defaultdict(list)
    for result in evaluation.results:
        if result.status is Status.OK:
            solved[result.family].append(result)
    return {family: solved[family] if len(solved[family]) == number else [] for family, number in wanted.items()}
