"""Every check of the problem contract passes on a sound problem, and fails on one that is broken in just that way."""

from pathlib import Path

import pytest

from evoheur.testing.broken_answers import any_answers, damages
from evoheur.testing.problem_checks import CHECKS, ContractBroken, ContractCheck, Subject
from evoheur.testing.problem_contract import ProblemContract

FAULTY = str(Path(__file__).parent / "faulty")
ONLINE = str(Path(__file__).parent / "faulty_online")

_CHANGED = "a symmetry makes a valid instance of the same name"
_KEPT = "the starting heuristic and the prices keep to the symmetries"
_RISING = "rising functions of the scores change no solution"
_DRAWN = "a drawing shows every part once"
_ALONE = "drawing leaves instance and solution alone"
_VARIED = "varied instances follow from their parameters"
_MEASURED = "what is measured of solutions is finite and named apart"

BROKEN = {
    "empty": ("every split has instances of distinct names", "the split test is empty"),
    "names": ("every split has instances of distinct names", "two instances of train are named 'same'"),
    "shared": ("no instance is in two splits", "'validation-0' of validation is 'train-0' of train again"),
    "restless": ("instances are the same on every call and in every process", "fixed seeds"),
    "hash": ("instances are the same on every call and in every process", "another process"),
    "lossy": ("an instance survives the way to the guest", "'train-0' is another one"),
    "told": ("the guest is told no answer", "'best_known'"),
    "infeasible": ("the starting heuristic solves training instances", "99, outside 0..2"),
    "moody": ("the starting heuristic solves training instances", "the first time"),
    "unseeded": ("the starting heuristic solves training instances", "gives two solutions"),
    "measured nothing": (_MEASURED, "measure 'place' is nan; give a finite number"),
    "measured code": (_MEASURED, "'nodes' has a name that the code's own measures have"),
    "measured at random": (_MEASURED, "has the measures ['place "),
    "high reference": ("the starting heuristic solves training instances", "less than the reference 1000.0"),
    "rule": ("the textbook rules are feasible", "the solution of smallest is refused: the answer has 2 entries"),
    "credulous": ("damaged solutions are refused", "empty_answer_is_feasible = True): priced at 0.0"),
    "mute": ("damaged solutions are refused", "refused without a reason"),
    "whole": ("no answer breaks the pricing", "no float"),
    "unmoved": (_CHANGED, "unmoved: nothing is another one after it"),
    "another name": (_CHANGED, "'train-0' is 'other' of 'f' then"),
    "in place": (_CHANGED, "it changes 'train-0' itself"),
    "not brought back": (_KEPT, "turned round: the starting heuristic solves 'train-0' another way: 0 instead of 2 at [0]"),
    "signed": (
        _RISING,
        "'train-0' is solved another way when what the starting heuristic returns is changed (minus 4096): 1 instead",
    ),
    "halved": (
        _RISING,
        "'train-0' is solved another way when what the starting heuristic returns is changed (plus 4096): 1 instead",
    ),
    "drawn as text": (_DRAWN, "draw returns str for the starting heuristic"),
    "drawn twice": (_DRAWN, "has number 0 more than once"),
    "drawn partly": (_DRAWN, "is in one drawing and not in that for smallest"),
    "drawn in place": (_ALONE, "drawing a solution changes it"),
    "drawn restlessly": (_ALONE, "drawn another way the second time"),
    "varied to nothing": (_VARIED, "variations() declares largest, and varied() makes no instance with {'largest': 100.0}"),
    "varied anew": (_VARIED, "other instances on another call with the same seed"),
    "varied in no way": (_VARIED, "an instance again with another seed"),
    "varied in part": (_VARIED, "varied(count=2) makes 1 different instances"),
    "varied elsewhere": (_VARIED, "must give its instances the family it is told"),
    "unlike": (_KEPT, "negative: the starting heuristic solves 'train-0' another way: 1 instead of 2 at [0]"),
}
"""Fault → the check that must find it, and words of its message."""

_STEPS = "an online instance can be told arrival by arrival"
_OTHERS = "another future changes only what arrives"
_FUTURE = "the starting heuristic and the textbook rules do not depend on the future"

BROKEN_ONLINE = {
    "nothing": (_STEPS, "'train': nothing arrives"),
    "other copy": (_STEPS, "the guest's copy of it has other arrivals"),
    "nested": (_STEPS, "not a list of 6 decisions"),
    "ahead": (_STEPS, "`solve` decides otherwise than `start`"),
    "lossy": (_OTHERS, "is another one after encode, JSON and decode"),
    "renamed": (_OTHERS, "'train' is named 'twin' with other arrivals"),
    "tells": (_OTHERS, "what is known depends on what arrives"),
    "deaf": (_OTHERS, "`with_arrivals` does not take the arrivals it is given"),
    "scope": (_OTHERS, "the scope of a table depends on what arrives"),
    "rule": (_FUTURE, "last decides otherwise"),
    "holds": ("the guest holds nothing trusted", "the guest holds the module 'splits'"),
}
"""The same for an online problem."""


def named(name: str) -> ContractCheck:
    [check] = [check for check in CHECKS if check.name == name]
    return check


class TestSoundProblem(ProblemContract):
    """Without a fault, the problem of these tests keeps the contract, so what follows is found for no other reason."""

    name = FAULTY


class TestSoundOnlineProblem(ProblemContract):
    """Nor is anything wrong with the one that is online and has a trusted module."""

    name = ONLINE


@pytest.mark.parametrize("fault", BROKEN_ONLINE)
def test_a_fault_of_an_online_problem_is_found_by_the_check_that_looks_for_it(fault: str) -> None:
    name, words = BROKEN_ONLINE[fault]
    with pytest.raises(ContractBroken) as caught:
        named(name).run(Subject(name=ONLINE, settings={"fault": fault}))
    assert words in str(caught.value)


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_found_by_the_check_that_looks_for_it(fault: str) -> None:
    name, words = BROKEN[fault]
    with pytest.raises(ContractBroken) as caught:
        named(name).run(Subject(name=FAULTY, settings={"fault": fault}))
    assert words in str(caught.value)


def test_damage_of_the_problems_own_kind_is_tried() -> None:
    """What the author calls broken and the problem accepts, such as the choice of place 1, is reported by the author's own words."""
    subject = Subject(name=FAULTY, damaged=lambda _instance, _solution: {"the second of three": [1]})
    with pytest.raises(ContractBroken, match=r"the second of three: priced at 1\.0"):
        named("damaged solutions are refused").run(subject)


def test_damages_leave_the_solution_alone_and_differ_from_it() -> None:
    """As text, because 3 and 3.0 are equal and only one of them is a solution."""
    solution = [[3, 4], {"route": [5]}]
    broken = [repr(answer) for _, answer in damages(solution)]
    assert solution == [[3, 4], {"route": [5]}]
    assert repr(solution) not in broken
    assert "[[3.0, 4], {'route': [5]}]" in broken
    assert "[[-1, 4], {'route': [5]}]" in broken
    assert "[[3, 4]]" in broken


def test_random_answers_repeat_with_their_seed_and_are_of_many_kinds() -> None:
    first = list(any_answers(seed=7, number=200))
    assert repr(first) == repr(list(any_answers(seed=7, number=200)))
    assert repr(first) != repr(list(any_answers(seed=8, number=200)))
    assert {type(answer) for answer in first} >= {type(None), bool, int, float, str, list, dict}


def test_an_empty_answer_may_be_a_solution_where_the_author_says_so() -> None:
    """As where items may be chosen; everything else that is broken is still refused."""
    named("damaged solutions are refused").run(Subject(name=FAULTY, settings={"fault": "choosing"}))
    with pytest.raises(ContractBroken, match=r"\[\] instead of a solution \(if that is a solution too, the problem must say so"):
        named("damaged solutions are refused").run(Subject(name=FAULTY, settings={"fault": "choosing unsaid"}))


@pytest.mark.parametrize(
    ("solution", "kept"),
    [([3, 4], {"[]", "[3]"}), ([[3], [4]], {"[]", "[[]]", "[[3]]"}), ({"chosen": [3]}, {"{}"})],
)
def test_parts_of_a_solution_are_no_damage_where_they_are_solutions(solution: object, kept: set[str]) -> None:
    with_parts = {repr(answer) for _, answer in damages(solution)}
    without = {repr(answer) for _, answer in damages(solution, parts=False)}
    assert with_parts - without == kept
