"""Selectors learned from planted costs: specialists that a feature tells apart, and chance that nothing does."""

import numpy as np
import pytest

from evoheur.selectors.decision_tree import Fork, Leaf, WorthTable, choices_of
from evoheur.selectors.learned_selector import learn, least_in_leaf

FAMILIES = [f"family {number}" for number in range(6)]


def planted(effect: float, *, seed: int = 0, names: tuple[str, ...] = ("noise", "share")) -> WorthTable:
    """Six families of four: in three of them the second heuristic is better by the effect, in the others worse by it."""
    draw = np.random.RandomState(seed)
    families = [family for family in FAMILIES for _ in range(4)]
    second = np.array([families.index(family) // 4 >= 3 for family in families])
    share = np.where(second, 0.8, 0.2) + 0.05 * draw.rand(len(families))
    worths = np.column_stack([np.full(len(families), 2.0), np.where(second, 2.0 - effect, 2.0 + effect)])
    worths += 0.2 * draw.rand(*worths.shape)
    features = np.column_stack([draw.rand(len(families)), share])[:, : len(names)]
    return WorthTable(
        worths=worths, features=features, names=names, families=families, weights=np.full(len(families), 1.0 / len(families))
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_feature_that_splits_specialists_is_learned(seed: int) -> None:
    known = planted(1.0, seed=seed)
    found = learn(known, depth=2)
    assert isinstance(found.tree, Fork)
    assert found.tree.feature == "share"
    assert choices_of(found.tree, known).tolist() == [0] * 12 + [1] * 12
    assert found.saved == pytest.approx(0.5, abs=0.1)
    assert f"saves {found.saved:.3g} with a standard error of {found.error:.3g}" in found.reason


def test_without_an_effect_it_is_always_the_first() -> None:
    """Over seeds, chance is hardly ever taken for a reason."""
    found = [learn(planted(0.0, seed=seed), depth=2) for seed in range(20)]
    assert sum(each.tree == Leaf(0) for each in found) >= 16
    always = next(each for each in found if each.tree == Leaf(0))
    assert (always.saved, always.error) == (0.0, 0.0)
    assert "no tree saves more than two standard errors" in always.reason


def test_a_feature_that_fits_one_family_only_is_not_believed() -> None:
    """The second heuristic is good in one family alone, which a tree can tell, but no other family can confirm."""
    known = planted(0.0)
    worths = known.worths.copy()
    worths[:, 1] = 3.0
    worths[:4, 1] = 0.0
    features = np.arange(24, dtype=np.float64).reshape(24, 1)
    lone = WorthTable(worths=worths, features=features, names=("place",), families=known.families, weights=known.weights)
    assert learn(lone, depth=2).tree == Leaf(0)


def test_too_little_to_learn_from_is_said() -> None:
    known = planted(1.0)
    two = known.only(np.arange(24) < 8)
    assert learn(two, depth=2).reason == "2 training families are too few to learn from one and hold for another"
    assert "no features" in learn(planted(1.0, names=()), depth=2).reason


def test_instances_of_a_leaf() -> None:
    assert [least_in_leaf(number) for number in (6, 30, 31, 132)] == [3, 3, 4, 14]
