"""Job shop dispatching as a problem: contract, textbook rules as candidates, formulas, units, and what is to come."""

import ast
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given

from evoheur.problem import Heuristic, Instance, Json, RuleClass
from evoheur.problems.job_shop_dispatching.expressed_textbook import EXPRESSED
from evoheur.problems.job_shop_dispatching.instance import JobShopInstance, decoded_shop
from evoheur.problems.job_shop_dispatching.problem import JobShopDispatching, priority
from evoheur.problems.returned_numbers import BadAnswer
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.job_shop_dispatching.support.job_shops import dispatching, job_shop, small_job_shops
from tests.support.example_budget import dear

MIXED = "remaining - time * (1 + progress) + 0.3 * np.log1p(next_queue) - 0.1 * next_busy + 0.01 * load / (1 + most) * next_load"


class TestContract(ProblemContract):
    """It keeps to what every problem must."""

    name = "job_shop_dispatching"

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """A job too often, a job too seldom, no plan."""
        first = solution[0]
        other = next(job for job in first if job != first[0])
        return {
            "a job too often": [[*first[:-1], first[0] if first[-1] != first[0] else other], *solution[1:]],
            "an operation too few": [first[:-1], *solution[1:]],
            "no plan": solution[1:],
        }


@pytest.mark.nightly
class TestContractOfActiveSchedules(TestContract):
    """So does Giffler and Thompson's way."""

    settings: ClassVar[Mapping[str, Any]] = {"active": True}


def decided(problem: JobShopDispatching, candidate: Heuristic, instance: JobShopInstance) -> list[Json]:
    """Its plans, which are alike by the formula as data, by its source, and job by job."""
    formula = json.loads(json.dumps(problem.tabulate(candidate, problem.table_scope(instance))))
    assert candidate.notes == {"path": "flat"}
    plans = problem.follow(instance, formula)
    written = problem.solver_in_source(ast.parse(candidate.code))
    assert written is not None
    assert written.solve(instance) == plans
    assert problem.solve(candidate, instance, np.random.default_rng(0)) == plans
    assert candidate.notes["path"] == "plain"
    candidate.notes.clear()
    assert plans is not None
    return plans


@pytest.mark.parametrize("active", [False, True])
@pytest.mark.parametrize("name", EXPRESSED)
@dear()
@given(shop=small_job_shops())
def test_textbook_rules_as_candidates_decide_as_the_trusted_ones(shop: JobShopInstance, name: str, active: bool) -> None:
    """The same plans at every arrival, whatever is tied."""
    problem = JobShopDispatching(active=active)
    assert decided(problem, dispatching(EXPRESSED[name]["priority"]), shop) == problem.textbook_rules()[name](shop)


@dear()
@given(shop=small_job_shops())
def test_other_units_change_no_decision(shop: JobShopInstance) -> None:
    problem, other = JobShopDispatching(), replace(shop, times=shop.times * 1000, gaps=shop.gaps * 1000)
    assert decided(problem, dispatching(MIXED), shop) == decided(problem, dispatching(MIXED), other)


@dear()
@given(shop=small_job_shops())
def test_jobs_to_come_change_no_decision(shop: JobShopInstance) -> None:
    """With fewer arrivals, the decisions on those are the same."""
    problem, arrivals = JobShopDispatching(), shop.arrivals()
    plans = decided(problem, dispatching(MIXED), shop)
    for count in range(1, len(arrivals)):
        begun = problem.with_arrivals(shop, arrivals[:count])
        assert decided(problem, dispatching(MIXED), begun) == plans[:count]


@dear()
@given(shop=small_job_shops())
def test_an_instance_is_the_same_after_encoding(shop: JobShopInstance) -> None:
    problem = JobShopDispatching()
    again = decoded_shop(json.loads(json.dumps(problem.encode(shop))))
    assert again.arrivals() == shop.arrivals() == problem.with_arrivals(shop, shop.arrivals()).arrivals()


def test_the_start_is_most_work_remaining() -> None:
    problem = JobShopDispatching()
    own = Heuristic(code="", functions={"priority": priority})
    for made in problem.instances("train")[::25]:
        assert problem.solve(own, made, np.random.default_rng(0)) == problem.textbook_rules()["mwkr"](made)


def test_a_heuristic_that_is_no_formula_is_asked_job_by_job() -> None:
    problem = JobShopDispatching()
    looping = dispatching("np.array([each for each in remaining])")
    assert problem.tabulate(looping, {}) is None
    assert looping.notes["path"] == "plain"
    assert problem.solver_in_source(ast.parse(looping.code)) is None
    made = problem.instances("train")[70]
    assert problem.solve(looping, made, np.random.default_rng(0)) == problem.textbook_rules()["mwkr"](made)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("time[:1]", r"^operation 1: priority returned shape \(1,\)"),
        ("np.log(-time)", "operation 1: priority returned NaN"),
        ("None", "operation 1: priority returned None"),
    ],
)
def test_unusable_scores_are_the_candidates_fault(body: str, message: str) -> None:
    shop = job_shop([[(0, 4), (1, 2)], [(0, 2), (1, 2)]])
    with pytest.raises(BadAnswer, match=message):
        JobShopDispatching().solve(dispatching(body), shop, np.random.default_rng(0))


def test_a_formula_with_a_nan_tells_nothing() -> None:
    """So that the candidate is asked, and its fault is seen."""
    problem, made = JobShopDispatching(), job_shop([[(0, 4), (1, 2)], [(0, 2), (1, 2)]])
    written = problem.solver_in_source(ast.parse(dispatching("np.log(-time)").code))
    assert written is not None
    with np.errstate(all="ignore"):
        assert written.solve(made) is None


def test_classes_of_rules() -> None:
    """All but the best of all are what a shop floor can follow."""
    classes = JobShopDispatching().rule_classes()
    assert classes.own == RuleClass("online", 1)
    assert {name: each for name, each in classes.textbook.items() if each != classes.own} == {
        "best_of_all": RuleClass("offline", 8)
    }


def test_the_best_of_all_is_no_worse_than_any() -> None:
    problem = JobShopDispatching()
    for made in problem.instances("train")[::30]:
        costs = {name: problem.cost(made, solver(made)) for name, solver in problem.textbook_rules().items()}
        assert costs["best_of_all"] == min(costs.values())
