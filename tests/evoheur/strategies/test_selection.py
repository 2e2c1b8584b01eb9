"""Rank selection and survival, against numbers worked out by hand and against plain definitions."""

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.candidate import Candidate
from evoheur.strategies.selection import rank_choice, rank_weights, survivors
from evoheur.testing.strategy_runs import made_up_candidate


class Scripted(random.Random):
    """A generator whose uniform draws are given."""

    def __init__(self, draws: Sequence[float]) -> None:
        super().__init__(0)
        self._draws = list(draws)

    def random(self) -> float:
        """The next given draw."""
        return self._draws.pop(0)


def candidates(objectives: Sequence[float | None]) -> list[Candidate]:
    """Candidates with these objectives and with ids in order of age."""
    return [made_up_candidate(identity, objective) for identity, objective in enumerate(objectives)]


def ids(members: Sequence[Candidate]) -> list[int]:
    """Their ids."""
    return [member.id for member in members]


def test_weights_by_hand() -> None:
    """N = 3: 1/(1+3), 1/(2+3), 1/(3+3)."""
    assert rank_weights(3) == [1 / 4, 1 / 5, 1 / 6]


def test_weights_of_nothing() -> None:
    """Nothing to choose from has no weights."""
    assert rank_weights(0) == []


@pytest.mark.parametrize("count", [1, 2, 5, 20])
def test_best_is_at_most_twice_as_likely_as_worst(count: int) -> None:
    """The ratio of the first weight to the last is (N + N) / (1 + N)."""
    weights = rank_weights(count)
    assert weights[0] / weights[-1] == pytest.approx(2 * count / (count + 1))


def test_choice_with_replacement_by_hand() -> None:
    """N = 3: cumulative weights are 0.25, 0.45, 0.61667, so u = 0.4, 0.41, 0.72, 0.74 fall at 0.2467, 0.2528, 0.444, 0.4563."""
    rng = Scripted([0.4, 0.41, 0.72, 0.74])
    assert rank_choice("abc", 4, rng, distinct=False) == ["a", "b", "b", "c"]


def test_choice_without_replacement_by_hand() -> None:
    """First u = 0.41 falls at 0.2528: b. The rest weigh 1/4 and 1/6, so u = 0.58 falls at 0.2417 < 1/4: a. Then only c is left."""
    rng = Scripted([0.41, 0.58, 0.99])
    assert rank_choice("abc", 3, rng, distinct=True) == ["b", "a", "c"]


@pytest.mark.parametrize("distinct", [True, False])
def test_first_draw_follows_the_weights(distinct: bool) -> None:
    """N = 3: the probabilities are 15/37, 12/37, 10/37; 0.02 is five standard deviations of a share of 20,000 draws."""
    rng = random.Random(5)
    counts = Counter(rank_choice("abc", 2, rng, distinct=distinct)[0] for _ in range(20_000))
    assert [counts[item] / 20_000 for item in "abc"] == pytest.approx([15 / 37, 12 / 37, 10 / 37], abs=0.02)


@given(st.integers(min_value=0, max_value=12), st.data())
def test_distinct_choice_has_no_repeats(size: int, data: st.DataObject) -> None:
    """Any number up to all of them comes without repeats."""
    count = data.draw(st.integers(min_value=0, max_value=size))
    drawn = rank_choice(range(size), count, random.Random(data.draw(st.integers(0, 99))), distinct=True)
    assert len(drawn) == len(set(drawn)) == count


def test_survivors_are_the_best_in_order() -> None:
    """Failures go, the smallest objectives stay, best first."""
    assert ids(survivors(candidates([3.0, None, 1.0, 2.0, 0.5]), 3)) == [4, 2, 3]


def test_repeated_objective_leaves_the_older() -> None:
    """1.000004 and 1.0 are both 1.0 at five decimals: the first given stays, though its objective is larger. 1.00001 is another."""
    assert ids(survivors(candidates([1.000004, 1.0, 1.00001]), 3)) == [0, 2]


def test_decimals_can_be_chosen() -> None:
    """At one decimal 1.04 repeats 1.0."""
    assert ids(survivors(candidates([1.0, 1.04, 1.1]), 3, decimals=1)) == [0, 2]


# Steps of a fifth of the rounding unit, so that many neighbours collide.
objectives = st.lists(st.none() | st.integers(0, 40).map(lambda step: 1 + step * 2e-6), max_size=40)


@given(objectives, st.integers(min_value=1, max_value=6))
def test_one_by_one_equals_all_at_once(values: list[float | None], size: int) -> None:
    """Managing the population at every arrival keeps what managing the pooled arrivals keeps (the initialisation relies on it)."""
    pool = candidates(values)
    population: list[Candidate] = []
    for newcomer in pool:
        population = survivors([*population, newcomer], size)
    assert ids(population) == ids(survivors(pool, size))
