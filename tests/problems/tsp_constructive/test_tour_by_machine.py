"""The machine builds the tours that Python builds, and says nothing where Python would complain."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evoheur.problem import Heuristic
from evoheur.problems.stepwise_heuristics.asked import AskedRoutine
from evoheur.problems.stepwise_heuristics.memory import COMPILED
from evoheur.problems.stepwise_heuristics.step_translation import translated
from evoheur.problems.tsp.generate import CityFamily, drawn, uniform
from evoheur.problems.tsp_constructive.problem import ConstructiveTSP
from evoheur.problems.tsp_constructive.tour_by_machine import construct_by_machine
from evoheur.problems.tsp_constructive.tour_construction import BadCity, construct
from tests.problems.stepwise_heuristics.support.tour_programs import TOUR_PROGRAMS

pytestmark = [
    pytest.mark.nightly,  # the machine takes half a minute to compile
    pytest.mark.skipif(not COMPILED, reason="the machine without a compiler takes minutes"),
]
_FAMILY = CityFamily(name="uniform-30", draw=uniform, cities=30, seeds=range(70, 73))


def function_of(code: str) -> Callable[..., Any]:
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    function: Callable[..., Any] = namespace["select_next_node"]
    return function


def asked(code: str) -> AskedRoutine:
    return AskedRoutine(translated(code, "select_next_node"))


@pytest.mark.parametrize("name", TOUR_PROGRAMS)
def test_programs_build_the_same_tours(name: str) -> None:
    """Of every kind that models write; none is left to Python."""
    code = TOUR_PROGRAMS[name]
    function, routine = function_of(code), asked(code)
    for instance in drawn(_FAMILY):
        tour = construct_by_machine(function, instance.shown(), routine)
        assert tour.tolist() == construct(function, instance.shown()).tolist()
    assert not routine.plain_because


def test_a_candidate_whose_code_is_another_goes_on_in_python() -> None:
    """What both answer now and then shows it."""
    farthest = function_of(TOUR_PROGRAMS["nearest"].replace("argmin", "argmax"))
    routine, (instance, *_) = asked(TOUR_PROGRAMS["nearest"]), drawn(_FAMILY)
    assert construct_by_machine(farthest, instance.shown(), routine).tolist() == construct(farthest, instance.shown()).tolist()
    assert routine.plain_because == "the machine answered question 4 otherwise"


def test_a_step_that_the_machine_gives_up_is_asked_of_python() -> None:
    """Here an index that Python counts from the end and one beyond it, which raises."""
    code = TOUR_PROGRAMS["nearest"].replace(
        "return", "if len(unvisited_nodes) == 9:\n        return [5, 6][unvisited_nodes[99]]\n    return"
    )
    (instance, *_) = drawn(_FAMILY)
    with pytest.raises(IndexError):
        construct_by_machine(function_of(code), instance.shown(), asked(code))


@pytest.mark.parametrize("answer", ["None", "current_node", "999", "1.0", "True", "-1"])
def test_bad_answers_are_complained_of_as_in_python(answer: str) -> None:
    code = TOUR_PROGRAMS["nearest"].replace("return", f"if len(unvisited_nodes) == 20:\n        return {answer}\n    return")
    (instance, *_) = drawn(_FAMILY)
    with pytest.raises(BadCity) as expected:
        construct(function_of(code), instance.shown())
    with pytest.raises(BadCity) as complaint:
        construct_by_machine(function_of(code), instance.shown(), asked(code))
    assert str(complaint.value) == str(expected.value)


def test_too_many_steps_for_python_end_the_machine() -> None:
    """An order of equals that NumPy leaves open, at every step."""
    code = TOUR_PROGRAMS["nearest"].replace("return", "np.argsort(0 * unvisited_nodes)\n    return")
    routine, (instance, *_) = asked(code), drawn(_FAMILY)
    function = function_of(code)
    assert construct_by_machine(function, instance.shown(), routine).tolist() == construct(function, instance.shown()).tolist()
    assert "gave up" in routine.plain_because


def test_notes_say_which_path_was_taken() -> None:
    problem, (instance, *_) = ConstructiveTSP(machine=True), drawn(_FAMILY)
    for code, path in ((TOUR_PROGRAMS["helper"], "machine"), (TOUR_PROGRAMS["helper"] + "\nclass Other:\n    pass\n", "plain")):
        heuristic = Heuristic(code=code, functions={"select_next_node": function_of(code)})
        problem.solve(heuristic, instance, np.random.default_rng(0))
        assert heuristic.notes["path"] == path
