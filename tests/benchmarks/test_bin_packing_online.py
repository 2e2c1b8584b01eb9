"""Online bin packing: how long the five training streams of 5,000 items take, and deciding them once more in lock-step."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.candidate import Status
from evoheur.evaluation.binary_tables import held_table, sent_table
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import JailConfig, guest_entry
from evoheur.online import OnlineProblem
from evoheur.problem import Heuristic
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits

RULES = {
    "best fit": "return -(bins - item).astype(float)",
    "masks and powers": """rest = (bins - item) / np.max(bins)
    scores = np.exp(-4.0 * rest) - 0.3 * rest ** 2 + np.tanh(item / (1 + bins))
    scores[bins == item] = 10.0
    return scores""",
    "branch on the item": """if item > 50:
        return -(bins - item).astype(float)
    return np.where(bins < 2 * item, item - bins, -200.0 / (1 + bins))""",
}
HIDDEN = f"bins.min()\n    {RULES['best fit']}"
NEIGHBOURS = "scores = -(bins - item).astype(float)\n    scores[1:] -= scores[:-1]\n    return scores"


def source(body: str) -> str:
    """A rule's source."""
    return f"import numpy as np\n\ndef priority(item, bins):\n    {body}\n"


def candidate(body: str) -> Heuristic:
    """A rule as the guest has it."""
    code = source(body)
    namespace: dict[str, Any] = {}
    exec(compile(code, "heuristic", "exec"), namespace)
    return Heuristic(code=code, functions={"priority": namespace["priority"]})


@pytest.fixture(name="problem")
def _problem() -> OnlineProblem[Any]:
    problem = load_problem("bin_packing_online")
    assert isinstance(problem, OnlineProblem)
    problem.warm_up()
    return problem


@pytest.fixture(name="evaluator")
def _evaluator(problem: OnlineProblem[Any]) -> Iterator[Evaluator]:
    made = Evaluator(problem, JailConfig().build(guest_entry("bin_packing_online", {})), Limits(), seed=1)
    yield made
    made.close()


@pytest.mark.parametrize("rule", RULES)
def test_levels(benchmark: BenchmarkFixture, problem: OnlineProblem[Any], rule: str) -> None:
    """A new rule that scores levels on all training streams: showing that it does, its table, the way through JSON, and packing."""
    instances = problem.instances("train")

    def decide(heuristic: Heuristic) -> None:
        sent, binary = sent_table(problem.tabulate(heuristic, problem.table_scope(instances[0])))
        table = held_table(json.loads(json.dumps(sent)), binary)
        assert all(problem.follow(instance, table) is not None for instance in instances)

    benchmark.pedantic(decide, setup=lambda: ((candidate(RULES[rule]),), {}), rounds=20)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("body", [HIDDEN, NEIGHBOURS], ids=["best fit", "neighbours"])
def test_plain(benchmark: BenchmarkFixture, problem: OnlineProblem[Any], body: str) -> None:
    """The same beside the streams: best fit that looks at a minimum without using it, and a rule that has to be asked bin by bin."""
    instances = problem.instances("train")

    def solve(heuristic: Heuristic) -> None:
        for instance in instances:
            problem.solve(heuristic, instance, np.random.default_rng(0))

    benchmark.pedantic(solve, setup=lambda: ((candidate(body),), {}), rounds=2)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("probe", [False, True], ids=["once", "and in lock-step"])
@pytest.mark.parametrize("body", [RULES["best fit"], HIDDEN], ids=["by table", "bin by bin"])
def test_evaluation(benchmark: BenchmarkFixture, evaluator: Evaluator, body: str, probe: bool) -> None:
    """A candidate on all training streams in a jail, with and without the check that it knows nothing of what is to come."""
    train = InstanceSet.of_split(load_problem("bin_packing_online"), "train")

    def evaluate() -> None:
        assert evaluator.evaluate(EvaluationTask(code=source(body), instances=train, probe=probe)).status is Status.OK

    benchmark.pedantic(evaluate, rounds=10, warmup_rounds=1)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", ["first_fit", "best_fit", "worst_fit", "harmonic", "sum_of_squares"])
def test_textbook_rules(benchmark: BenchmarkFixture, problem: OnlineProblem[Any], name: str) -> None:
    """A textbook rule on all training streams."""
    solver: Callable[[Any], Any] = problem.textbook_rules()[name]
    instances = problem.instances("train")
    benchmark.pedantic(lambda: [solver(instance) for instance in instances], rounds=20)  # type: ignore[no-untyped-call]


def test_pricing(benchmark: BenchmarkFixture, problem: OnlineProblem[Any]) -> None:
    """Checking and pricing five solutions as they come from the guest."""
    instances = problem.instances("train")
    solutions = [problem.textbook_rules()["best_fit"](instance).tolist() for instance in instances]
    benchmark.pedantic(lambda: [problem.cost(*pair) for pair in zip(instances, solutions, strict=True)], rounds=20)  # type: ignore[no-untyped-call]
