"""The machine builds the routes that Python builds, and says nothing where Python would complain."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.unit_free import unit_free
from evoheur.problems.cvrp_constructive.problem import ConstructiveCVRP
from evoheur.problems.cvrp_constructive.route_construction import BadCustomer, construct
from evoheur.problems.cvrp_constructive.routes_by_machine import construct_by_machine
from evoheur.problems.stepwise_heuristics.asked import AskedRoutine
from evoheur.problems.stepwise_heuristics.memory import COMPILED
from evoheur.problems.stepwise_heuristics.step_translation import translated
from tests.problems.stepwise_heuristics.support.route_programs import ROUTE_PROGRAMS

pytestmark = [
    pytest.mark.nightly,  # the machine takes half a minute to compile
    pytest.mark.skipif(not COMPILED, reason="the machine without a compiler takes minutes"),
]


def instance(seed: int, customers: int = 25) -> CvrpInstance:
    rng = np.random.default_rng(seed)
    return CvrpInstance(
        name=f"random-{seed}",
        family="random",
        metric="EUCLIDEAN",
        coordinates=rng.random((customers + 1, 2)),
        demands=np.concatenate([[0], rng.integers(1, 10, customers)]),
        capacity=30,
    )


def limited(seed: int) -> CvrpInstance:
    return replace(instance(seed), max_duration=4.0, service_times=np.concatenate([[0.0], np.full(25, 0.05)]))


def function_of(code: str) -> Callable[..., Any]:
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    function: Callable[..., Any] = namespace["select_next_node"]
    return function


def asked(code: str) -> AskedRoutine:
    return AskedRoutine(translated(code, "select_next_node"))


@pytest.mark.parametrize("name", ROUTE_PROGRAMS)
def test_programs_build_the_same_routes(name: str) -> None:
    """In units of their own and in the instance's, with and without a limit of the route."""
    code = ROUTE_PROGRAMS[name]
    function, routine = function_of(code), asked(code)
    for posed in (instance(1), unit_free(instance(2)), unit_free(instance(3)), limited(4), unit_free(limited(5))):
        assert construct_by_machine(function, posed, routine) == construct(function, posed)
    assert not routine.plain_because


def test_a_candidate_whose_code_is_another_goes_on_in_python() -> None:
    farthest = function_of(ROUTE_PROGRAMS["nearest"].replace("argmin", "argmax"))
    routine = asked(ROUTE_PROGRAMS["nearest"])
    assert construct_by_machine(farthest, instance(1), routine) == construct(farthest, instance(1))
    assert routine.plain_because == "the machine answered question 0 otherwise"


@pytest.mark.parametrize("answer", ["None", "current_node", "999", "1.0", "-1"])
def test_bad_answers_are_complained_of_as_in_python(answer: str) -> None:
    code = ROUTE_PROGRAMS["nearest"].replace("return", f"if len(unvisited_nodes) == 3:\n        return {answer}\n    return")
    with pytest.raises(BadCustomer) as expected:
        construct(function_of(code), instance(1))
    with pytest.raises(BadCustomer) as complaint:
        construct_by_machine(function_of(code), instance(1), asked(code))
    assert str(complaint.value) == str(expected.value)


def test_demands_that_the_heuristic_changes_are_seen_by_it_later() -> None:
    """They are its own; the machine does not change what it is shown, so all goes on in Python."""
    code = (
        ROUTE_PROGRAMS["nearest"]
        .replace("distances =", "demands[unvisited_nodes[0]] += 1\n    distances =")
        .replace("(distances)]", "(distances + 0.01 * demands[unvisited_nodes])]")
    )
    routine = asked(code)
    assert construct_by_machine(function_of(code), instance(1), routine) == construct(function_of(code), instance(1))
    assert routine.plain_because == "it changes what it is shown"


def test_notes_say_which_path_was_taken() -> None:
    code = ROUTE_PROGRAMS["clusters"]
    heuristic = Heuristic(code=code, functions={"select_next_node": function_of(code)})
    ConstructiveCVRP(machine=True).solve(heuristic, instance(1), np.random.default_rng(0))
    assert heuristic.notes["path"] == "machine"
