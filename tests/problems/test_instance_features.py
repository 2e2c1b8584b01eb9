"""Features of instances: finite, named alike, free of units, and of the first arrivals only where an instance comes piece by piece."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.online import OnlineProblem
from evoheur.problem import Problem, to_json
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.flow_shop.instance import FlowShopInstance
from evoheur.problems.graph_colouring.instance import GraphInstance
from evoheur.problems.job_shop_dispatching.instance import JobShopInstance
from evoheur.problems.multidimensional_knapsack.instance import KnapsackInstance
from evoheur.problems.packing.item_features import every_nth_by_size, item_features
from evoheur.problems.routing.place_features import evenly, place_features
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.vrptw.instance import TimeWindowInstance
from evoheur.run.problem_hash import problem_hash

DAY = {
    "bin_packing_offline",
    "bin_packing_online_levels",
    "cvrp_savings",
    "flow_shop_insertion",
    "job_shop_dispatching",
    "multidimensional_knapsack",
    "tsp_insertion",
    "vrptw_insertion",
}
NAMES = [name if name in DAY else pytest.param(name, marks=pytest.mark.nightly) for name in bundled_problems()]
"""The others have the same features, by the same functions."""


def in_other_units(instance: Any) -> Any:  # noqa: PLR0911 - one for each kind of instance
    """The same instance, in which lengths count 1,024 and sizes 3 times as much."""
    match instance:
        case TspInstance():
            return replace(instance, data=1024.0 * instance.data)
        case TimeWindowInstance():
            return replace(
                instance,
                coordinates=1024.0 * instance.coordinates,
                demands=3 * instance.demands,
                capacity=3 * instance.capacity,
                service_times=1024.0 * instance.service_times,
                ready_times=1024.0 * instance.ready_times,
                due_times=1024.0 * instance.due_times,
            )
        case CvrpInstance():
            return replace(
                instance, coordinates=1024.0 * instance.coordinates, demands=3 * instance.demands, capacity=3 * instance.capacity
            )
        case KnapsackInstance():
            return replace(
                instance, values=1024.0 * instance.values, weights=3 * instance.weights, capacities=3 * instance.capacities
            )
        case GraphInstance():  # has no units; vertices with other numbers are the same graph
            return replace(instance, edges=instance.vertices - 1 - instance.edges[:, ::-1])
        case FlowShopInstance():
            return replace(instance, times=3 * instance.times)
        case JobShopInstance():
            return replace(instance, times=3 * instance.times, gaps=3 * instance.gaps)
        case _:
            return replace(instance, items=3 * instance.items, capacity=3 * instance.capacity)


@pytest.mark.parametrize("name", NAMES)
def test_features_are_finite_named_alike_and_free_of_units(name: str) -> None:
    problem = load_problem(name)
    one_of_each = {instance.family: instance for instance in problem.instances("validation")}
    known = [problem.features(instance) for instance in one_of_each.values()]
    assert known[0]
    assert len({tuple(each) for each in known}) == 1
    assert all(math.isfinite(value) and word.isidentifier() for each in known for word, value in each.items())
    for instance, features in zip(one_of_each.values(), known, strict=True):
        assert problem.features(in_other_units(instance)) == pytest.approx(features, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_a_smaller_instance_can_be_solved_and_is_the_same_on_every_call(name: str) -> None:
    """It has about the share of the parts, its own name and family, and is solved by a textbook rule; online there is none."""
    problem = load_problem(name)
    instance = problem.instances("validation")[-1]
    small = problem.coarse(instance, 0.25)
    if isinstance(problem, OnlineProblem):
        assert small is None
        return
    assert small is not None
    assert (small.name, small.family) == (instance.name, instance.family)
    assert parts(small) == math.ceil(0.25 * parts(instance))
    assert problem.encode(small) == problem.encode(problem.coarse(instance, 0.25))
    if name == "tsp_insertion":
        solver = next(iter(problem.textbook_rules().values()))
        assert problem.cost(small, to_json(solver(small))) > 0.0


def parts(instance: Any) -> int:
    """How many cities, customers or items it has."""
    match instance:
        case TspInstance():
            return instance.cities
        case CvrpInstance():
            return instance.customers
        case KnapsackInstance():
            return int(instance.values.size)
        case GraphInstance():
            return instance.vertices
        case FlowShopInstance() | JobShopInstance():
            return instance.jobs
        case _:
            return int(instance.items.size)


@pytest.mark.parametrize("name", bundled_problems())
def test_scores_do_not_depend_on_features(name: str) -> None:
    """So runs from before there were any go on."""
    assert "instance_features" not in problem_hash(name)


@given(
    st.lists(st.integers(1, 50), min_size=3, max_size=12),
    st.lists(st.integers(1, 50), max_size=8),
    st.lists(st.integers(1, 50), max_size=8),
)
def test_items_to_come_change_nothing(prefix: list[int], rest: list[int], other: list[int]) -> None:
    """What a selector sees of a stream is its begin: whatever comes after, and how much of it, features are the same."""
    problem: OnlineProblem[Any] = load_problem("bin_packing_online_levels")  # type: ignore[assignment]
    seen = []
    for come in (rest, other):
        items = np.array([*prefix, *come], dtype=np.int64)
        stream = BinPackingInstance(name="s", family="f", capacity=50, items=items)
        part = problem.with_arrivals(stream, problem.arrivals(stream)[: len(prefix)])
        seen.append(dict(problem.features(part)))
    assert seen[0] == seen[1]


def test_items_by_hand() -> None:
    """Sizes 2, 4, 6 in bins of 8: mean 4, deviation sqrt(8/3), a unit of 2."""
    found = item_features(np.array([2, 4, 6], dtype=np.int64), 8)
    assert found == pytest.approx(
        {
            "per_bin": 2.0,
            "variation": math.sqrt(8 / 3) / 4,
            "skewness": 0.0,
            "large": 1 / 3,
            "small": 1 / 3,
            "distinct": 1.0,
            "levels": 4.0,
        }
    )
    assert item_features(np.array([5, 5], dtype=np.int64), 10)["skewness"] == 0.0
    assert every_nth_by_size(np.arange(1, 101), 0.25).tolist() == list(range(100, 0, -4))
    assert every_nth_by_size(np.array([3, 9, 4]), 0.5).tolist() == [9, 4, 3]  # all of a few


def test_places_by_hand() -> None:
    """Corners of a square of 3 by 4: nearest at 3, pairs at 3, 4 and 5; two in one place; all in one place."""
    corners = np.array([[0.0, 3, 5, 4], [3, 0, 4, 5], [5, 4, 0, 3], [4, 5, 3, 0]])
    found = place_features([(slice(0, 4), corners)], 4)
    assert found["nearest"] == pytest.approx(3 * 2 / (0.5 / 0.521405 * 4))
    assert (found["uneven"], found["duplicates"]) == (0.0, 0.0)
    assert found["dispersion"] == pytest.approx(math.sqrt(2 / 3) / 4)
    assert place_features([(slice(0, 2), corners[:2]), (slice(2, 4), corners[2:])], 4) == found  # in blocks of rows
    pair = np.array([[0.0, 0, 2], [0, 0, 2], [2, 2, 0]])
    assert place_features([(slice(0, 3), pair)], 3)["duplicates"] == pytest.approx(2 / 3)
    assert place_features([(slice(0, 2), np.zeros((2, 2)))], 2)["duplicates"] == 1.0
    assert evenly(100, 0.25).tolist() == list(range(0, 100, 4))
    assert evenly(5, 0.5).tolist() == [0, 1, 2, 3, 4]


def test_uniform_places_are_one_and_clusters_less() -> None:
    problem: Problem[Any] = load_problem("tsp_insertion")
    by_family = {instance.family: problem.features(instance)["nearest"] for instance in problem.instances("test")}
    assert by_family["uniform-500"] == pytest.approx(1.0, abs=0.1)
    assert by_family["clustered-200"] < 0.8


def test_graphs_by_hand() -> None:
    """A triangle with a tail: 8 ends of edges among 12, degrees 2, 2, 3, 1; one triangle, so 6 of 10 ordered pairs are closed."""
    edges = np.array([[0, 1], [0, 2], [1, 2], [2, 3]], dtype=np.int64)
    problem: Problem[Any] = load_problem("graph_colouring")
    found = problem.features(GraphInstance(name="g", family="f", vertices=4, edges=edges))
    assert found == pytest.approx({"vertices": 4.0, "density": 8 / 12, "variation": math.sqrt(0.5) / 2, "clustering": 6 / 10})
    alone = GraphInstance(name="g", family="f", vertices=1, edges=edges[:0])
    assert problem.features(alone) == {"vertices": 1.0, "density": 0.0, "variation": 0.0, "clustering": 0.0}


def test_knapsacks_by_hand() -> None:
    """Of the first resource there is half of what all use, of the second a quarter; values follow what is needed."""
    problem: Problem[Any] = load_problem("multidimensional_knapsack")
    weights = np.array([[2, 4, 6], [0, 4, 4]], dtype=np.int64)
    made = KnapsackInstance(
        name="k",
        family="f",
        values=np.array([1.0, 3.0, 5.0]),
        weights=weights,
        capacities=np.array([6, 2], dtype=np.int64),
        prices=np.array([0.0, 0.5]),
    )
    found = problem.features(made)
    assert (found["items"], found["resources"], found["tightness"], found["unevenness"]) == (3.0, 2.0, 0.375, 0.25)
    assert (found["sparse"], found["priced"]) == (1 / 6, 0.5)
    assert found["variation"] == pytest.approx(math.sqrt(8 / 3) / 3)
    assert found["related"] == pytest.approx(np.corrcoef([1, 3, 5], [1 / 6, (2 / 3 + 2) / 2, (1 + 2) / 2])[0, 1])
    assert problem.features(replace(made, values=np.full(3, 2.0)))["related"] == 0.0


def test_windows_by_hand() -> None:
    """Two customers 4 away from the depot, which is open for 40: one at any time, the other from 10 to 20."""
    problem: Problem[Any] = load_problem("vrptw_insertion")
    made = TimeWindowInstance(
        name="w",
        family="f",
        metric="EUCLIDEAN",
        coordinates=np.array([[0.0, 0.0], [4.0, 0.0], [-4.0, 0.0]]),
        demands=np.array([0, 1, 1]),
        capacity=2,
        service_times=np.array([0.0, 2.0, 6.0]),
        ready_times=np.array([0.0, 0.0, 10.0]),
        due_times=np.array([40.0, 40.0, 20.0]),
    )
    found = problem.features(made)
    assert (found["customers"], found["horizon"], found["service"]) == (2.0, 10.0, 1.0)
    assert (found["width"], found["narrow"], found["early"]) == (25 / 40, 0.5, 17.5 / 40)


def test_shops_by_hand() -> None:
    """Jobs of 2 and 6, machines of 2 and 6: the second job has its work late, and so has the shop."""
    problem: Problem[Any] = load_problem("flow_shop_insertion")
    found = problem.features(FlowShopInstance(name="s", family="f", times=np.array([[1, 1], [1, 5]], dtype=np.int64)))
    assert (found["jobs"], found["machines"], found["per_machine"]) == (2.0, 2.0, 1.0)
    assert found["by_job"] == found["by_machine"] == pytest.approx(0.5)
    assert found["variation"] == pytest.approx(np.std([1, 1, 1, 5]) / 2)
    assert found["rising"] == pytest.approx((6 - 2) / 8)


def test_job_shops_by_hand() -> None:
    """Jobs of 2 and 6 on two machines of 2 and 6, in opposite orders; the second comes 4 later, a machine's mean work."""
    problem: Problem[Any] = load_problem("job_shop_dispatching")
    made = JobShopInstance(
        name="s",
        family="f",
        machines=2,
        routes=np.array([[0, 1], [1, 0]], dtype=np.int64),
        times=np.array([[1, 1], [5, 1]], dtype=np.int64),
        batches=np.array([0, 1], dtype=np.int64),
        gaps=np.array([0, 4], dtype=np.int64),
    )
    found = problem.features(made)
    assert (found["jobs"], found["machines"], found["per_machine"]) == (2.0, 2.0, 1.0)
    assert found["by_job"] == found["by_machine"] == pytest.approx(0.5)
    assert (found["coming"], found["staged"]) == (1.0, 0.0)
    assert problem.features(replace(made, routes=np.array([[0, 1], [0, 1]], dtype=np.int64)))["staged"] == 1.0
