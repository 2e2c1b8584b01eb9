"""The flow shop by insertion: contract, textbook rules as candidates, units, what textbook rules find."""

import inspect
from collections.abc import Mapping
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from evoheur.problem import Heuristic, Instance, Json
from evoheur.problems.flow_shop import kernels as insertion
from evoheur.problems.flow_shop.instance import FlowShopInstance
from evoheur.problems.flow_shop.schedule import makespan
from evoheur.problems.flow_shop_insertion import kernels
from evoheur.problems.flow_shop_insertion.expressed_textbook import EXPRESSED
from evoheur.problems.flow_shop_insertion.problem import InsertionFlowShop, job_scores, place_scores
from evoheur.problems.flow_shop_insertion.textbook_rules import RULES, cds, palmer
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.flow_shop.support.shops import Rows, random_shop, rows, shop
from tests.problems.tsp.support.cities import compiled


def damaged_orders(solution: Json) -> Mapping[str, Json]:
    """Orders of jobs that are none."""
    return {
        "a job twice and another never": [solution[1], *solution[1:]],
        "a job too many": [*solution, 0],
        "an unknown job": [len(solution), *solution[1:]],
        "jobs numbered from 1": [job + 1 for job in solution],
    }


class TestContract(ProblemContract):
    """The problem keeps to what every problem must."""

    name = "flow_shop_insertion"

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Jobs repeated, unknown, too many."""
        return damaged_orders(solution)


def _function(start: Any, expression: str | None) -> Any:
    if expression is None:
        return start
    return eval(f"lambda {', '.join(inspect.signature(start).parameters)}: {expression}", {"np": np})


def _solved(expressions: Mapping[str, str], jobs: FlowShopInstance) -> list[int]:
    functions = {start.__name__: _function(start, expressions.get(start.__name__)) for start in (job_scores, place_scores)}
    order: list[int] = InsertionFlowShop().solve(Heuristic(code="", functions=functions), jobs, np.random.default_rng(0)).tolist()
    return order


@pytest.mark.parametrize("name", EXPRESSED)
@given(table=rows(most=9))
def test_a_textbook_rule_is_a_line_and_builds_the_trusted_order(name: str, table: Rows) -> None:
    """Job by job, on short times where ties are common."""
    assert _solved(EXPRESSED[name], shop(table)) == RULES[name](shop(table)).tolist()


@pytest.mark.parametrize("name", EXPRESSED)
def test_so_it_does_on_many_jobs(name: str) -> None:
    """60 of them; no two rules build the same order there."""
    jobs = random_shop(60, 8, 2)
    assert _solved(EXPRESSED[name], jobs) == RULES[name](jobs).tolist()
    assert len({tuple(solver(jobs).tolist()) for solver in RULES.values()}) == len(RULES)


@given(table=rows(most=6, machines=2).filter(lambda table: len(table[0]) == 2))
def test_cds_is_optimal_on_two_machines(table: Rows) -> None:
    """It is Johnson's rule there."""
    best = min(makespan(shop(table), np.array(order)) for order in permutations(range(len(table))))
    assert makespan(shop(table), cds(shop(table))) == best


def test_palmers_order_by_hand() -> None:
    """Slope indices on three machines: twice what the last takes longer than the first."""
    assert palmer(shop([[3, 9, 1], [1, 9, 3], [2, 9, 2], [2, 1, 2]])).tolist() == [1, 2, 3, 0]


def test_units_do_not_matter() -> None:
    """Rules that add times to shares see the same when all times are a thousand times as large."""
    jobs = random_shop(30, 6, 4)
    longer = shop((jobs.times * 1000).tolist())
    for expressions in (
        {"job_scores": "np.exp(-added) + share"},
        {"job_scores": "regret * (mean > 1.1) + deviation", "place_scores": "np.sin(5 * idle) + spare"},
    ):
        assert _solved(expressions, jobs) == _solved(expressions, longer), expressions


def test_after_warming_up_nothing_is_compiled_any_more() -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = InsertionFlowShop()
    problem.warm_up()
    hot: list[Any] = [kernels.tied_places, insertion.update_heads_and_tails, insertion.measure, insertion.insert]
    hot += [insertion.insert_in_order, insertion.idle_growth, insertion.span_at]
    before = [compiled(kernel) for kernel in hot]
    jobs = problem.decode(problem.encode(problem.instances("train")[0]))
    _solved({}, jobs)
    for solver in problem.textbook_rules().values():
        solver(jobs)
    assert [compiled(kernel) for kernel in hot] == before
