"""Filling a marked space by evaluating."""

import asyncio
import itertools
import re

import pytest

from evoheur.generation.tuning.filling import Filled, Filler
from evoheur.generation.tuning.marked_space import MarkedSpace, marked_space

CHOICES = "def rule(x):\n    return choice(1, 2, 3) * choice(5, 7) + choice(0, 4)\n"
NUMBERS = "def rule(x):\n    return choice(1, 2) * 1 + number(0, 10)\n"


class Distance:
    """Weighs sources by how far what they compute is from a goal, and remembers them."""

    def __init__(self, goal: float, fails: str = "never") -> None:
        self.goal = goal
        self.fails = re.compile(fails)
        self.asked: list[str] = []

    async def score(self, code: str) -> float | None:
        self.asked.append(code)
        await asyncio.sleep(0)
        return None if self.fails.search(code) else abs(self.of(code) - self.goal)

    @staticmethod
    def of(code: str) -> float:
        return float(eval(code.partition("return ")[2]))


def space(code: str) -> MarkedSpace:
    found = marked_space(code)
    assert isinstance(found, MarkedSpace)
    return found


def filled(code: str, distance: Distance, *, evaluations: int = 20, seed: int = 1) -> Filled:
    return asyncio.run(Filler(seed=seed, evaluations=evaluations).fill(space(code), distance.score))


@pytest.mark.parametrize("goal", [5.0, 9.9, 18.0, 25.0])
def test_a_small_space_is_tried_as_a_whole_and_the_best_is_that_of_brute_force(goal: float) -> None:
    distance = Distance(goal)
    found = filled(CHOICES, distance)
    brute = {a * b + c: (a, b, c) for a, b, c in itertools.product((1, 2, 3), (5, 7), (0, 4))}
    best = min(brute, key=lambda value: abs(value - goal))
    assert abs(Distance.of(found.code) - goal) == abs(best - goal)
    assert found.tried == len(distance.asked) == len(set(distance.asked)) == 12
    assert "best of 12" in found.remark


def test_of_a_large_space_no_more_is_tried_than_allowed_and_nothing_twice() -> None:
    distance = Distance(18.0)
    found = filled(CHOICES, distance, evaluations=7)
    assert found.tried == len(distance.asked) == len(set(distance.asked)) == 7
    assert distance.asked[0] == space(CHOICES).filled((0, 0, 0))
    assert abs(Distance.of(found.code) - 18.0) == min(abs(Distance.of(code) - 18.0) for code in distance.asked)


def test_numbers_are_searched_for_once_choices_are_made() -> None:
    """Of 1 and 2 with 5, the middle, 2 is nearer to 8.3; 6.3 is then searched for between 0 and 10."""
    distance = Distance(8.3)
    found = filled(NUMBERS, distance, evaluations=60)
    assert found.tried == len(distance.asked) == 60
    assert [Distance.of(code) for code in distance.asked[:2]] == [6.0, 7.0]
    assert all("return 2 * 1" in code for code in distance.asked[2:])
    assert abs(Distance.of(found.code) - 8.3) < 0.1
    assert all(0.0 <= float(code.rpartition("+ ")[2]) <= 10.0 for code in distance.asked)


def test_what_fails_is_passed_over_and_where_all_fail_the_first_is_taken() -> None:
    assert "return 3 * 5" in filled(CHOICES, Distance(15.0, fails="return 1")).code
    found = filled(CHOICES, Distance(10.0, fails="return"))
    assert (found.code, found.tried) == (space(CHOICES).filled((0, 0, 0)), 12)
    assert "all of which failed" in found.remark


def test_equal_spaces_and_seeds_get_equal_fillings() -> None:
    asked = []
    for seed in (1, 1, 2):
        distance = Distance(8.3)
        filled(NUMBERS, distance, evaluations=15, seed=seed)
        asked.append(distance.asked)
    assert asked[0] == asked[1]
    assert asked[0] != asked[2]


def test_one_evaluation_takes_the_first_alternatives() -> None:
    distance = Distance(0.0)
    assert filled(NUMBERS, distance, evaluations=1).tried == 1
    assert distance.asked == [space(NUMBERS).filled((0, 5.0))]
