"""An executor that leaves half of the processors to others."""

import os
from typing import Any

from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import Executor, ExecutorConfig, LocalExecutor
from evoheur.problem import Problem

__all__ = ["HalfConfig"]


class HalfConfig(ExecutorConfig):
    """Worker threads for half of the processors, at least one."""

    kind: str = "half"

    def build(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> Executor:
        """One evaluator per slot, each with a sandbox of its own."""
        slots = max(1, (os.cpu_count() or 1) // 2)
        return LocalExecutor([recipe.make(problem) for _ in range(slots)])
