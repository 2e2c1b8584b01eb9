"""Insertion within time windows as a problem: contract, views by hand, textbook rules as candidates, units."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Heuristic, Instance, Json, RuleClass
from evoheur.problem_loading import load_problem
from evoheur.problems.returned_numbers import BadAnswer
from evoheur.problems.vrptw.instance import TimeWindowInstance
from evoheur.problems.vrptw.time_window_problem import LATER
from evoheur.problems.vrptw.timely_routes import timed_price
from evoheur.problems.vrptw.window_splits import instances
from evoheur.problems.vrptw_insertion.expressed_textbook import EXPRESSED
from evoheur.problems.vrptw_insertion.problem import InsertionVRPTW, insertion_scores
from evoheur.problems.vrptw_insertion.textbook_rules import solomon_runs
from evoheur.testing.problem_contract import ProblemContract
from evoheur.testing.symmetry_checks import scale_fault
from tests.problems.vrptw.support.made_up import day, small_days
from tests.support.example_budget import dear

NAMES = "share, spacing, horizon, home, detour, excess, regret, reach, push, wait, urgency, slack, width, free, size, newer, last, opening"
ALL_VIEWS = (
    "1.3 * home + regret - detour - 2.1 * excess - 0.1 * push - 0.3 * wait - 0.01 * urgency + 0.02 * slack * share - width / horizon"
    " - 0.2 * free + 0.01 * size - 0.07 * newer + 0.03 * last - 0.4 * opening - 0.3 * reach * spacing"
)


class TestContract(ProblemContract):
    """It keeps to what every problem must."""

    name = "vrptw_insertion"

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """All on one route, one twice, none, and each route the other way round, which is late somewhere."""
        return {
            "one route": [[customer for route in solution for customer in route]],
            "one twice": [*solution, [solution[0][0]]],
            "nobody": [],
            "backwards": [route[::-1] for route in solution],
        }


def source(expression: str) -> str:
    return f"import numpy as np\n\n\ndef insertion_scores({NAMES}):\n    return {expression}\n"


def candidate(expression: str) -> Heuristic:
    names: dict[str, Any] = {}
    exec(source(expression), names)
    return Heuristic(code=source(expression), functions={"insertion_scores": names["insertion_scores"]})


def solved(expression: str, instance: TimeWindowInstance) -> list[list[int]]:
    """The routes of a candidate, which it builds alike as a formula and asked step by step."""
    problem, formula, asked = InsertionVRPTW(), candidate(expression), candidate(f"np.array(list({expression}))")
    routes = problem.solve(formula, instance, np.random.default_rng(0))
    assert problem.solve(asked, instance, np.random.default_rng(0)) == routes
    assert formula.notes == {"path": "flat"}
    assert asked.notes["path"] == "plain"
    timed_price(instance, routes)
    return routes


def test_what_a_rule_is_told() -> None:
    """Customers at 2, 4 and 6 on a line; 2 waits for its window from 9 to 12. Lengths and times are shared by 4, service takes 1.

    Customer 1 is on a route: served at 2, back at 5. Customer 3 before it would be served at 6, and 1 at 11, which is too late.
    """
    told: list[tuple[Any, ...]] = []

    def score(*shown: Any) -> Any:
        told.append(tuple(np.copy(each)[()] for each in shown))
        return -shown[3]

    line = day([(0, 0), (2, 0), (4, 0), (6, 0)], [(0, 40), (0, 8), (9, 12), (0, 20)], service=1.0, demands=(1, 1, 2), capacity=4)
    routes = InsertionVRPTW().solve(Heuristic(code="", functions={"f": score}), line, np.random.default_rng(0))
    assert [len(shown[3]) for shown in told] == [3, 4, 3]
    assert told[1][:3] == pytest.approx((1 / 3, 0.5, 10.0))
    views = dict(zip(NAMES.split(", ")[3:], told[1][3:], strict=True))
    # Behind customer 1, and alone; then customer 3 likewise. Customer 2 before customer 1 would be served at 9, and 1 too late.
    assert {
        name: (4 * row).tolist() for name, row in views.items() if name not in {"free", "size", "newer", "last", "opening"}
    } == {
        "home": [4.0, 4.0, 6.0, 6.0],
        "detour": [4.0, 8.0, 8.0, 12.0],
        "excess": [0.0, 4.0, 0.0, 4.0],
        "regret": [4.0, 4.0, 4.0, 4.0],
        "reach": [2.0, 4.0, 4.0, 6.0],
        "push": [9.0, 14.0, 9.0, 13.0],
        "wait": [4.0, 5.0, 0.0, 0.0],
        "urgency": [7.0, 8.0, 13.0, 14.0],
        "slack": [26.0, 26.0, 26.0, 27.0],
        "width": [3.0, 3.0, 20.0, 20.0],
    }
    assert {name: views[name].tolist() for name in ("free", "size", "newer", "last", "opening")} == {
        "free": [0.5, 0.75, 0.25, 0.5],
        "size": [1.0, 0.0, 1.0, 0.0],
        "newer": [0.0, 0.0, 0.0, 0.0],
        "last": [1.0, 1.0, 1.0, 1.0],
        "opening": [0.0, 1.0, 0.0, 1.0],
    }
    assert routes == [
        [1, 3, 2]
    ]  # the nearest first; 3 fits between and behind, and the first place counts: 2 is served at 10 then


@pytest.mark.parametrize("name", EXPRESSED)
@dear()
@given(instance=small_days())
def test_textbook_rules_as_candidates_build_the_same_routes(instance: TimeWindowInstance, name: str) -> None:
    """Whatever is tied: those of the trusted solvers, which are written apart from the frame."""
    assert solved(EXPRESSED[name]["insertion_scores"], instance) == InsertionVRPTW().textbook_rules()[name](instance)


@pytest.mark.parametrize("name", EXPRESSED)
def test_textbook_rules_as_candidates_build_the_same_routes_to_fifty_customers(name: str) -> None:
    problem = InsertionVRPTW()
    for made in instances("train")[::16]:
        heuristic = candidate(EXPRESSED[name]["insertion_scores"])
        assert problem.solve(heuristic, made, np.random.default_rng(0)) == problem.textbook_rules()[name](made)


def test_i1_by_hand() -> None:
    """The farthest begins. Customer 1 lies on the way to 3 and costs nothing; 2 is off the way, and its window is over on the way home."""
    made = day([(0, 0), (3, 0), (0, 4), (6, 0)], [(0, 20), (0, 20), (0, 9), (0, 20)])
    rule = InsertionVRPTW().textbook_rules()["solomon_i1"]
    # 2 * 4 - (d(0, 2) + d(2, 3) - d(0, 3)) = 8 - (4 + 7.21 - 6) = 2.79 against 2 * 3 - 0 = 6: customer 1 first, then 2 before both.
    assert rule(made) == [[2, 1, 3]]
    assert rule(replace(made, due_times=np.array([14.0, 20.0, 9.0, 20.0]))) == [[1, 3], [2]]  # home at 15 would be too late


def test_nearest_in_time_goes_where_service_begins_soonest() -> None:
    """Customer 1 is nearer, but opens at 10; customer 2 can be served at once."""
    made = day([(0, 0), (2, 0), (0, 3)], [(0, 40), (10, 30), (0, 30)])
    assert InsertionVRPTW().textbook_rules()["nearest_in_time"](made) == [[2, 1]]


def test_regret_puts_first_who_loses_most() -> None:
    """Two routes begin with the ends of a line, since one vehicle cannot be at both in time; whoever lies between goes to the nearer."""
    made = day([(0, 0), (10, 0), (-10, 0), (8, 0), (-7, 0)], [(0, 40), (10, 12), (10, 12), (0, 40), (0, 40)])
    assert InsertionVRPTW().textbook_rules()["parallel_regret"](made) == [[3, 1], [4, 2]]


@dear()
@given(instance=small_days())
def test_every_rule_keeps_to_windows_and_the_best_of_eight_is_none_of_the_longer_ones(instance: TimeWindowInstance) -> None:
    rules = InsertionVRPTW().textbook_rules()
    costs = {name: timed_price(instance, rule(instance)) for name, rule in rules.items()}
    assert costs["best_i1"] == min(timed_price(instance, routes) for routes in solomon_runs(instance))
    assert costs["best_i1"] <= costs["solomon_i1"]


@dear()
@given(instance=small_days(), factor=st.sampled_from([1024.0, 0.5]))
def test_other_units_change_no_route(instance: TimeWindowInstance, factor: float) -> None:
    names = ("coordinates", "ready_times", "due_times", "service_times")
    other = replace(instance, **{name: factor * getattr(instance, name) for name in names})
    heavier = replace(other, demands=10 * instance.demands, capacity=10 * instance.capacity)
    assert solved(ALL_VIEWS, instance) == solved(ALL_VIEWS, heavier)
    assert LATER.change(instance).due_times.tolist() == (1024.0 * instance.due_times).tolist()


def test_rules_cannot_mix_units_in_the_frame() -> None:
    """What is shown is free of them, so that even a rule with numbers of its own means the same on every map."""
    problem = TestContract().subject()
    assert scale_fault(problem, source("np.where(detour + push > 0.7, -detour, home)")) is None


def test_measures_are_what_literature_compares_first() -> None:
    """Both wait for a window: 8 of 12, and nothing of 6."""
    made = day([(0, 0), (2, 0), (3, 0)], [(0, 40), (10, 30), (0, 40)])
    assert load_problem("vrptw_insertion").measures(made, [[1], [], [2]]) == {"vehicles": 2.0, "waiting": 8 / 18}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("home[:1]", r"^after 0 insertions: insertion_scores returned shape \(1,\)"),
        ("np.log(share - 1 - home)", r"^after 0 insertions: insertion_scores returned NaN"),
        ("None", "insertion_scores returned None"),
    ],
)
def test_unusable_scores_are_the_candidates_fault(expression: str, message: str) -> None:
    with pytest.raises(BadAnswer, match=message):
        InsertionVRPTW().solve(candidate(expression), instances("train")[0], np.random.default_rng(0))


def test_classes_of_rules() -> None:
    """One pass is what heuristics have."""
    classes = InsertionVRPTW().rule_classes()
    assert classes.own == RuleClass("offline", 1)
    assert {name for name, known in classes.textbook.items() if known != classes.own} == {"parallel_regret", "best_i1"}


def test_the_start_is_i1() -> None:
    made = instances("train")[40]
    own = Heuristic(code="", functions={"insertion_scores": insertion_scores})
    assert InsertionVRPTW().solve(own, made, np.random.default_rng(0)) == InsertionVRPTW().textbook_rules()["solomon_i1"](made)


def test_very_many_customers_are_left_to_the_rule_itself() -> None:
    """Where a formula's registers would take too much room."""
    source_of_places = np.random.RandomState(3)
    places = [(50.0, 50.0), *map(tuple, source_of_places.randint(0, 100, size=(401, 2)))]
    made = day(places, [(0, 300)] * 402, capacity=40)
    heuristic = candidate("2 * home - detour - 1000 * opening")
    routes = InsertionVRPTW().solve(heuristic, made, np.random.default_rng(0))
    assert len(routes) == 11
    timed_price(made, routes)
