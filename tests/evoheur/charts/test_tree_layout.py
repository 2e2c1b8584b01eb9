"""Places of a tree's nodes: leaves side by side, parents above the middle of their children."""

from hypothesis import given
from hypothesis import strategies as st

from evoheur.charts.tree_layout import placed


def test_leaves_stand_side_by_side_and_parents_above_their_middle() -> None:
    #     0        5
    #   1   2
    #  3 4
    assert placed({0: None, 1: 0, 2: 0, 3: 1, 4: 1, 5: None}) == {
        3: 0.0,
        4: 1 / 3,
        2: 2 / 3,
        5: 1.0,
        1: 0.5 / 3,
        0: (0.5 + 2) / 2 / 3,
    }


def test_a_single_line_is_in_the_middle_however_long() -> None:
    assert set(placed({number: number - 1 if number else None for number in range(5000)}).values()) == {0.5}


def test_an_empty_tree_has_no_places() -> None:
    assert placed({}) == {}


@given(st.lists(st.integers(min_value=-1, max_value=30), max_size=40))
def test_every_node_is_between_its_outermost_children_and_lines_do_not_cross(drawn: list[int]) -> None:
    parents = {number: parent if 0 <= parent < number else None for number, parent in enumerate(drawn)}
    places = placed(parents)
    children: dict[int, list[float]] = {}
    for node, parent in parents.items():
        assert 0.0 <= places[node] <= 1.0
        if parent is not None:
            children.setdefault(parent, []).append(places[node])
    for parent, below in children.items():
        assert min(below) <= places[parent] <= max(below)
        assert below == sorted(below)
    leaves = [places[node] for node in parents if node not in children]
    assert len(set(leaves)) == len(leaves)
