"""Mates by hand: a specialist's farthest and its complements."""

import random
from collections import Counter

import pytest

from evoheur.strategies.mate_choice import chosen_mates, mates_by
from evoheur.testing.strategy_runs import made_up_candidate
from tests.evoheur.strategies.support.scored import scored_candidate

ROUND, FIRST, OTHER, DULL = (
    scored_candidate(number, row)
    for number, row in enumerate([[2.0, 2.0, 2.0], [0.0, 6.0, 6.0], [6.0, 0.0, 6.0], [3.0, 3.0, 3.0]], 1)
)
RANKED = [ROUND, DULL, FIRST, OTHER]


def test_the_farthest_comes_first() -> None:
    """From the first specialist the other one is 12 away, the all-rounder 10, the last 9; from both of them 20 and 18."""
    assert chosen_mates(FIRST, RANKED, 1, "distance") == (OTHER,)
    assert chosen_mates(FIRST, RANKED, 3, "distance") == (OTHER, ROUND, DULL)


def test_a_complement_is_good_where_the_others_are_not() -> None:
    """With the all-rounder the best add up to 4, with the others to 6; then the other specialist makes it 2."""
    assert chosen_mates(FIRST, RANKED, 1, "complement") == (ROUND,)
    assert chosen_mates(FIRST, RANKED, 2, "complement") == (ROUND, OTHER)
    assert chosen_mates(ROUND, RANKED, 1, "complement") == (FIRST,), "both specialists lower it by 2: the better ranked"


def test_no_more_than_there_are() -> None:
    assert chosen_mates(FIRST, [FIRST], 3, "distance") == ()
    assert len(chosen_mates(FIRST, RANKED, 9, "complement")) == 3


def test_what_was_scored_on_other_instances_comes_last() -> None:
    """It is not comparable, so only its rank counts."""
    short, failed = scored_candidate(7, [1.0]), made_up_candidate(8, None)
    assert chosen_mates(FIRST, [short, failed, *RANKED], 4, "distance") == (OTHER, ROUND, DULL, short)
    assert chosen_mates(failed, [ROUND, DULL], 2, "complement") == (ROUND, DULL)


def test_by_rank_mates_are_drawn_with_the_weights_of_selection() -> None:
    """Of the three that are not the first: 1/4, 1/5, 1/6; 6,000 draws, within five standard deviations."""
    rng = random.Random(5)
    drawn = Counter(mates_by("rank", FIRST, RANKED, 1, rng)[0].id for _ in range(6000))
    total = 1 / 4 + 1 / 5 + 1 / 6
    assert drawn == pytest.approx({1: 1500 / total, 4: 1200 / total, 3: 1000 / total}, abs=190)
    assert {mate.id for mate in mates_by("rank", FIRST, RANKED, 9, rng)} == {1, 3, 4}


def test_only_rank_draws() -> None:
    rng = random.Random(5)
    before = rng.getstate()
    assert mates_by("distance", FIRST, RANKED, 1, rng) == (OTHER,)
    assert mates_by("complement", FIRST, RANKED, 1, rng) == (ROUND,)
    assert rng.getstate() == before
