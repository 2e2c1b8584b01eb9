"""When the machine is asked, when both are, and when it gives way."""

import numpy as np
import pytest

from evoheur.problem import Heuristic
from evoheur.problems.stepwise_heuristics.asked import LARGEST_INSTANCE, AskedRoutine, asked_routine
from evoheur.problems.stepwise_heuristics.memory import COMPILED
from evoheur.problems.stepwise_heuristics.step_translation import translated

pytestmark = pytest.mark.nightly  # the machine takes half a minute to compile

CODE = "def choose(here, offered):\n    return offered[0] + here * 0\n"


def asked() -> AskedRoutine:
    return AskedRoutine(translated(CODE, "choose"))


def heuristic(code: str) -> Heuristic:
    def choose(here: int, offered: list[int]) -> int:
        return offered[here]

    return Heuristic(code=code, functions={"choose": choose})


def test_every_fourth_question_of_the_first_instance_goes_to_both() -> None:
    routine = asked()
    routine.lay_out(np.eye(3))
    assert [routine.next_shared(question) for question in (0, 1, 4, 5)] == [0, 4, 4, 8]


def test_every_32nd_question_of_later_instances_goes_to_both_each_from_another_on() -> None:
    routine = asked()
    for _ in range(3):
        routine.lay_out(np.eye(3))
    assert [routine.next_shared(question) for question in (0, 2, 3, 34)] == [2, 2, 34, 34]


def test_it_gives_way_where_it_leaves_more_than_an_eighth_open() -> None:
    routine = asked()
    routine.lay_out(np.eye(3))
    routine.count(80, 10)
    assert not routine.plain_because
    routine.count(0, 20)
    assert "30 of 110 questions" in routine.plain_because


def test_it_gives_way_where_it_answers_otherwise() -> None:
    routine = asked()
    routine.differ(7)
    assert routine.plain_because == "the machine answered question 7 otherwise"


def test_what_is_laid_out_stays_until_the_next_instance() -> None:
    """Vectors of whole numbers and matrices of floats, in a row."""
    routine = asked()
    first, second = routine.lay_out(np.array([4, 5, 6]), np.arange(6.0).reshape(2, 3))
    memory = routine.memory
    assert memory.ints[first + 8 : first + 11].tolist() == [4, 5, 6]
    assert memory.reals[second + 8 : second + 14].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


@pytest.mark.skipif(not COMPILED, reason="there is no machine without a compiler")
def test_a_candidate_has_one_machine_for_all_its_instances() -> None:
    assert asked_routine(heuristic(CODE), 2, 9) is asked_routine(heuristic(CODE), 2, 16)


@pytest.mark.skipif(not COMPILED, reason="there is no machine without a compiler")
def test_what_cannot_be_translated_says_why() -> None:
    assert asked_routine(
        heuristic("def choose(here, offered):\n    return next(iter(offered))\n"), 2, 9
    ).plain_because.startswith("line 2")
    assert asked_routine(heuristic(""), 2, 9).plain_because == "choose is no plain function"
    assert asked_routine(heuristic(CODE), 2, LARGEST_INSTANCE + 1).plain_because
