"""A table of scores on the trusted side: read from anything whatever, and followed as the protocol would pack."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Infeasible
from evoheur.problems.bin_packing_online.table import read_table
from tests.support.example_budget import cheap

from .support.packing import pack


def answer(scores: np.ndarray[Any, Any], missing: list[Any] | None = None) -> dict[str, Any]:
    """What a guest would send."""
    return {"scores": scores.tobytes(), "missing": missing or []}


def test_scores_are_by_size_and_level() -> None:
    """Capacity 3: size 1 at levels 1 to 3, size 2 at levels 2 and 3, size 3 at level 3."""
    table = read_table(answer(np.arange(1.0, 7.0), [2]), 3)
    assert table.scores[1, 1:].tolist() == [1.0, 2.0, 3.0]
    assert table.scores[2, 2:].tolist() == [4.0, 5.0]
    assert table.scores[3, 3:].tolist() == [6.0]
    assert table.missing.tolist() == [False, False, True, False]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (None, "no table of scores: None"),
        ([], r"no table of scores: \[\]"),
        ({"scores": [1.0]}, "no table of scores"),
        ({"scores": b"AAAA", "missing": {}}, "no table of scores"),
        ({"scores": "AAAA", "missing": []}, "no table of scores"),
        ({"scores": b"AAAA", "missing": []}, "the table has 4 bytes of scores, expected 48"),
        (answer(np.zeros(5)), "the table has 40 bytes of scores, expected 48"),
        (answer(np.zeros(7)), "the table has 56 bytes of scores, expected 48"),
        (answer(np.zeros(6), [0]), r"0 is no size of an item, expected 1\.\.3"),
        (answer(np.zeros(6), [4]), "4 is no size"),
        (answer(np.zeros(6), [10**30]), "1000000000000000000000000000000 is no size"),
        (answer(np.zeros(6), [True]), "True is no size"),
        (answer(np.zeros(6), [[1]]), r"\[1\] is no size"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(wrong: Any, reason: str) -> None:
    with pytest.raises(Infeasible, match=reason):
        read_table(wrong, 3)


SCORES = st.one_of(st.sampled_from([0.0, -0.0, 1.0, np.inf, -np.inf, np.nan]), st.floats(allow_nan=True, allow_infinity=True))


@cheap()
@given(data=st.data(), capacity=st.integers(1, 12), nan_wins=st.booleans())
def test_any_table_packs_as_the_protocol_does_with_its_scores(data: st.DataObject, capacity: int, nan_wins: bool) -> None:
    """Ties go to the lowest bin, NaN outranks everything, and nothing that a guest may send leads out of the arrays."""
    entries = capacity * (capacity + 1) // 2
    flat = np.array(data.draw(st.lists(SCORES, min_size=entries, max_size=entries)), dtype=np.float64)
    items = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=40))
    table = read_table(answer(flat), capacity)
    packed = table.pack(np.array(items, dtype=np.int64), nan_wins=nan_wins)

    def rule(item: int, bins: Any) -> Any:
        return table.scores[item][bins]

    if packed is None:
        with pytest.raises(ValueError, match="is NaN"):
            pack(rule, items, capacity)
        assert not nan_wins
    else:
        assert packed.tolist() == pack(rule, items, capacity, nan="highest" if nan_wins else "error")


def test_an_item_without_scores_cannot_be_packed() -> None:
    """Whether it comes first or last."""
    table = read_table(answer(np.zeros(6), [2]), 3)
    assert table.pack(np.array([1, 1, 2]), nan_wins=True) is None
    packed = table.pack(np.array([1, 1, 3]), nan_wins=True)
    assert packed is not None
    assert packed.tolist() == [0, 0, 1]
