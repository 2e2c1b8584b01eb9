"""The front per instance, by hand and by its properties."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.strategies.instance_front import front_choice, front_leads, parent_choice
from evoheur.strategies.selection import rank_choice
from evoheur.testing.strategy_runs import made_up_candidate
from tests.evoheur.strategies.support.scored import scored_candidate

ROWS = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 3).map(float), min_size=width, max_size=width), min_size=1, max_size=8)
)


def test_leads_by_hand() -> None:
    assert front_leads([[2.0, 2.0, 2.0], [0.0, 6.0, 6.0], [6.0, 0.0, 1.0]]) == [0, 1, 2]
    assert front_leads([[1.0, 5.0], [1.0, 2.0]]) == [0, 2], "its only lead is shared by the other"
    assert front_leads([[1.0, 1.0], [1.0, 1.0]]) == [2, 0], "one of two equal ones stays, the first"
    assert front_leads([[0.0, 0.0, 9.0], [9.0, 0.0, 0.0], [0.0, 9.0, 0.0]]) == [2, 2, 0], "the last shares both of its leads"


@given(ROWS)
def test_every_instance_has_a_leader_that_stays_and_none_is_idle(rows: list[list[float]]) -> None:
    """No member of the front could be left out without losing an instance's best."""
    leads = front_leads(rows)
    front = [place for place, lead in enumerate(leads) if lead]
    best = [min(column) for column in zip(*rows, strict=True)]

    def covered(members: list[int]) -> set[int]:
        return {place for place, worth in enumerate(best) if any(rows[member][place] == worth for member in members)}

    assert covered(front) == set(range(len(best)))
    assert all(covered([other for other in front if other != member]) != covered(front) for member in front)
    assert [leads[member] for member in front] == [
        sum(worth == least for worth, least in zip(rows[member], best, strict=True)) for member in front
    ]


def test_draws_follow_the_leads() -> None:
    ranked = [scored_candidate(number, row) for number, row in enumerate([[2.0, 2.0, 2.0], [6.0, 0.0, 1.0], [0.0, 6.0, 6.0]], 1)]
    drawn = Counter(each.id for each in front_choice(ranked, 3000, random.Random(1), distinct=False))
    assert set(drawn) == {2, 3}
    assert drawn[2] / 3000 == pytest.approx(2 / 3, abs=0.04)
    for seed in range(20):
        distinct = [each.id for each in front_choice(ranked, 3, random.Random(seed), distinct=True)]
        assert sorted(distinct[:2]) == [2, 3]
        assert distinct[2] == 1


def test_what_was_not_scored_by_instance_is_drawn_by_rank() -> None:
    failed = [made_up_candidate(number, None) for number in range(5)]
    drawn = front_choice(failed, 3, random.Random(4), distinct=True)
    assert drawn == rank_choice(failed, 3, random.Random(4), distinct=True)
    short = scored_candidate(9, [0.0])
    long = scored_candidate(1, [2.0, 2.0])
    assert {each.id for each in front_choice([long, short], 50, random.Random(1), distinct=False)} == {1}


def test_parents_by_rank_are_drawn_as_before() -> None:
    ranked = [scored_candidate(number, [float(number)]) for number in range(1, 6)]
    for distinct in (True, False):
        drawn = parent_choice("rank", ranked, 3, random.Random(7), distinct=distinct)
        assert drawn == rank_choice(ranked, 3, random.Random(7), distinct=distinct)
