"""Discounted UCB against numbers worked out by hand and against its definition."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.strategies.bandit import DiscountedUcb


def played(bandit: DiscountedUcb, plays: Sequence[tuple[int, float]]) -> DiscountedUcb:
    """Play these arms one after the other, with these rewards."""
    for arm, reward in plays:
        bandit.start(arm)
        bandit.finish(arm, reward)
    return bandit


def test_two_arms_by_hand() -> None:
    """γ = 1/2, weight 1: N and sums are (1, 0), (0.8, 0), then (0.5, 1), (0.4, 0.2), then (1.25, 0.5), (0.2, 0.1); n = 1, 1.5, 1.75."""
    bandit = played(DiscountedUcb(2, discount=0.5, exploration=1.0), [(0, 0.8), (1, 0.2)])
    assert bandit.indices() == pytest.approx([0.8 + math.sqrt(math.log(1.5) / 0.5), 0.2 + math.sqrt(math.log(1.5))])
    assert bandit.indices() == pytest.approx([1.700517, 0.836761], abs=1e-6)
    played(bandit, [(0, 0.0)])
    assert bandit.indices() == pytest.approx([0.829099, 1.257938], abs=1e-6)
    assert bandit.ranking() == [1, 0]


def test_plays_under_way_count_as_tried_only() -> None:
    """As above with a play of arm 0 under way: its mean stays 0.8, N is (1.5, 1), n = 2.5; the margins shrink and grow accordingly."""
    bandit = played(DiscountedUcb(2, discount=0.5, exploration=1.0), [(0, 0.8), (1, 0.2)])
    bandit.start(0)
    assert bandit.indices() == pytest.approx([1.581576, 1.157231], abs=1e-6)
    assert bandit.mean(0) == pytest.approx(0.8)


def test_what_was_never_played_comes_first_in_order() -> None:
    """Plays under way count, so four starts at once go to four arms."""
    bandit = DiscountedUcb(4, discount=0.99, exploration=0.1)
    started = []
    for _ in range(4):
        started.append(bandit.ranking()[0])
        bandit.start(started[-1])
    assert started == [0, 1, 2, 3]
    assert bandit.ranking() == [0, 1, 2, 3]


def test_without_exploration_the_best_mean_is_played() -> None:
    """Weight 0 leaves the means, here 0.5, 0.75 and 0.25."""
    bandit = DiscountedUcb(3, discount=1.0, exploration=0.0)
    played(bandit, [(0, 0.5), (1, 0.5), (2, 0.5), (1, 1.0), (2, 0.0)])
    assert bandit.indices() == pytest.approx([0.5, 0.75, 0.25])
    assert bandit.ranking() == [1, 0, 2]


@given(
    plays=st.lists(st.tuples(st.integers(0, 2), st.floats(0, 1)), max_size=40),
    discount=st.floats(0.5, 1.0),
    exploration=st.floats(0.0, 2.0),
)
def test_indices_are_those_of_the_definition(plays: list[tuple[int, float]], discount: float, exploration: float) -> None:
    """Sums over all plays s of arm i of γ^(t - s), and of that times the reward, written out."""
    bandit = played(DiscountedUcb(3, discount=discount, exploration=exploration), plays)
    weights = [discount ** (len(plays) - 1 - place) for place in range(len(plays))]
    total = sum(weights)
    for arm, index in enumerate(bandit.indices()):
        own = [(weight, reward) for weight, (played_arm, reward) in zip(weights, plays, strict=True) if played_arm == arm]
        if not own:
            assert index == math.inf
            continue
        count = sum(weight for weight, _ in own)
        mean = sum(weight * reward for weight, reward in own) / count
        margin = exploration * math.sqrt(max(0.0, math.log(total)) / count)
        assert index == pytest.approx(mean + margin, abs=1e-9)


def shares(discount: float) -> tuple[float, float]:
    """How often arm 0 is played while it pays 0.5 and arm 1 nothing, and how often arm 1 once it is the other way round; 300 plays each."""
    bandit = DiscountedUcb(2, discount=discount, exploration=0.1)
    counts = []
    for paying in (0, 1):
        choices = []
        for _ in range(300):
            arm = bandit.ranking()[0]
            choices.append(arm)
            played(bandit, [(arm, 0.5 if arm == paying else 0.0)])
        counts.append(choices.count(paying) / 300)
    return counts[0], counts[1]


def test_discounting_notices_a_change() -> None:
    """Both find the paying arm; when it stops paying the discounted one moves on, the other one still lives on what it earned."""
    before, after = shares(0.97)
    assert before > 0.9
    assert after > 0.75
    steady_before, steady_after = shares(1.0)
    assert steady_before > 0.9
    assert steady_after < 0.2
