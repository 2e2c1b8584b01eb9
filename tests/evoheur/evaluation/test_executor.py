"""The local executor: the executor contract, and threads over real guests."""

from typing import Any

import pytest

from evoheur.evaluation.executor import Executor, LocalConfig
from evoheur.evaluation.isolation import ProcessConfig
from evoheur.evaluation.recipe import EvaluatorRecipe
from evoheur.problem import Problem, load_problem
from evoheur.testing.executors import ExecutorContract
from sandbox.sandbox import Limits


class TestLocalExecutor(ExecutorContract):
    """Everything an executor promises."""

    @pytest.fixture(autouse=True)
    def _problem(self, scheduling: str) -> None:
        self.folder = scheduling

    def problem(self) -> Problem[Any]:
        return load_problem(self.folder)

    def make_executor(self, slots: int) -> Executor:
        limits = Limits(load_seconds=5, cpu_seconds=1, wall_seconds=2, memory_mib=256)
        recipe = EvaluatorRecipe(problem=self.folder, settings={}, sandbox=ProcessConfig(), limits=limits, seed=1)
        return LocalConfig(slots=slots).build(recipe, self.problem())

    def honest(self) -> str:
        return "def choose(length, loads):\n    return -loads.astype(float)\n"

    def endless(self) -> str:
        return "def choose(length, loads):\n    while True: pass\n"

    def suicidal(self) -> str:
        return "import os\ndef choose(length, loads):\n    os._exit(3)\n"
