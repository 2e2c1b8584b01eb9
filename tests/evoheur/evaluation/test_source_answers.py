"""A candidate that is a formula is scored by its source, and executed where its score must be beyond doubt."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from evoheur.candidate import BY_SOURCE, Evaluation, Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.problem import Json
from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.instance import TspInstance
from evoheur.sandbox.interface import Limits, Report, SandboxUnavailable, Session
from evoheur.sandbox.process import ProcessSandbox

PROBLEM = "bin_packing_online_levels"
LIMITS = Limits(load_seconds=20, cpu_seconds=10, wall_seconds=20, memory_mib=512, output_bytes=1_000_000)


class Closed:
    """A sandbox in which nothing can be executed."""

    level = "closed"

    def start(self) -> None:
        """Nothing starts."""

    def open(self, payload: Mapping[str, Json], limits: Limits) -> tuple[Session, Report]:
        """Refuse."""
        raise SandboxUnavailable("nothing is executed here")

    def close(self) -> None:
        """Nothing ends."""


@pytest.fixture(scope="module")
def executing() -> Iterator[Evaluator]:
    made = Evaluator(load_problem(PROBLEM), ProcessSandbox(guest_entry(PROBLEM, {})), LIMITS, seed=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def reading() -> Evaluator:
    return Evaluator(load_problem(PROBLEM), Closed(), LIMITS, seed=1)


@pytest.fixture(scope="module")
def train() -> InstanceSet:
    return InstanceSet.of_split(load_problem(PROBLEM), "train").few(6)


def body(text: str) -> str:
    names = "item, capacity, arrived, mean, space, free, rest, here, there, fill_there, fit_here, fit_there"
    return f"import numpy as np\n\n\ndef priority({names}):\n    {text}\n"


BEST_FIT, WORST_FIT = body("return -free"), body("return np.where(free < capacity, free, 0)")


def without_times(evaluation: Evaluation, level: str) -> Evaluation:
    return replace(evaluation, level=level, results=tuple(replace(each, cpu_seconds=0.0) for each in evaluation.results))


@pytest.mark.parametrize("code", [BEST_FIT, WORST_FIT])
def test_a_formula_scores_by_its_source_as_it_does_when_it_is_executed(
    executing: Evaluator, reading: Evaluator, train: InstanceSet, code: str
) -> None:
    by_source = reading.evaluate(EvaluationTask(code=code, instances=train))
    executed = executing.evaluate(EvaluationTask(code=code, instances=train, probe=True))
    assert by_source.status is Status.OK
    assert without_times(by_source, "") == without_times(executed, "")


def test_a_formula_is_cut_short_where_it_would_be_when_it_is_executed(
    executing: Evaluator, reading: Evaluator, train: InstanceSet
) -> None:
    bounded = replace(train, bounded=True)
    by_source = reading.evaluate(EvaluationTask(code=WORST_FIT, instances=bounded, bound=2.0))
    executed = executing.evaluate(EvaluationTask(code=WORST_FIT, instances=bounded, bound=2.0, probe=True))
    assert by_source.status is Status.PRUNED
    assert without_times(by_source, "") == without_times(executed, "")


def test_what_was_not_executed_says_so(executing: Evaluator, reading: Evaluator, train: InstanceSet) -> None:
    """Equal to what was executed all the same; of an offline problem too."""
    task = EvaluationTask(code=BEST_FIT, instances=train)
    read, executed = reading.evaluate(task), executing.evaluate(replace(task, probe=True))
    assert (read.executed, read.level) == (False, BY_SOURCE)
    assert (executed.executed, executed.level) == (True, "process")
    problem = load_problem("tsp_insertion")
    offline = Evaluator(problem, Closed(), LIMITS, seed=1)
    few = InstanceSet.of_split(problem, "train").few(2)
    rule = (
        "def city_scores(share, farthest, nearest, cheapest, regret, mean, lonely, mean_tour, edge):\n    return regret - share\n"
    )
    evaluation, tours = offline.solve(EvaluationTask(code=rule, instances=few))
    assert (evaluation.status, evaluation.executed) == (Status.OK, False)
    assert [sorted(tour) for tour in tours] == [
        list(range(each.cities)) for each in few.instances if isinstance(each, TspInstance)
    ]
    with pytest.raises(SandboxUnavailable):
        offline.evaluate(EvaluationTask(code=rule, instances=few, probe=True))


def test_a_score_that_must_be_beyond_doubt_is_no_matter_of_reading(reading: Evaluator, train: InstanceSet) -> None:
    with pytest.raises(SandboxUnavailable):
        reading.evaluate(EvaluationTask(code=BEST_FIT, instances=train, probe=True))


@pytest.mark.parametrize(
    ("code", "status"),
    [
        pytest.param(body("return sorted(-free)"), Status.OK, id="no formula"),
        pytest.param(body("return np.log(-here)"), Status.ERROR, id="a score that is NaN"),
        pytest.param("import scipy.nowhere\n" + BEST_FIT, Status.ERROR, id="a module that is not there"),
        pytest.param(BEST_FIT + "raise ValueError\n", Status.ERROR, id="an error beside the formula"),
    ],
)
def test_what_its_source_does_not_tell_is_executed(
    executing: Evaluator, reading: Evaluator, train: InstanceSet, code: str, status: Status
) -> None:
    task = EvaluationTask(code=code, instances=train)
    assert executing.evaluate(task).status is status
    with pytest.raises(SandboxUnavailable):
        reading.evaluate(task)
