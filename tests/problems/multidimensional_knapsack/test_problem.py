"""The multidimensional knapsack as a problem: contract, prices, textbook rules as candidates, units."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from evoheur.problem import Heuristic, Infeasible, Instance, Json, RuleClass, to_json
from evoheur.problems.multidimensional_knapsack.expressed_textbook import EXPRESSED
from evoheur.problems.multidimensional_knapsack.instance import KnapsackInstance
from evoheur.problems.multidimensional_knapsack.item_views import item_views
from evoheur.problems.multidimensional_knapsack.problem import MultidimensionalKnapsack, joining, leaving
from evoheur.problems.returned_numbers import BadAnswer
from evoheur.testing.problem_contract import ProblemContract
from tests.support.example_budget import dear

from .support.made_up import knapsack, small_knapsacks

ARGUMENTS = {
    "leaving": "over, value, cost, need, tightest, strain",
    "joining": "free, value, cost, need, tightest, filled, fullest",
}
DENSITY: Mapping[str, str] = EXPRESSED["mean_density"]


class TestContract(ProblemContract):
    """It keeps to what every problem must."""

    name = "multidimensional_knapsack"

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Everything at once, half an item, an item twice."""
        return {"all items": [1] * len(solution), "half an item": [0.5, *solution[1:]], "an item twice": [2, *solution[1:]]}


def candidate(bodies: Mapping[str, str]) -> Heuristic:
    """One of two expressions."""
    code = "import numpy as np\n" + "".join(
        f"\n\ndef {name}({arguments}):\n    return {bodies[name]}\n" for name, arguments in ARGUMENTS.items()
    )
    names: dict[str, Any] = {}
    exec(code, names)
    return Heuristic(code=code, functions={name: names[name] for name in ARGUMENTS})


def solved(bodies: Mapping[str, str], instance: KnapsackInstance) -> list[int]:
    """The load of a candidate, which it builds alike as formulas and asked item by item."""
    problem, formulas = MultidimensionalKnapsack(), candidate(bodies)
    load: list[int] = problem.solve(formulas, instance, np.random.default_rng(0)).tolist()
    asked = candidate({name: f"np.array(list({body}))" for name, body in bodies.items()})
    assert problem.solve(asked, instance, np.random.default_rng(0)).tolist() == load
    assert formulas.notes == {"path": "flat"}
    assert asked.notes["path"] == "plain"
    return load


def optimum(instance: KnapsackInstance) -> float:
    """The value of the best load, by trying all."""
    loads = np.array(list(itertools.product((0, 1), repeat=instance.values.size)))
    feasible = (loads @ instance.weights.T <= instance.capacities).all(axis=1)
    return float((loads[feasible] @ instance.values).max())


def test_the_price_is_minus_the_value_of_the_load() -> None:
    made = knapsack([5, 4.5, 1], [[2, 2, 1], [1, 3, 0]], [4, 4])
    problem = MultidimensionalKnapsack()
    assert problem.cost(made, [1, 1, 0]) == -9.5
    assert problem.cost(made, [0, 0, 0]) == 0.0


def test_a_resource_that_is_overdrawn_is_named_with_its_use() -> None:
    with pytest.raises(Infeasible, match=r"^the load uses 4 of resource 1, of which there is 3$"):
        MultidimensionalKnapsack().cost(knapsack([5, 4, 1], [[2, 2, 1], [1, 3, 0]], [9, 3]), [1, 1, 0])


def test_items_leave_by_their_scores_and_join_by_theirs() -> None:
    """All use 7 of 5. The least valuable of equal density leaves until 5 suffice; then what still fits comes back.

    Values 6, 4, 1 with weights 4, 2, 1: item 0 leaves by the largest weight, and nothing that left fits beside 3 of 5.
    """
    made = knapsack([6, 4, 1], [[4, 2, 1]], [5])
    assert solved({"leaving": "tightest", "joining": "value"}, made) == [0, 1, 1]
    assert solved({"leaving": "-value", "joining": "value"}, made) == [1, 0, 1]  # 1 leaves, then 4; then 1 comes back
    assert solved({"leaving": "0 * value", "joining": "value"}, made) == [0, 1, 1]  # the first one on ties


def test_views_by_hand() -> None:
    """At the critical item's density, 4 / 2 of values up to 6, a whole resource of 5 is worth 10, which is 5 / 3 of the largest value."""
    made = knapsack([6, 4, 1], [[2, 2, 4]], [3])
    views = item_views(made)
    assert views.value.tolist() == [1.0, 4 / 6, 1 / 6]
    assert made.prices.tolist() == [1.0]  # 4 / 2 for a unit, 3 units, in units of 6
    assert views.cost == pytest.approx([2 / 3, 2 / 3, 4 / 3])
    assert views.tightest == pytest.approx([2 / 3, 2 / 3, 4 / 3])


def test_what_each_function_is_told() -> None:
    """Of 5 there is 2 missing at first: the views are of what is in the load, then of what fits."""
    told: list[tuple[str, float, list[float]]] = []

    def leaves(over: float, *views: Any) -> Any:
        told.append(("leaving", over, views[4].tolist()))
        return -views[0]

    def joins(free: float, *views: Any) -> Any:
        told.append(("joining", free, views[5].tolist()))
        return views[0]

    made = knapsack([6, 4, 1, 1], [[4, 2, 1, 9], [0, 1, 0, 0]], [5, 5])
    heuristic = Heuristic(code="", functions={"leaving": leaves, "joining": joins})
    assert MultidimensionalKnapsack().solve(heuristic, made, np.random.default_rng(0)).tolist() == [1, 0, 1, 0]
    assert [name for name, _, _ in told] == ["leaving", "leaving", "joining"]
    assert [number for _, number, _ in told] == pytest.approx([0.2, 0.1, 0.6])
    assert [view for _, _, view in told] == [
        [0.8, 0.4, 0.2],
        [0.8, 0.4],
        [1.0],
    ]  # the fourth never fits; the second resource is not short


@pytest.mark.parametrize("name", EXPRESSED)
@dear()
@given(made=small_knapsacks())
def test_textbook_rules_as_candidates_choose_as_the_trusted_ones(made: KnapsackInstance, name: str) -> None:
    """The same items, whatever is tied."""
    trusted = MultidimensionalKnapsack().textbook_rules()[name](made).tolist()
    assert solved(EXPRESSED[name], made) == trusted


@dear()
@given(made=small_knapsacks())
def test_nothing_beats_the_bound_and_no_rule_leaves_room(made: KnapsackInstance) -> None:
    """The optimum by trying all loads is between every rule's and the bound, and no item that is left out fits."""
    problem = MultidimensionalKnapsack()
    best = optimum(made)
    assert best <= -problem.reference(made) + 1e-9
    for name, rule in problem.textbook_rules().items():
        load = rule(made)
        assert -problem.cost(made, to_json(load)) <= best, name
        rest = made.capacities - made.weights @ load
        assert not ((load == 0) & (made.weights <= rest[:, None]).all(axis=0)).any(), name


@dear()
@given(made=small_knapsacks())
def test_other_units_change_no_choice(made: KnapsackInstance) -> None:
    bodies = {"leaving": "strain - value * over + 0.1 * cost", "joining": "value - filled * free - 0.1 * fullest"}
    other = replace(made, values=made.values * 1024, weights=made.weights * 10, capacities=made.capacities * 10)
    assert solved(bodies, made) == solved(bodies, other)


def test_exchanges_improve_on_the_greedy_load() -> None:
    """Greedy by density takes 10 for 6 of 10 and is stuck; 11 for 9 is worth more in its place."""
    made = knapsack([10, 11], [[6, 9]], [10])
    rules = MultidimensionalKnapsack().textbook_rules()
    assert rules["dual_density"](made).tolist() == [1, 0]
    assert rules["dual_density_with_exchanges"](made).tolist() == [0, 1]


def test_the_primal_gradient_goes_by_what_is_used_up() -> None:
    """After item 0 only the first resource is used, so the item that needs the other one comes next, though its density is lower."""
    made = knapsack([9, 5, 4], [[4, 4, 0], [0, 0, 6]], [8, 6])
    assert MultidimensionalKnapsack().textbook_rules()["primal_gradient"](made).tolist() == [1, 1, 1]
    tight = knapsack([9, 5, 4], [[4, 3, 0], [0, 3, 6]], [8, 6])
    assert MultidimensionalKnapsack().textbook_rules()["primal_gradient"](tight).tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("bodies", "message"),
    [
        ({**DENSITY, "leaving": "value[:1]"}, "leaving returned shape"),
        ({**DENSITY, "leaving": "np.log(-value)"}, "leaving returned NaN"),
        ({**DENSITY, "joining": "None"}, "joining returned None"),
    ],
)
def test_unusable_scores_are_the_candidates_fault(bodies: Mapping[str, str], message: str) -> None:
    made = knapsack([6, 4, 1, 1], [[4, 2, 1, 1]], [4])
    with pytest.raises(BadAnswer, match=message):
        MultidimensionalKnapsack().solve(candidate(bodies), made, np.random.default_rng(0))


def test_classes_of_rules() -> None:
    """All but the exchanges are one pass, as heuristics are."""
    classes = MultidimensionalKnapsack().rule_classes()
    assert classes.own == RuleClass("offline", 1)
    assert {name for name, known in classes.textbook.items() if known != classes.own} == {"dual_density_with_exchanges"}


def test_the_start_is_greedy_by_dual_prices() -> None:
    made = MultidimensionalKnapsack().instances("train")[20]
    own = Heuristic(code="", functions={"leaving": leaving, "joining": joining})
    load = MultidimensionalKnapsack().solve(own, made, np.random.default_rng(0))
    assert load.tolist() == MultidimensionalKnapsack().textbook_rules()["dual_density"](made).tolist()
