"""Friedman's test and its comparisons by hand and against SciPy, and a thousand races whose best is known."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evoheur.evaluation.statistical_race import StatisticalRace, mean_ranks, race_order, rank_test
from evoheur.problem import Instance
from tests.support.example_budget import cheap

Blocks = list[list[float]]


def race_against(rivals: Sequence[Sequence[float]], *, first: int = 5, tests: int = 2, level: float = 0.05) -> StatisticalRace:
    return StatisticalRace(rivals=tuple(tuple(costs) for costs in rivals), first=first, tests=tests, level=level)


def test_ranks_are_shared_by_ties() -> None:
    assert mean_ranks([3.0, 1.0, 3.0, 2.0]) == [3.5, 1.0, 3.5, 2.0]
    assert mean_ranks([7.0, 7.0]) == [1.5, 1.5]


def test_friedman_by_hand() -> None:
    """Rank sums 5, 8, 11 of four blocks: T = 12 / 48 · 210 - 48 = 4.5, and p = exp(-2.25) with two degrees of freedom.

    The critical difference is t(.975; 6) = 2.4469 times √(2 · (4 · 56 - 210) / 6) = 2.1602.
    """
    test = rank_test([[1.0, 2.0, 3.0], [1.0, 3.0, 2.0], [1.0, 2.0, 3.0], [2.0, 1.0, 3.0]], 0.05)
    assert test.sums == (5.0, 8.0, 11.0)
    assert test.p == pytest.approx(0.105399, abs=1e-6)
    assert test.critical == pytest.approx(2.4469 * 2.1602, abs=1e-3)


def test_where_all_blocks_agree_every_difference_is_significant() -> None:
    """T = 5 · 2 = 10, p = exp(-5)."""
    test = rank_test([[1.0, 2.0, 3.0]] * 5, 0.05)
    assert test.p == pytest.approx(0.0067379, abs=1e-7)
    assert test.critical == 0.0


def test_ties_alone_say_nothing() -> None:
    assert rank_test([[2.0, 2.0, 2.0]] * 6, 0.05).p == 1.0


@cheap()
@given(st.integers(3, 8).flatmap(lambda size: st.lists(
    st.lists(st.integers(0, 5).map(float), min_size=size, max_size=size), min_size=2, max_size=12)))  # fmt: skip
def test_friedman_is_scipys(blocks: Blocks) -> None:
    columns = list(zip(*blocks, strict=True))
    test = rank_test(blocks, 0.05)
    if all(len(set(block)) == 1 for block in blocks):
        assert test.p == 1.0
    else:
        assert test.p == pytest.approx(float(stats.friedmanchisquare(*columns).pvalue), rel=1e-9, abs=1e-12)


def test_a_race_takes_all_families_in_turn() -> None:
    """The first six of three families are two of each, not the smallest ones in every case; the others follow as they come."""
    instances = [Instance(name=f"{family}{number}", family=family) for family in "abc" for number in range(20)]
    order = race_order(instances, 6)
    assert sorted(order) == list(range(60))
    assert [instances[place].family for place in order[:6]] == ["a", "b", "c"] * 2
    assert list(order[6:]) == sorted(order[6:])
    assert {instances[place].name[1:] for place in order[:6]} != {"0", "1"}
    assert race_order(instances, 6) == order
    assert race_order(instances[:2], 6) == (1, 0) or race_order(instances[:2], 6) == (0, 1)


CLEAR = [[1.0 + rival / 10 + (place * 7 + rival * 3) % 5 for place in range(12)] for rival in range(4)]


def test_when_tests_are_held() -> None:
    """A hopeless candidate is dropped by the first test and by no earlier look; after the last test nobody is, and none at the end."""
    race = race_against(CLEAR)
    hopeless = [99.0] * 12
    assert [bool(race.verdict(hopeless[:solved])) for solved in range(1, 13)] == [False] * 4 + [True] * 2 + [False] * 6
    assert race.first_verdict(hopeless)[0] == 5
    assert race.verdict(hopeless[:5]).startswith("significantly worse than all 4 rivals after 5 of 12 instances (Friedman p = ")
    assert not race_against([costs[:5] for costs in CLEAR]).verdict(hopeless[:5]), "nothing is saved any more"
    assert race.first_verdict([0.0] * 12) == (0, "")


def test_other_orders_are_the_same_race() -> None:
    order = [11, 3, 5, 0, 1, 2, 4, 6, 7, 8, 9, 10]
    race = race_against(CLEAR).in_order(order)
    assert race.rivals[2] == tuple(CLEAR[2][place] for place in order)
    assert race.in_order([order.index(place) for place in range(12)]) == race_against(CLEAR)


@cheap()
@given(st.lists(st.lists(st.integers(0, 4).map(float), min_size=9, max_size=9), min_size=2, max_size=6), st.data())
def test_identical_candidates_are_not_split(rivals: Blocks, data: st.DataObject) -> None:
    """What costs the same as a rival is never dropped, and no candidate that is at least as good as one everywhere."""
    same = data.draw(st.sampled_from(rivals))
    assert race_against(rivals, tests=4).first_verdict(same) == (0, "")
    assert race_against(rivals, tests=4).first_verdict([max(0.0, cost - 1.0) for cost in same]) == (0, "")


class Season:
    """Races of twelve candidates, one after the other, whose costs are their true worth and noise."""

    def __init__(self, rng: random.Random, *, spread: float, rivals: int = 3, instances: int = 24) -> None:
        self.worths = [spread * place for place in range(12)]
        rng.shuffle(self.worths)
        self.known: list[list[float]] = []
        self.dropped: list[float] = []  # true worths
        self.solved = 0
        for worth in self.worths:
            costs = [worth + rng.gauss(0.0, 1.0) for _ in range(instances)]
            after = race_against(self.known[:rivals]).first_verdict(costs)[0] if len(self.known) >= rivals else 0
            self.solved += after or instances
            if after:
                self.dropped.append(worth)
            else:
                self.known = sorted([*self.known, costs], key=sum)


def test_the_true_best_is_kept_in_95_of_100_races() -> None:
    """1,000 races with differences of half a standard deviation; and work is saved: more than a fifth of all instances."""
    rng = random.Random(7)
    seasons = [Season(rng, spread=0.5) for _ in range(1000)]
    kept = sum(0.0 not in season.dropped for season in seasons)
    assert kept >= 950
    solved = sum(season.solved for season in seasons)
    assert solved < 0.8 * 1000 * 12 * 24
    assert sum(len(season.dropped) for season in seasons) > 1000


def test_equal_candidates_are_seldom_dropped() -> None:
    """Where all are worth the same, two tests at 5 % drop fewer than 5 % of those that race."""
    rng = random.Random(8)
    seasons = [Season(rng, spread=0.0) for _ in range(300)]
    assert sum(len(season.dropped) for season in seasons) < 0.05 * 300 * 9
