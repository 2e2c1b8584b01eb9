"""The bandit over models: gain per cost, in money where it is known."""

import random

import pytest

from evoheur.generation.gain_per_cost import GainPerCost


def calls(worth: dict[str, tuple[float, float | None, int]], rounds: int, *, seed: int = 1, under_way: int = 1) -> dict[str, int]:
    """How often each model is asked.

    `worth` has, by model: the chance that a reply is a little better than all before, the price of a reply, and its tokens.
    """
    rng = random.Random(seed)
    bandit = GainPerCost(tuple(worth), exploration=0.2)
    counted = dict.fromkeys(worth, 0)
    waiting: list[str] = []
    best = 100.0
    for _ in range(rounds):
        name = bandit.ranking()[0]
        bandit.start(name)
        counted[name] += 1
        waiting.append(name)
        if len(waiting) < under_way:
            continue
        name = waiting.pop(0)
        chance, usd, tokens = worth[name]
        better = rng.random() < chance
        best -= 0.01 * better
        bandit.withdraw(name)
        bandit.learn(name, best if better else best + rng.random() + 1.0, usd=usd, tokens=tokens)
    return counted


@pytest.mark.parametrize("under_way", [1, 8])
def test_the_better_model_at_the_same_price_gets_most_calls(under_way: int) -> None:
    counted = calls({"poor": (0.02, 0.01, 100), "good": (0.3, 0.01, 100)}, 200, under_way=under_way)
    assert counted["good"] >= 160


@pytest.mark.parametrize("under_way", [1, 8])
def test_of_two_as_good_the_cheap_one_gets_most_calls(under_way: int) -> None:
    counted = calls({"dear": (0.2, 0.05, 100), "cheap": (0.2, 0.01, 100)}, 200, under_way=under_way)
    assert counted["cheap"] >= 160


def test_a_better_model_that_costs_more_than_it_gains_gets_few_calls() -> None:
    counted = calls({"dear": (0.4, 0.50, 100), "cheap": (0.2, 0.01, 100)}, 200)
    assert counted["cheap"] >= 160


def test_tokens_count_where_a_price_is_unknown() -> None:
    counted = calls({"long": (0.2, None, 2000), "short": (0.2, 0.01, 200)}, 200)
    assert counted["short"] >= 160


def test_all_are_asked_first_in_their_order() -> None:
    bandit = GainPerCost(("a", "b", "c"), exploration=0.2)
    asked = []
    for _ in range(3):
        asked.append(bandit.ranking()[0])
        bandit.start(asked[-1])
    assert asked == ["a", "b", "c"]


def test_an_objective_that_is_known_earns_nothing() -> None:
    bandit = GainPerCost(("copies", "finds"), exploration=0.0)
    bandit.learn("finds", 1.0, usd=None, tokens=10)
    bandit.learn("copies", 1.0, usd=None, tokens=10)
    assert bandit.ranking() == ["finds", "copies"]


def test_what_is_no_number_earns_nothing() -> None:
    bandit = GainPerCost(("broken", "fine"), exploration=0.0)
    bandit.learn("broken", float("nan"), usd=None, tokens=10)
    bandit.learn("broken", float("-inf"), usd=None, tokens=10)
    bandit.learn("fine", 3.0, usd=None, tokens=10)
    assert bandit.ranking() == ["fine", "broken"]
