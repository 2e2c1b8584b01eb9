"""The draw against the softmax as it is defined, and its cost against the number of places."""

import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.strategies.softmax import softmax_choice
from evoheur.testing.strategy_contract import executed_instructions

DRAWS = 20_000


def definition(costs: list[float], temperature: float) -> list[float]:
    """Probabilities, written as in a textbook."""
    weights = [math.exp(-(cost - min(costs)) / temperature) for cost in costs]
    return [weight / sum(weights) for weight in weights]


@pytest.mark.parametrize(
    ("costs", "temperature"),
    [
        ([1.0, 2.0, 3.0], 1.0),
        ([0.0, 0.0, 0.0, 0.7], 1.0),
        ([0.0, 0.3, 0.9, 1.0, 1.1, 2.5, 4.0, 8.0, 40.0], 1.0),
        ([-2091.0, -2090.0, -2089.5], 0.7),
        ([float(cost) for cost in range(40)], 12.0),
        ([float(cost) for cost in range(40)], 0.5),
        ([0.0] + [3.5] * 200, 1.0),  # the many that are far off weigh more than the one that is best
    ],
)
def test_shares_are_those_of_the_softmax(costs: list[float], temperature: float) -> None:
    """Each within five standard deviations of its binomial distribution; what may come less than five times is not looked at alone."""
    rng = random.Random(5)
    counts = Counter(softmax_choice(costs, temperature, rng) for _ in range(DRAWS))
    for place, share in enumerate(definition(costs, temperature)):
        if share * DRAWS > 5:
            assert counts[place] == pytest.approx(share * DRAWS, abs=5 * math.sqrt(share * (1 - share) * DRAWS))
    assert sum(counts.values()) == DRAWS


@given(
    costs=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60).map(sorted),
    temperature=st.floats(0, 1e12),
    seed=st.integers(0, 1000),
)
def test_any_costs_and_temperature_give_a_place(costs: list[float], temperature: float, seed: int) -> None:
    """Also where differences vanish beside the temperature, or the temperature beside the costs."""
    assert 0 <= softmax_choice(costs, temperature, random.Random(seed)) < len(costs)


@pytest.mark.parametrize("temperature", [0.0, 1e-300])
def test_no_temperature_is_greedy_and_even_among_the_best(temperature: float) -> None:
    """Three share the smallest cost: each a third of 3,000, within five standard deviations (129)."""
    rng = random.Random(1)
    counts = Counter(softmax_choice([2.0, 2.0, 2.0, 2.1, 9.0], temperature, rng) for _ in range(3000))
    assert set(counts) == {0, 1, 2}
    assert all(abs(count - 1000) < 129 for count in counts.values())


def test_a_draw_costs_the_logarithm() -> None:
    """A thousand times as many places: 2 + ln(100,000) = 14 bands instead of 7, so at most three times the work."""

    def draws(count: int) -> int:
        rng, costs = random.Random(2), [place / 7 for place in range(count)]
        return executed_instructions(lambda: [softmax_choice(costs, 1.0, rng) for _ in range(200)])

    assert draws(100_000) < 3 * draws(100)
