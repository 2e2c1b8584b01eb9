"""Which instruction the next prompt shows; choices by hand, and shares by many draws."""

import math
import random
from collections import Counter

import pytest

from evoheur.strategies.instruction_archive import ESTABLISHED, InstructionArchive
from evoheur.strategies.instruction_credit import ChildWorth

LONG = "Weigh what is left of every bin against what is still to come, and guard against {}."


def archive(*, exploration: float = 1.0, uniform: float = 0.0, size: int = 10, seed: int = 1) -> InstructionArchive:
    return InstructionArchive(size=size, exploration=exploration, uniform=uniform, rng=random.Random(seed))


def tell(held: InstructionArchive, instruction: int, *worths: float) -> None:
    for worth in worths:
        held.told(ChildWorth(instruction=instruction, operator="m1", epoch=0, parent=None, worth=worth, costs={}))


def add(held: InstructionArchive, word: str) -> int:
    added = held.add(LONG.format(word), origin="rewrite", parent=0)
    assert added is not None
    return added.number


def test_the_confidence_bound_by_hand() -> None:
    held = archive()
    first = add(held, "ties")
    for number in (0, 0, 0, 0, first, first, first):
        held.show(number)
    tell(held, 0, 5.0, 6.0, 7.0)
    tell(held, first, 1.0, 2.0, 3.0)
    assert held.credit(0) == pytest.approx(0.2)
    assert held.credit(first) == pytest.approx(0.8)
    assert held.index(0, "m1") == pytest.approx(0.2 + math.sqrt(math.log(7) / 4))
    assert held.index(first, "m1") == pytest.approx(0.8 + math.sqrt(math.log(7) / 3))


def test_the_prior_by_hand() -> None:
    """One that is not established is as good as the best that is, and c more."""
    held = archive(exploration=0.4)
    first, second = add(held, "ties"), add(held, "zeros")
    tell(held, 0, 5.0, 6.0, 7.0)
    tell(held, first, 1.0, 2.0, 3.0)
    tell(held, second, 9.0, 9.0)
    assert held.waiting == [second]
    assert held.index(second, "m1") == pytest.approx(max(held.credit(0), held.credit(first)) + 0.4)


def test_at_most_a_fifth_of_all_requests_show_what_is_not_established() -> None:
    """At every moment, though the prior would have them all, and drawn uniformly or not."""
    for uniform in (0.0, 0.5, 1.0):
        held = archive(uniform=uniform)
        new = 0
        for number in range(1, 201):
            if number % 10 == 0:
                add(held, f"number {number}")
            waiting = set(held.waiting)
            new += held.choose("m1") in waiting
            assert new <= 0.2 * number
        assert new >= 0.15 * 200


def test_the_uniform_share_is_epsilon() -> None:
    """With ε = 0.3 and two of equal count, of which one is better: the other is chosen by chance alone."""
    held = archive(exploration=0.0, uniform=0.3)
    first = add(held, "ties")
    tell(held, 0, 5.0, 6.0, 7.0)
    tell(held, first, 1.0, 2.0, 3.0)
    drawn = Counter(held.choose("m1") for _ in range(2000))
    assert drawn[0] / 2000 == pytest.approx(0.15, abs=0.03)


def test_the_original_stays_and_the_least_of_the_established_goes() -> None:
    held = archive(size=2)
    first, second = add(held, "ties"), add(held, "zeros")
    tell(held, 0, 9.0, 9.0, 9.0)
    tell(held, first, 1.0, 1.0, 1.0)
    tell(held, second, 5.0, 5.0, 5.0)
    add(held, "overflow")
    assert [each.instruction.number for each in held.report() if each.is_kept] == [0, first, 3]
    add(held, "rounding")
    assert [each.instruction.number for each in held.report() if each.is_kept] == [0, 3, 4]
    add(held, "nothing")
    assert [each.instruction.number for each in held.report() if each.is_kept] == [0, 4, 5], (
        "none is established: the oldest goes"
    )


@pytest.mark.parametrize(
    "text", ["", "too short", "x" * 2001, LONG.format("a") + "\n```python\npass\n```", LONG.format("ties") + " \n"]
)
def test_what_is_no_instruction_is_not_taken_in(text: str) -> None:
    held = archive()
    add(held, "ties")
    assert held.add(text, origin="edit", parent=1) is None
    assert len(held.report()) == 2


def test_the_best_is_established() -> None:
    held = archive()
    first = add(held, "ties")
    assert held.best() == 0
    tell(held, first, *[1.0] * (ESTABLISHED - 1))
    tell(held, 0, 2.0, 2.0)
    assert held.best() == 0
    tell(held, first, 1.0)
    assert held.best() == first
