"""The flow shop by iterated greedy search: contract, textbook rules as candidates, units, settings, published optima."""

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Instance, Json
from evoheur.problem_loading import load_problem
from evoheur.problems.flow_shop.instance import FlowShopInstance
from evoheur.problems.flow_shop.published_instances import OPTIMA, published_family
from evoheur.problems.flow_shop.schedule import makespan
from evoheur.problems.flow_shop_insertion.textbook_rules import neh
from evoheur.problems.flow_shop_iterated_greedy import kernels
from evoheur.problems.flow_shop_iterated_greedy.problem import IteratedGreedyFlowShop, allowed_growths, removal_scores
from evoheur.problems.flow_shop_iterated_greedy.textbook_rules import TEMPERATURE
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.flow_shop.support.shops import Rows, random_shop, rows, shop
from tests.problems.flow_shop_insertion.test_problem import damaged_orders
from tests.problems.tsp.support.cities import compiled


class TestContract(ProblemContract):
    """The problem keeps to what every problem must."""

    name = "flow_shop_iterated_greedy"
    solved = 1

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Jobs repeated, unknown, too many."""
        return damaged_orders(solution)


def _annealed(_progress: float, _behind: float, _stuck: float, noise: Any) -> Any:
    return -TEMPERATURE * np.log(noise)


CANDIDATES = {"random_removals": allowed_growths, "iterated_greedy": _annealed}


def _solved(accept: Any, jobs: FlowShopInstance, seed: int = 0) -> list[int]:
    candidate = Heuristic(code="", functions={"removal_scores": removal_scores, "allowed_growths": accept})
    rng = np.random.default_rng(zlib.crc32(jobs.name.encode()) + seed)
    order: list[int] = IteratedGreedyFlowShop().solve(candidate, jobs, rng).tolist()
    return order


@pytest.mark.parametrize("name", CANDIDATES)
@given(table=rows())
def test_a_textbook_rule_is_one_line_and_finds_the_trusted_order(name: str, table: Rows) -> None:
    """With the same draws, on short times where ties are common."""
    jobs = shop(table)
    assert _solved(CANDIDATES[name], jobs) == IteratedGreedyFlowShop().textbook_rules()[name](jobs).tolist()


@pytest.mark.parametrize("name", CANDIDATES)
def test_so_it_does_on_many_jobs(name: str) -> None:
    """40 of them, where the two textbook rules differ on one shop or another."""
    rules = IteratedGreedyFlowShop().textbook_rules()
    shops = [random_shop(40, 10, seed) for seed in range(6)]
    found = {rule: [solver(jobs).tolist() for jobs in shops] for rule, solver in rules.items()}
    assert [_solved(CANDIDATES[name], jobs) for jobs in shops[:2]] == found[name][:2]
    assert found["random_removals"] != found["iterated_greedy"]


def test_the_seed_decides() -> None:
    """The same one gives the same order, another one mostly another."""
    jobs = random_shop(30, 8, 5)
    assert _solved(allowed_growths, jobs) == _solved(allowed_growths, jobs)
    assert _solved(allowed_growths, jobs) != _solved(allowed_growths, jobs, seed=1)


def test_units_do_not_matter() -> None:
    """Rules that mix times with numbers see the same when all times are a thousand times as large."""
    jobs = random_shop(20, 6, 4)
    assert _solved(_annealed, jobs) == _solved(_annealed, shop((jobs.times * 1000).tolist(), jobs.name))


def test_more_steps_and_any_steps_are_worth_it() -> None:
    """A setting of the problem, for textbook rules too; against NEH, on the mean of ten instances."""
    shops = [random_shop(25, 8, seed) for seed in range(10)]
    few, many = (load_problem("flow_shop_iterated_greedy", {"steps_per_job": steps}).textbook_rules() for steps in (1, 8))
    for name in few:
        start, one, eight = (np.mean([makespan(each, rule(each)) for each in shops]) for rule in (neh, few[name], many[name]))
        assert eight < one < start


def test_published_optima_are_reached_and_never_beaten() -> None:
    """Seven of the ten smallest instances of Taillard, or more, with sixty steps per job; it would be found out if one were too large."""
    rule = load_problem("flow_shop_iterated_greedy", {"steps_per_job": 60}).textbook_rules()["iterated_greedy"]
    found = [makespan(instance, rule(instance)) - OPTIMA[instance.name] for instance in published_family("20x5")]
    assert min(found) == 0
    assert found.count(0) >= 7


@pytest.mark.parametrize("settings", [{"steps_per_job": 0}, {"removed": 0}])
def test_no_effort_is_refused(settings: dict[str, int]) -> None:
    """The rules would never be asked."""
    with pytest.raises(ConfigError, match="give at least 1 for both"):
        load_problem("flow_shop_iterated_greedy", settings)


def test_after_warming_up_nothing_is_compiled_any_more() -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = IteratedGreedyFlowShop()
    problem.warm_up()
    hot: list[Any] = [kernels.look, kernels.take_step]
    before = [compiled(kernel) for kernel in hot]
    jobs = problem.decode(problem.encode(problem.instances("train")[0]))
    _solved(_annealed, jobs)
    for solver in problem.textbook_rules().values():
        solver(jobs)
    assert [compiled(kernel) for kernel in hot] == before
