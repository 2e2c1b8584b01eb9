"""Structures as plain values: a large tree is cut down to what was visited most, and stays one tree."""

import json

from evoheur.strategies.structure import SearchTree, TreeSpot
from evoheur.ui.structure_data import MOST_SPOTS, plain_structure


def grown(count: int) -> SearchTree:
    """A tree in which every spot hangs below the one of half its number, and visits are the spots below."""
    below = [1] * count
    for number in range(count - 1, 0, -1):
        below[number // 2] += below[number]
    return SearchTree(
        spots=tuple(
            TreeSpot(
                number=number,
                candidate=number or None,
                parent=number // 2 if number else None,
                depth=number.bit_length(),
                objective=float(number),
                value=float(number),
                visits=below[number],
                pending=0,
            )
            for number in range(count)
        )
    )


def test_a_small_tree_is_told_whole() -> None:
    plain = plain_structure(grown(5))
    assert plain["total"] == 5
    assert [spot[:3] for spot in plain["spots"]] == [[None, None, 0], [1, 0, 1], [2, 1, 2], [3, 1, 2], [4, 2, 3]]
    assert json.loads(json.dumps(plain)) == plain


def test_of_a_large_tree_the_most_visited_are_told_and_hang_together() -> None:
    tree = grown(5000)
    plain = plain_structure(tree)
    assert plain["total"] == 5000
    assert len(plain["spots"]) == MOST_SPOTS
    shown = {spot[0] for spot in plain["spots"]}
    assert min(spot.visits for spot in tree.spots if spot.candidate in shown) >= max(
        spot.visits for spot in tree.spots if spot.candidate not in shown
    )
    for place, spot in enumerate(plain["spots"][1:], start=1):
        assert spot[1] < place
        assert spot[2] == plain["spots"][spot[1]][2] + 1
