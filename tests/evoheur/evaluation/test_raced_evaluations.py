"""A race within an evaluation: real guests solve no more than they must, and who keeps up is scored as ever."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.evaluation.statistical_race import StatisticalRace, race_order
from evoheur.problem_loading import load_problem
from evoheur.sandbox.process import ProcessSandbox
from tests.evoheur.evaluation.test_evaluator import HONEST, LIMITS, body

FIRST_MACHINE = body("return np.arange(len(loads), 0.0, -1.0)")


@pytest.fixture(scope="module")
def evaluator(scheduling: str) -> Iterator[Evaluator]:
    made = Evaluator(load_problem(scheduling), ProcessSandbox(guest_entry(scheduling, {})), LIMITS, seed=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def train(scheduling: str) -> InstanceSet:
    return InstanceSet.of_split(load_problem(scheduling), "train")


@pytest.fixture(scope="module")
def race(evaluator: Evaluator, train: InstanceSet) -> StatisticalRace:
    """Against the honest rule and one that is a little worse everywhere."""
    costs = evaluator.evaluate(EvaluationTask(code=HONEST, instances=train)).behaviour
    assert costs is not None
    return StatisticalRace(rivals=(costs, tuple(cost + 0.5 for cost in costs)), first=3, tests=1, level=0.05)


def without_times(evaluation: Evaluation) -> Evaluation:
    return replace(evaluation, results=tuple(replace(result, cpu_seconds=0.0) for result in evaluation.results))


def test_who_keeps_up_is_scored_as_without_a_race(evaluator: Evaluator, train: InstanceSet, race: StatisticalRace) -> None:
    """To the last bit, and in the order of the instances."""
    plain = evaluator.evaluate(EvaluationTask(code=HONEST, instances=train))
    raced, solutions = evaluator.solve(EvaluationTask(code=HONEST, instances=train, race=race))
    assert without_times(raced) == without_times(plain)
    assert solutions == evaluator.solve(EvaluationTask(code=HONEST, instances=train))[1]


def test_who_is_beaten_by_all_is_stopped(evaluator: Evaluator, train: InstanceSet, race: StatisticalRace) -> None:
    lost = evaluator.evaluate(EvaluationTask(code=FIRST_MACHINE, instances=train, race=race))
    order = race_order(train.instances, race.most)
    assert (lost.status, lost.objective) == (Status.PRUNED, None)
    assert [result.instance for result in lost.results] == [train.instances[place].name for place in order[:3]]
    assert lost.detail.startswith("significantly worse than all 2 rivals after 3 of 4 instances")


def test_a_failure_stays_a_failure(evaluator: Evaluator, train: InstanceSet, race: StatisticalRace) -> None:
    fails = body("return -loads.astype(float) / 0 if length < 0 else loads[99:]")
    assert evaluator.evaluate(EvaluationTask(code=fails, instances=train, race=race)).status not in {Status.OK, Status.PRUNED}


def test_a_task_on_other_instances_is_the_same_race(race: StatisticalRace) -> None:
    """Ray's workers get tasks with the number of a set."""
    assert EvaluationTask(code="", instances=1, race=race).on(2).race == race
