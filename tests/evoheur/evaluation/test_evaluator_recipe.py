"""A recipe for evaluators: means the same in every process and tells a worker nothing it must not know."""

import os
import pickle
from pathlib import Path

import pytest

from evoheur.candidate import Status
from evoheur.errors import ConfigError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import JailConfig, ProcessConfig
from evoheur.sandbox.interface import Limits


def recipe(problem: str) -> EvaluatorRecipe:
    return EvaluatorRecipe(problem=problem, settings={}, sandbox=ProcessConfig(), limits=Limits(memory_mib=256), seed=1)


def test_a_pickled_recipe_makes_an_evaluator_that_works(scheduling: str) -> None:
    """Also from a relative path, which is made absolute where the recipe is written."""
    copy: EvaluatorRecipe = pickle.loads(pickle.dumps(recipe(os.path.relpath(scheduling))))
    assert copy == recipe(scheduling)
    problem = copy.load()
    evaluator = copy.make()
    try:
        train = InstanceSet.of_split(problem, "train")
        assert (
            evaluator.evaluate(
                EvaluationTask(code="def choose(length, loads):\n    return -loads * 1.0\n", instances=train)
            ).status
            is Status.OK
        )
    finally:
        evaluator.close()


def test_a_bundled_name_stays_a_name() -> None:
    """It names the same problem on a machine where evoheur is installed elsewhere."""
    assert recipe("bin_packing_online").problem == "bin_packing_online"


def test_the_sandbox_of_the_recipe_is_used(scheduling: str) -> None:
    jailed = EvaluatorRecipe(problem=scheduling, settings={}, sandbox=JailConfig(), limits=Limits(), seed=1)
    made = [jailed.make(jailed.load()), recipe(scheduling).make()]
    assert [evaluator.level for evaluator in made] == ["jail-L0", "process"]  # a jail names the least until its guest runs
    for evaluator in made:
        evaluator.close()


def test_a_problem_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        recipe(str(tmp_path / "nowhere")).make()
