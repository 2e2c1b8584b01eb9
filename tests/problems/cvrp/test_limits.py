"""Limits of routes and fleets, and distances that depend on the direction: the price, and every frame and textbook rule."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Infeasible, Json, Problem, instance_rng, to_json
from evoheur.problem_loading import load_problem
from evoheur.problems.cvrp.files import read_instances
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.kernels import merge_arcs, merge_pairs
from evoheur.problems.cvrp.solution import price
from evoheur.problems.cvrp.textbook_rules import clarke_wright
from evoheur.problems.cvrp_aco.kernels import build_tours, route_counts
from evoheur.problems.cvrp_ruin_recreate.insertion_places import insert_at_best, keep_or_go_back, show_places
from evoheur.problems.cvrp_ruin_recreate.kernels import directed_state, insert_in_order, insertion_costs, start_state, total_cost
from evoheur.problems.cvrp_ruin_recreate.leaving_customers import remove_customers, show_customers
from evoheur.problems.routing.distances import EXPLICIT
from tests.problems.tsp.support.cities import compiled

from .support.made_up import LINE, candidate, data_folder, instance, instances, is_feasible, length, one_way_instances

PROBLEMS: dict[str, Problem[CvrpInstance]] = {
    "cvrp_aco": load_problem("cvrp_aco", {"iterations": 2}),
    "cvrp_aco improved": load_problem("cvrp_aco", {"iterations": 2, "improve": True}),
    "cvrp_constructive": load_problem("cvrp_constructive"),
    "cvrp_ruin_recreate": load_problem("cvrp_ruin_recreate", {"iterations": 30}),
    "cvrp_ruin_recreate by order": load_problem("cvrp_ruin_recreate", {"iterations": 30, "by_order": True}),
    "cvrp_savings": load_problem("cvrp_savings"),
}

CMT_FORM = """NAME : four
COMMENT : No of trucks: 1
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
DISTANCE : 15
SERVICE_TIME : 2.5
NODE_COORD_SECTION
1 0 0
2 3 0
3 3 4
4 0 4
DEMAND_SECTION
1 0
2 1
3 1
4 1
DEPOT_SECTION
1
-1
EOF
"""
"""A rectangle of 3 by 4: to 1 and back 6, to 2 and back 10, to 3 and back 8; 1-2 is 3 + 4 + 5 = 12, 2-3 is 5 + 3 + 4 = 12, 1-3 is 12."""


def solved(problem: Problem[CvrpInstance], made: CvrpInstance) -> dict[str, Json]:
    """What the problem's own rule and every textbook rule find, as it would travel out of the guest."""
    guest: Any = problem.decode(problem.encode(made))
    found = {"own": problem.solve(candidate(problem.functions()), guest, instance_rng(1, made.name))}
    return {rule: to_json(answer) for rule, answer in (found | {r: s(made) for r, s in problem.textbook_rules().items()}).items()}


def expected_price(made: CvrpInstance, routes: list[list[int]]) -> float:
    """Length, and for every vehicle beyond the fleet the way to each customer and back."""
    routes = [route for route in routes if route]
    fleet = len(routes) if made.max_vehicles is None else made.max_vehicles
    return length(made, routes) + max(0, len(routes) - fleet) * length(made, [[node] for node in range(1, made.customers + 1)])


@pytest.mark.parametrize("name", PROBLEMS)
@given(made=st.one_of(instances(limited=True), one_way_instances()))
def test_every_frame_and_rule_keeps_the_limits(name: str, made: CvrpInstance) -> None:
    """Every customer once, no route too heavy or too long, priced leg by leg and vehicle by vehicle."""
    for rule, routes in solved(PROBLEMS[name], made).items():
        assert is_feasible(made, routes), rule
        assert PROBLEMS[name].cost(made, routes) == pytest.approx(expected_price(made, routes), abs=1e-9), rule


def test_a_route_takes_its_length_and_the_service_on_it() -> None:
    """To 1 and back 2, to 2 and back 4, both on the way 4; with service of 1 and 0.5 that is 5.5."""
    made = instance(LINE, [1, 1, 1], 9, max_duration=5.5, service=[1.0, 0.5, 0.0])
    assert price(made, [[1, 2], [3]]) == 6.0
    with pytest.raises(Infeasible, match=r"route 0 takes 5\.5 of 5\.4, service included"):
        price(replace(made, max_duration=5.4), [[1, 2], [3]])
    with pytest.raises(Infeasible, match=r"route 1 takes 7\.5 of 5\.5"):
        price(made, [[], [1, 2, 3]])
    assert price(replace(made, max_duration=None), [[1, 2, 3]]) == 6.0


def test_what_fits_exactly_fits() -> None:
    """0.1 + 0.2 + 0.3 is 0.6 to anyone but a computer: 0.1 there, 0.2 on, and 0.3 back, in whatever order that is added."""
    made = instance([(0.0, 0.0), (0.1, 0.0), (0.3, 0.0)], [1, 1], 2, max_duration=0.6)
    for name in ("cvrp_constructive", "cvrp_ruin_recreate", "cvrp_ruin_recreate by order", "cvrp_savings"):
        found = solved(PROBLEMS[name], made)
        for rule in ("own", "clarke_wright"):
            assert len(found[rule]) == 1, (name, rule)
            assert PROBLEMS[name].cost(made, found[rule]) == pytest.approx(0.6)


def test_vehicles_beyond_the_fleet_cost_as_much_as_serving_each_customer_alone() -> None:
    """2 + 4 + 2 for three customers on a line: one vehicle too many makes 8 + 8, two too many 8 + 16."""
    made = instance(LINE, [1, 1, 1], 9, max_vehicles=2)
    assert price(made, [[1, 2], [3]]) == 6.0
    assert price(made, [[1], [2], [3]]) == 16.0
    assert price(replace(made, max_vehicles=1), [[1], [], [2], [3], []]) == 24.0
    assert price(replace(made, max_vehicles=1), [[1, 2, 3]]) == 6.0


def test_savings_go_on_until_the_fleet_suffices() -> None:
    """3 lies on the other side and saves nothing with 1 and 2, but there is one vehicle only."""
    made = instance(LINE, [1, 1, 1], capacity=9)
    assert clarke_wright(made) == [[1, 2], [3]]
    assert [sorted(route) for route in clarke_wright(replace(made, max_vehicles=1))] == [[1, 2, 3]]
    assert clarke_wright(replace(made, max_vehicles=2)) == [[1, 2], [3]]
    assert clarke_wright(replace(made, max_vehicles=1, capacity=2)) == [[1, 2], [3]]  # what cannot be, is not


@pytest.mark.parametrize("name", ["cvrp_aco", "cvrp_savings", "cvrp_ruin_recreate", "cvrp_ruin_recreate by order"])
def test_a_fleet_is_kept_where_there_is_room(name: str) -> None:
    """Twelve customers around the depot, one vehicle that carries all: its route is longer than many short ones on the way home."""
    source = np.random.RandomState(0)
    points = [(0.0, 0.0), *map(tuple, source.uniform(-1.0, 1.0, size=(12, 2)).tolist())]
    made = instance(points, [1] * 12, 12, max_vehicles=1)
    for rule, routes in solved(PROBLEMS[name], made).items():
        assert len([route for route in routes if route]) == 1, rule


def test_a_way_there_may_be_longer_than_the_way_back() -> None:
    """0-1-2-0 is 1 + 1 + 1, 0-2-1-0 is 9 + 9 + 9; every rule that looks at both finds the first."""
    matrix = np.array([[0.0, 1.0, 9.0], [9.0, 0.0, 1.0], [1.0, 9.0, 0.0]])
    made = replace(instance([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)], [1, 1], 2), metric=EXPLICIT, matrix=matrix)
    assert price(made, [[1, 2]]) == 3.0
    assert price(made, [[2, 1]]) == 27.0
    assert clarke_wright(made) == [[1, 2]]
    for name, problem in PROBLEMS.items():
        assert problem.cost(made, solved(problem, made)["own"]) == 3.0, name


def test_a_file_in_the_form_of_the_cmt_sets(tmp_path: Path) -> None:
    """Two customers to a route take 12 + 2 · 2.5 = 17 and do not fit into 15; alone they take 8.5, 12.5 and 10.5, together 24 long.

    The comment restricts nothing, whatever it says of trucks.
    """
    file = tmp_path / "four.vrp"
    file.write_text(CMT_FORM)
    [made] = read_instances(file).instances
    assert (made.max_duration, made.max_vehicles) == (15.0, None)
    assert made.service_times.tolist() == [0.0, 2.5, 2.5, 2.5]
    for problem in PROBLEMS.values():
        for rule, routes in solved(problem, made).items():
            assert problem.cost(made, routes) == 24.0, rule
    file.write_text(CMT_FORM.replace("DISTANCE : 15", "DISTANCE : 17"))
    [roomy] = read_instances(file).instances
    assert PROBLEMS["cvrp_savings"].cost(roomy, to_json(clarke_wright(roomy))) == 18.0  # 2-3 save 6; 1 alone is 6
    file.write_text(CMT_FORM.replace("DISTANCE : 15", "VEHICLES : 2\nDISTANCE : 15"))
    [short] = read_instances(file).instances
    assert price(short, [[1], [2], [3]]) == 48.0


def test_published_solutions_of_limited_instances_have_their_published_costs() -> None:
    """Sets of Christofides, Mingozzi & Toth (CMT6 to CMT10, CMT13, CMT14), Golden and Li: distances without rounding."""
    folder = data_folder("cvrplib")
    files = [file for name in ("CMT*.vrp", "Golden*.vrp", "Li*.vrp") for file in sorted(folder.glob(name))]
    if not files:
        pytest.skip(f"{folder} holds no instances with limits")
    known = {"CMT6": 555.43, "CMT7": 909.68, "CMT8": 865.95, "CMT9": 1162.55, "CMT10": 1395.85, "CMT13": 1541.14, "CMT14": 866.37}
    for file in files:
        read = read_instances(file)
        for made in read.instances:
            assert made.metric == "EXACT_2D"
            if made.name in known and made.name in read.references:
                assert read.references[made.name] == pytest.approx(known[made.name], abs=0.006)


@pytest.mark.parametrize("name", PROBLEMS)
def test_limits_and_one_way_distances_are_warmed_up(name: str) -> None:
    """So that nobody's clock runs while kernels are compiled for them."""
    problem = PROBLEMS[name]
    problem.warm_up()
    construction = (merge_pairs, merge_arcs, build_tours, route_counts)
    views = (show_customers, remove_customers, show_places, insert_at_best, keep_or_go_back)
    kernels = (*construction, directed_state, start_state, insertion_costs, insert_in_order, total_cost, *views)
    before = [compiled(kernel) for kernel in kernels]
    plain = instance(LINE, [1, 1, 1], 9, max_duration=20.0, service=[1.0, 1.0, 1.0], max_vehicles=2)
    matrix = np.array([[0.0, 1.0, 9.0, 1.0], [9.0, 0.0, 1.0, 1.0], [1.0, 9.0, 0.0, 1.0], [1.0, 1.0, 1.0, 0.0]])
    for made in (plain, replace(plain, metric=EXPLICIT, matrix=matrix)):
        problem.solve(candidate(problem.functions()), problem.decode(problem.encode(made)), instance_rng(1, "any"))
    assert [compiled(kernel) for kernel in kernels] == before
