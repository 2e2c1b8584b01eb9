"""The tree of Monte Carlo search, against sums and extremes computed from scratch."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.strategies.search_tree import Node, Tree, lineage, normalised, uct
from evoheur.testing.strategy_runs import made_up_candidate


def below(node: Node) -> list[Node]:
    """The node and everything under it."""
    return [node, *(each for child in node.children for each in below(child))]


def grown(seed: int, steps: int, *, forget_own_score: bool) -> tuple[Tree, list[Node]]:
    """A tree after random departures, arrivals and failures, and the nodes at which requests are still out, one entry per request."""
    rng = random.Random(seed)
    tree = Tree(forget_own_score=forget_own_score)
    out: list[Node] = []
    for step in range(steps):
        if not out or rng.random() < 0.5:
            node = rng.choice(tree.nodes)
            tree.depart(node)
            out.append(node)
            continue
        node = out.pop(rng.randrange(len(out)))
        if rng.random() < 0.3:
            tree.give_up(node)
        else:
            tree.arrive(node, made_up_candidate(step, rng.uniform(-5, 5)))
    return tree, out


trees = st.builds(grown, st.integers(0, 2**32 - 1), st.integers(0, 120), forget_own_score=st.booleans())


@given(trees)
def test_visits_count_nodes_and_requests_in_flight(grown_tree: tuple[Tree, list[Node]]) -> None:
    """N is 1 and one per node below and per request out at or below it; the virtual root does not count itself."""
    tree, out = grown_tree
    for node in tree.nodes:
        inside = below(node)
        expected = len(inside) - (node is tree.root) + sum(each in inside for each in out)
        assert node.visits == expected
        assert node.pending == out.count(node)


@given(trees)
def test_subtrees_and_depths(grown_tree: tuple[Tree, list[Node]]) -> None:
    """Each depth-1 node lists its whole subtree; numbers are places."""
    tree, _ = grown_tree
    for number, node in enumerate(tree.nodes):
        assert node.number == number
        assert node.depth == len(list(lineage(node))) - 1
        expected = below(node) if node.depth == 1 else []
        assert sorted(each.number for each in node.subtree) == sorted(each.number for each in expected)


@given(st.integers(0, 2**32 - 1), st.integers(0, 120))
def test_value_counts_the_own_score(seed: int, steps: int) -> None:
    """Q is the best objective at or below the node."""
    tree, _ = grown(seed, steps, forget_own_score=False)
    for node in tree.nodes[1:]:
        assert node.best == min(each.heuristic.objective or 0.0 for each in below(node))


def released_value(node: Node) -> float:
    """As released: the best of the children's values once there are any."""
    return min(map(released_value, node.children)) if node.children else node.heuristic.objective or 0.0


@given(st.integers(0, 2**32 - 1), st.integers(0, 120))
def test_value_as_released_forgets_the_own_score(seed: int, steps: int) -> None:
    """Also where a first child makes its parent, and with it all above, worth less."""
    tree, _ = grown(seed, steps, forget_own_score=True)
    for node in tree.nodes[1:]:
        assert node.best == released_value(node)


def test_one_worse_child_by_hand() -> None:
    """Objective 6.3, child 6.9: worth 6.3, and as released 6.9."""
    for forget, value in ((False, 6.3), (True, 6.9)):
        tree = Tree(forget_own_score=forget)
        tree.depart(tree.root)
        node = tree.arrive(tree.root, made_up_candidate(1, 6.3))
        tree.depart(node)
        tree.arrive(node, made_up_candidate(2, 6.9))
        assert (node.best, tree.root.best, node.visits, tree.root.visits) == (value, value, 2, 2)


def test_uct_by_hand() -> None:
    """0.5 + 0.1 · sqrt(ln(8) / 2) with 7 visits of the parent and 2 of the child."""
    assert uct(0.5, 2, parent_visits=7, exploration=0.1) == pytest.approx(0.5 + 0.1 * math.sqrt(math.log(8) / 2))
    assert uct(0.5, 2, parent_visits=7, exploration=0.0) == 0.5


@pytest.mark.parametrize(("least", "most"), [(1.0, 3.0), (-40.18, -40.10), (20_000.0, 30_000.0)])
def test_normalised_values_span_zero_to_one(least: float, most: float) -> None:
    """Whatever sign and size: the best is worth 1, the worst 0, the middle a half."""
    assert normalised(least, least, most) == 1.0
    assert normalised(most, least, most) == 0.0
    assert normalised((least + most) / 2, least, most) == pytest.approx(0.5)


def test_normalised_value_of_the_only_one() -> None:
    """With a single objective there is nothing to compare, and nothing to divide by."""
    assert normalised(3.0, 3.0, 3.0) == 0.0


def test_promising_child_weighs_value_and_visits() -> None:
    """Without exploration the best child; with much of it the one that was visited least; of equals the oldest."""
    tree = Tree()
    for identity, objective in ((1, 2.0), (2, 1.0), (3, 2.0)):
        tree.depart(tree.root)
        tree.arrive(tree.root, made_up_candidate(identity, objective))
    first, best, third = tree.root.children
    assert tree.promising_child(tree.root, 0.0) is best
    tree.depart(first)
    tree.depart(best)
    assert tree.promising_child(tree.root, 100.0) is third
    tree.depart(third)
    tree.depart(best)
    assert tree.promising_child(tree.root, 100.0) is first
