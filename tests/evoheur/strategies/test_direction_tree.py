"""The tree of directions by hand: values by rank, failures, walks, and what is left where instances are fresh."""

import math

import pytest

from evoheur.strategies.direction_tree import Direction, DirectionTree
from evoheur.testing.strategy_runs import made_up_candidate


def grown() -> DirectionTree:
    """Seeds of 4 and 3; below the second 2 and a failure; below the 2 a 6."""
    tree = DirectionTree(2**0.5)
    for parent, number, objective in [(0, 1, 4.0), (0, 2, 3.0), (2, 3, 2.0), (2, 4, None), (3, 5, 6.0)]:
        tree.depart(tree.nodes[parent])
        tree.arrive(tree.nodes[parent], made_up_candidate(number, objective))
    return tree


def test_values_are_ranks_and_the_best_below_counts() -> None:
    """Of five outcomes: 2 is better than four others, 4 than two, 6 than the failure, and the failure than none."""
    tree = grown()
    assert [tree.value(node) for node in tree.nodes] == [1.0, 0.5, 1.0, 1.0, 0.0, 0.25]
    assert [node.best for node in tree.nodes] == [2.0, 4.0, 2.0, 2.0, math.inf, 6.0]
    assert [node.improved for node in tree.nodes] == [False, False, True, False, False, False]


def test_a_failure_stays_in_the_tree_and_counts_as_a_visit() -> None:
    tree = grown()
    assert [child.number for child in tree.nodes[2].children] == [3, 4]
    assert [node.visits for node in tree.nodes] == [5, 1, 4, 2, 1, 1]
    assert tree.nodes[4].candidate is None


def test_bounds_and_the_walk() -> None:
    """ln 5 = 1.6094: the seed of 4 has .5 + 1.7941, the other one 1 + .8971."""
    tree = grown()
    assert tree.uct(tree.nodes[1]) == pytest.approx(0.5 + 1.7941, abs=1e-4)
    assert tree.uct(tree.nodes[2]) == pytest.approx(1.0 + 0.8971, abs=1e-4)
    assert tree.walk() is tree.nodes[1]
    tree.depart(tree.nodes[1])
    assert tree.walk() is tree.nodes[3], "past the seed, which has something better below it"
    tree.nodes[2].untried.append(Direction("develop", "wait"))
    assert tree.walk() is tree.nodes[2], "which has something left to try"


def test_what_is_left_hangs_on_the_nearest_ancestor() -> None:
    tree = grown()
    tree.nodes[3].untried.append(Direction("develop", "wait"))
    fresh = {1: made_up_candidate(1, 9.0), 2: made_up_candidate(2, None), 3: made_up_candidate(3, 5.0)}
    kept = tree.kept(fresh)
    held = [(node.heuristic.id, node.parent.number if node.parent else None, node.best) for node in kept.nodes[1:]]
    assert held == [(1, 0, 9.0), (3, 0, 5.0)]
    assert [direction.text for direction in kept.nodes[2].untried] == ["wait"]
    assert kept.root.visits == 2


def test_it_shows_what_worked() -> None:
    spots = grown().structure().spots
    assert [(spot.candidate, spot.parent, spot.depth) for spot in spots] == [
        (None, None, 0),
        (1, 0, 1),
        (2, 0, 1),
        (3, 2, 2),
        (5, 3, 3),
    ]
