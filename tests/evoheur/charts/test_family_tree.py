"""Family trees: the champion's line, what is left out of long runs, and the relatives of one candidate."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from evoheur.archive.archive import Archive
from evoheur.charts.family_tree import FamilyTree, family_around, family_of, family_tree
from tests.evoheur.archive.support.story import NAME, tell_story
from tests.evoheur.charts.support.families import bred

SMALL = bred({0: (), 1: (), 2: (0,), 3: (1, 2), 4: (3,), 5: (3, 3)}, {2: None, 4: 1.5})


def edges(tree: FamilyTree) -> list[tuple[int, int]]:
    return [(edge.parent, edge.child) for edge in tree.edges]


def numbers(tree: FamilyTree) -> list[int]:
    return [node.number for node in tree.nodes]


def test_every_candidate_hangs_on_all_its_parents_once() -> None:
    tree = family_of("r", SMALL, champion=4)
    assert edges(tree) == [(0, 2), (1, 3), (2, 3), (3, 4), (3, 5)]
    assert [edge.is_first for edge in tree.edges] == [True, True, False, True, True]
    assert [node.generation for node in tree.nodes] == [0, 0, 1, 2, 3, 3]
    assert [node.children for node in tree.nodes] == [1, 1, 1, 2, 0, 0]
    assert [node.objective for node in tree.nodes] == [4.0, 4.0, None, 4.0, 1.5, 4.0]
    assert (tree.total, tree.generations, tree.objective_kind) == (6, 4, "gap_percent")


def test_the_champion_s_line_goes_by_first_parents() -> None:
    tree = family_of("r", SMALL, champion=4)
    assert tree.line == (4, 3, 1)
    assert [node.number for node in tree.nodes if node.on_line] == [1, 3, 4]
    assert [(edge.parent, edge.child) for edge in tree.edges if edge.on_line] == [(1, 3), (3, 4)]


def test_without_a_champion_nothing_is_lit() -> None:
    tree = family_of("r", SMALL, champion=None)
    assert (tree.line, tree.champion) == ((), None)
    assert not any(node.on_line for node in tree.nodes)
    assert not any(edge.on_line for edge in tree.edges)


def test_a_line_over_what_is_left_out_says_how_many_are() -> None:
    chain = bred({number: (number - 1,) if number else () for number in range(9)}, {8: 1.0})
    side = bred({**{number: (number - 1,) if number else () for number in range(9)}, 9: (8,), 10: (9,), 11: (10,)}, {0: 1.0})
    assert numbers(family_of("r", chain, champion=8, most=3)) == list(range(9)), "the champion's line stays whole"
    tree = family_of("r", side, champion=0, most=2)
    [edge] = tree.edges
    assert (edge.parent, edge.hidden) == (0, edge.child - 1)
    assert tree.total == 12


def test_of_a_long_run_ancestors_and_elites_stay_and_the_rest_is_spread() -> None:
    parents: dict[int, tuple[int, ...]] = dict.fromkeys(range(2000), ())
    parents[1500] = (700, 900)
    parents[900] = (33,)
    tree = family_of("r", bred(parents, {1500: 1.0, 1999: 2.0}), champion=1500, most=100)
    assert len(tree.nodes) == 100
    assert {0, 33, 700, 900, 1500, 1999} <= set(numbers(tree))
    gaps = [later - earlier for earlier, later in pairwise(numbers(tree))]
    assert max(gaps) < 40, "no stretch of the run is without candidates"
    assert tree == family_of("r", bred(parents, {1500: 1.0, 1999: 2.0}), champion=1500, most=100)


def test_the_relatives_of_a_candidate_are_above_and_below_it() -> None:
    records = bred({0: (), 1: (0,), 2: (1,), 3: (2,), 4: (3,), 5: (4,), 6: (5,), 7: (1,)})
    tree = family_around("r", records, 3, generations=2, champion=6)
    assert numbers(tree) == [1, 2, 3, 4, 5]
    assert tree.nodes[0].children == 2, "one that is not shown, too"
    assert [node.number for node in tree.nodes if node.on_line] == [1, 2, 3, 4, 5]


def test_of_many_children_the_best_are_shown() -> None:
    worth: dict[int, float | None] = {number: 4.0 - number / 100 for number in range(100)}
    tree = family_around("r", bred({0: (), **dict.fromkeys(range(1, 100), (0,))}, worth), 0)
    assert numbers(tree) == [0, *range(60, 100)]
    assert tree.nodes[0].children == 99


def test_the_tree_of_a_stored_run_ends_at_its_best(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/runs.db", create=True) as archive:
        tell_story(archive)
        tree = family_tree(archive, NAME)
        chosen = archive.chosen(NAME)
    assert chosen is not None
    assert tree.champion == chosen.candidate.id
    assert tree.total == len(tree.nodes) == 11
    assert {node.number: node.epoch for node in tree.nodes}[9] == 1


@given(st.lists(st.lists(st.integers(0, 60), max_size=3), max_size=60), st.integers(0, 59), st.integers(0, 40))
def test_what_is_shown_is_a_tree_of_candidates_that_there_are(drawn: list[list[int]], champion: int, most: int) -> None:
    """Lines go from earlier to later candidates, and the champion's line is whole and lit."""
    parents = {number: [each for each in of if each < number] for number, of in enumerate(drawn)}
    tree = family_of("r", bred(parents), champion=champion, most=most)
    shown = set(numbers(tree))
    assert set(tree.line) <= shown
    assert len(shown) == min(len(parents), max(most, len(tree.line)))
    assert all(edge.parent < edge.child and {edge.parent, edge.child} <= shown for edge in tree.edges)
    assert len({(edge.parent, edge.child) for edge in tree.edges}) == len(tree.edges)
    assert [(edge.child, edge.parent) for edge in reversed(tree.edges) if edge.on_line] == list(pairwise(tree.line))
    assert all(node.y == node.generation and 0.0 <= node.x <= 1.0 for node in tree.nodes)
