"""Decision trees, by hand and against brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.selectors.decision_tree import Fork, Leaf, WorthTable, choices_of, chosen_by, grow, lines_of


def table(worths: list[list[float]], features: list[list[float]], families: list[str] | None = None) -> WorthTable:
    rows = len(worths)
    return WorthTable(
        worths=np.array(worths, dtype=np.float64),
        features=np.array(features, dtype=np.float64),
        names=[f"f{place}" for place in range(len(features[0]))],
        families=families or ["all"] * rows,
        weights=np.full(rows, 1.0 / rows),
    )


def worth_of(tree: Fork | Leaf, known: WorthTable) -> float:
    return float(known.weights @ known.worths[np.arange(len(known.families)), choices_of(tree, known)])


def test_the_feature_that_tells_specialists_apart_is_found() -> None:
    """Column 1 is best where the second feature is large; the first feature is noise."""
    features = [[3.0, 0.1], [1.0, 0.2], [2.0, 0.3], [1.0, 0.7], [3.0, 0.8], [2.0, 0.9]]
    known = table([[0.0, 9.0]] * 3 + [[9.0, 0.0]] * 3, features)
    assert grow(known, depth=1, least=2) == Fork("f1", 0.5, Leaf(0), Leaf(1))
    assert lines_of(grow(known, depth=1, least=2)) == ["if f1 <= 0.5: heuristic 1", "if f1 > 0.5: heuristic 2"]


def test_depth_two_finds_what_needs_two_questions() -> None:
    """The middle of one feature belongs to column 1, so one question cannot tell."""
    worths = [[0.0, 4.0]] * 3 + [[4.0, 0.0]] * 3 + [[0.0, 4.0]] * 3
    known = table(worths, [[float(place)] for place in range(9)])
    assert worth_of(grow(known, depth=1, least=1), known) > 0.0
    assert worth_of(grow(known, depth=2, least=3), known) == 0.0
    assert grow(known, depth=2, least=4) == grow(known, depth=1, least=4)  # three leaves of four instances are too many


def test_ties_go_to_the_earlier_heuristic_and_to_fewer_forks() -> None:
    assert grow(table([[1.0, 1.0]] * 6, [[float(place)] for place in range(6)]), depth=2, least=1) == Leaf(0)
    assert grow(table([[0.0, 1.0], [0.0, 1.0]], [[1.0], [2.0]]), depth=2, least=1) == Leaf(0)


def test_equal_features_are_not_told_apart() -> None:
    assert grow(table([[0.0, 3.0], [2.0, 0.0]], [[1.0], [1.0]]), depth=2, least=1) == Leaf(0)


def test_thresholds_are_short_and_keep_the_sides() -> None:
    low, high = 0.123456, 0.1234567
    tree = grow(table([[0.0, 1.0], [1.0, 0.0]], [[low], [high]]), depth=1, least=1)
    assert isinstance(tree, Fork)
    assert low <= tree.threshold < high
    assert [chosen_by(tree, {"f0": low}), chosen_by(tree, {"f0": high})] == [0, 1]


@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 9), min_size=2, max_size=2), st.lists(st.integers(0, 3), min_size=2, max_size=2)),
        min_size=2,
        max_size=8,
    ),
    st.integers(1, 2),
)
def test_one_question_is_the_best_of_all(rows: list[tuple[list[int], list[int]]], least: int) -> None:
    """No threshold of any feature, with the best heuristic on both sides, is better; every leaf has instances enough."""
    known = table([list(map(float, worths)) for worths, _ in rows], [list(map(float, features)) for _, features in rows])
    tree = grow(known, depth=1, least=least)
    best = min(float(total) for total in known.weights @ known.worths)
    for column in known.features.T:
        for value in sorted(set(column.tolist()))[:-1]:
            low = column <= value
            if min(low.sum(), (~low).sum()) >= least:
                best = min(best, sum(float((known.weights[side] @ known.worths[side]).min()) for side in (low, ~low)))
    assert worth_of(tree, known) == pytest.approx(best)
    if isinstance(tree, Fork):
        below = known.features[:, known.names.index(tree.feature)] <= tree.threshold
        assert min(below.sum(), (~below).sum()) >= least
    assert worth_of(grow(known, depth=2, least=least), known) <= worth_of(tree, known) + 1e-9
