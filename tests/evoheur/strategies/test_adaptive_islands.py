"""Islands that adapt, by hand: gains, exploration, the bandit, migrants, crowding and novelty."""

from dataclasses import replace

import pytest

from evoheur.candidate import Candidate
from evoheur.strategies.adaptive_islands import AdaptiveIsland, exploration_chance, gain_over, island_to_breed
from evoheur.testing.strategy_runs import made_up_candidate

SUM, LOOP = (
    "def rule(x):\n    return x + 1\n",
    "def rule(x):\n    for each in x:\n        if each > 2:\n            return each\n",
)


def coded(identity: int, objective: float, code: str) -> Candidate:
    """A candidate of this code."""
    return replace(made_up_candidate(identity, objective), code=code)


def island_with(*objectives: float, size: int = 20) -> AdaptiveIsland:
    """An island whose members came as migrants, numbered from 100."""
    island = AdaptiveIsland(size)
    for number, objective in enumerate(objectives, 100):
        island.receive(made_up_candidate(number, objective))
    return island


def test_gains_are_relative_and_at_most_one() -> None:
    assert gain_over(4.0, 3.0, 4.0) == 0.25
    assert gain_over(4.0, 3.0, 2.0) == 0.5, "by the best of all for the bandit"
    assert gain_over(4.0, 4.0, 4.0) == gain_over(4.0, 5.0, 4.0) == gain_over(None, 1.0, 4.0) == 0.0
    assert gain_over(1.0, -9.0, 1.0) == gain_over(0.0, -0.001, 0.0) == 1.0
    assert gain_over(-4.0, -5.0, -4.0) == 0.25


def test_gains_decay_at_every_outcome() -> None:
    """From 4: a failure, half of it gone, something worse, half again, all of it, and below 0, which counts as all."""
    island = island_with(4.0)
    seen = []
    for number, objective in enumerate([None, 2.0, 3.0, 1.0, 0.0, -3.0]):
        candidate = made_up_candidate(number, objective)
        island.learn(candidate, 4.0)
        seen.append(island.gains)
    assert seen == pytest.approx([0.0, 0.025, 0.0225, 0.04525, 0.140725, 0.2266525])


def test_the_chance_to_explore() -> None:
    assert exploration_chance(0.0) == pytest.approx(0.15 + 0.35 / 1.0001)
    assert exploration_chance(1.0) == pytest.approx(0.325)
    assert exploration_chance(0.25) == pytest.approx(0.15 + 0.35 / 1.5)


def test_an_island_that_stagnates_explores_more_and_more() -> None:
    island = island_with(4.0)
    island.learn(made_up_candidate(1, 1.0), 4.0)
    chances = [exploration_chance(island.gains)]
    for _ in range(12):
        island.learn(None, 1.0)
        chances.append(exploration_chance(island.gains))
    assert chances == sorted(set(chances))
    assert chances[0] == pytest.approx(0.15 + 0.35 / (1 + 0.1**0.5 * 0.75))


def test_twelve_choices_of_an_island() -> None:
    """Three visits each; the first island halves its best three times, which earns .5 each, and then gains nothing.

    At the ninth choice its mean is .268 and its bound 1.2055, below the other's 1.2103; at the eleventh 1.1049 is above 1.0950.
    """
    islands = [island_with(4.0), island_with(4.0)]
    found = {0: 2.0, 2: 1.0, 4: 0.5}
    chosen = []
    overall = 4.0
    for step in range(12):
        number = island_to_breed(islands, 2**0.5)
        chosen.append(number)
        islands[number].visits += 1
        objective = found.get(step, 9.0)
        islands[number].learn(made_up_candidate(step, objective), overall)
        overall = min(overall, objective)
        if step == 5:
            assert islands[0].mean_reward == pytest.approx(0.5)
        if step == 7:
            assert islands[0].mean_reward == pytest.approx(1.09755 / 4.0951)
    assert chosen == [0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1]


def test_a_new_island_has_its_three_visits_at_once() -> None:
    islands = [island_with(4.0), island_with(4.0)]
    islands[0].visits = 50
    for _ in range(3):
        assert island_to_breed(islands, 2**0.5) == 1
        islands[1].visits += 1


def test_migrants_count_as_gain_and_earn_no_credit() -> None:
    island = island_with(4.0)
    island.learn(made_up_candidate(1, 3.0), 4.0)
    before = island.mean_reward, island.visits
    island.receive(made_up_candidate(2, 1.5))
    assert island.best == made_up_candidate(2, 1.5)
    assert island.gains == pytest.approx(0.9 * 0.1 * 0.25**2 + 0.1 * 0.5**2)
    assert (island.mean_reward, island.visits) == before
    gains = island.gains
    island.receive(made_up_candidate(3, 2.0))
    assert island.gains == gains, "what is no better is no step of the island"


def test_a_newcomer_on_a_full_island_competes_with_its_like() -> None:
    island = AdaptiveIsland(2)
    for candidate in (coded(1, 4.0, SUM), coded(2, 2.0, LOOP)):
        island.receive(candidate)
    island.receive(coded(3, 3.0, LOOP.replace("> 2", "> 7")))
    assert [member.id for member in island.members] == [1, 2], "better than the sum, but no better than the loop it is like"
    island.receive(coded(4, 3.0, SUM.replace("1", "7")))
    assert [member.id for member in island.members] == [2, 4]
    island.receive(coded(5, 0.5, SUM.replace("1", "7")))
    assert [member.id for member in island.members] == [2, 4], "a copy is no other heuristic"


def test_novelty_is_the_distance_to_the_nearest() -> None:
    island = AdaptiveIsland(9)
    assert island.novelty(coded(1, 1.0, SUM)) == 1.0
    for candidate in (coded(1, 1.0, SUM), coded(2, 2.0, SUM.replace("1", "5")), coded(3, 3.0, LOOP)):
        island.receive(candidate)
    novelties = [island.novelty(member) for member in island.members]
    assert novelties[0] == novelties[1] == pytest.approx(novelties[2] / 2), "one of two neighbours is at distance 0"
    assert [member.id for member in island.most_novel_first()] == [3, 1, 2]
