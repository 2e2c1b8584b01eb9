"""Offline packing: candidates per second, bin after bin beside item by item, in one run and in turn.

A candidate is scored on all training instances, from its source to its score, through the executor with two slots, in jails. What an empty
heuristic costs in the same frame (`return size`) is the limit of what quicker formulas could reach; asked size by size through Python, it
is the limit of what is no formula. The ratios are of neighbours in time, which a busy machine spoils less.

Run with `make bench`, or `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_bin_packing_offline.py -s`.
"""

import asyncio
import inspect
import time
from collections.abc import Mapping
from statistics import median

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.candidate import Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import LocalConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import JailConfig
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits

SLOTS, ROUNDS, COUNT = 2, 5, 12
"""Candidates at a time, rounds, and candidates of each kind in a round."""

_HEAD = "def completing(free, inside, left, mean, spare, size, rest, slack, following, alike, smaller, beside):\n"
_ITEM_BY_ITEM = """def order_scores(items, capacity):
    return items.astype(float)


def fit_scores(item, bins, remaining, capacity):
    rest = bins - item
    return np.where(rest == 0, 9, -rest / capacity) - 0.1 * np.sqrt(rest) * (rest < item)
"""
KINDS: Mapping[str, tuple[Mapping[str, bool], str]] = {
    "item by item": ({"item_by_item": True}, ""),
    "bin after bin": ({}, ""),
    "item by item, eight operations": ({"item_by_item": True}, _ITEM_BY_ITEM),
    "bin after bin, eight operations": (
        {},
        f"{_HEAD}    return size - 9 * np.maximum(slack - spare, 0) - 0.1 * alike * np.sqrt(rest)\n",
    ),
    "empty": ({}, f"{_HEAD}    return size\n"),
    "asked size by size": ({}, f"{_HEAD}    return np.array(list(size)) - 9 * slack\n"),
    "empty, asked size by size": ({}, f"{_HEAD}    return size[:]\n"),
}
"""Settings of the problem, and a source in place of its own heuristic."""


class Kind:
    """One way to evaluate, warm."""

    def __init__(self, runner: asyncio.Runner, settings: Mapping[str, bool], source: str) -> None:
        problem = load_problem("bin_packing_offline", settings)
        own = "\n\n".join(inspect.getsource(function) for function in problem.functions())
        code = f"import numpy as np\nfrom numpy.typing import NDArray\n\n\n{source or own}"
        recipe = EvaluatorRecipe(problem="bin_packing_offline", settings=settings, sandbox=JailConfig(), limits=Limits(), seed=1)
        self.executor = LocalConfig(slots=SLOTS).build(recipe, problem)
        self.rates: list[float] = []
        self._runner = runner
        self._task = EvaluationTask(code=code, instances=InstanceSet.of_split(problem, "train"))
        runner.run(self._evaluate(2 * SLOTS))

    def measure(self) -> None:
        """Note the rate of one round."""
        start = time.perf_counter()
        self._runner.run(self._evaluate(COUNT))
        self.rates.append(COUNT / (time.perf_counter() - start))

    async def _evaluate(self, count: int) -> None:
        for scored in await asyncio.gather(*(self.executor.evaluate(self._task) for _ in range(count))):
            assert scored.status is Status.OK, scored.detail


def test_candidates_per_second(benchmark: BenchmarkFixture) -> None:
    """All kinds in turn, round by round; the ratio is the median over the rounds."""
    with asyncio.Runner() as runner:
        kinds = {name: Kind(runner, *kind) for name, kind in KINDS.items()}

        def measure() -> None:
            for kind in kinds.values():
                kind.measure()

        benchmark.pedantic(measure, rounds=ROUNDS)  # type: ignore[no-untyped-call]
        for kind in kinds.values():
            runner.run(kind.executor.close())
    for name, kind in kinds.items():
        before = kinds["item by item, eight operations" if "operations" in name else "item by item"].rates
        ratio = median(one / other for one, other in zip(kind.rates, before, strict=True))
        told = {"per second": round(median(kind.rates), 2), "times item by item": round(ratio, 2)}
        benchmark.extra_info[name] = told
        print(f"\n{name}: {', '.join(f'{key} {value:,}' for key, value in told.items())}", end="")  # noqa: T201


@pytest.mark.parametrize("rule", ["first_fit_decreasing", "minimum_bin_slack", "minimum_bin_slack_with_largest"])
def test_textbook_rules(benchmark: BenchmarkFixture, rule: str) -> None:
    """The training split by a compiled textbook rule."""
    problem = load_problem("bin_packing_offline")
    problem.warm_up()
    instances, solver = problem.instances("train"), problem.textbook_rules()[rule]
    benchmark.pedantic(lambda: [solver(instance) for instance in instances], rounds=3)  # type: ignore[no-untyped-call]
