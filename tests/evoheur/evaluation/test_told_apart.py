"""What makes two answers the same."""

import numpy as np
import pytest

from evoheur.evaluation.told_apart import told_apart


@pytest.mark.parametrize(
    ("one", "other", "by_value", "by_order"),
    [
        ([1.0, 2.0], np.array([1, 2]), True, True),
        ([1.0, 2.0], [3.0, 40.0], False, True),
        ([1.0, 2.0], [2.0, 1.0], False, False),
        ([1.0, 1.0], [1.0, 2.0], False, False),  # ties are part of the order
        ([0.0], [-0.0], True, True),
        ([0.1 + 0.2], [0.3], False, True),
        ([1.0], [1.0, 1.0], False, False),
        ([[1.0, 2.0]], [1.0, 2.0], False, False),
        (1.0, 2.0, False, False),  # a number alone has no order
        (True, 1, True, True),
        ({"a": 1}, {"a": 2}, False, False),
        ([np.nan, 1.0], [np.nan, 2.0], False, True),
    ],
)
def test_answers(one: object, other: object, *, by_value: bool, by_order: bool) -> None:
    assert (told_apart(one, by_order=False) == told_apart(other, by_order=False)) is by_value
    assert (told_apart(one, by_order=True) == told_apart(other, by_order=True)) is by_order
