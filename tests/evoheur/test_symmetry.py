"""Symmetries that authors declare by a line."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Instance, scaled


@dataclass(frozen=True, kw_only=True)
class Orders(Instance):
    weights: NDArray[np.int64]
    limits: tuple[float, ...]
    capacity: int
    longest: float | None = None


MADE = Orders(name="a", family="b", weights=np.array([1, 2]), limits=(0.5, 3.0), capacity=7)


def test_fields_are_multiplied_and_nothing_else_is() -> None:
    """Whole numbers stay whole, tuples stay tuples, None stays None, and the instance is left alone."""
    changed = scaled("weights", "capacity", "longest", by=10).change(MADE)
    assert (changed.weights.tolist(), changed.weights.dtype, changed.capacity) == ([10, 20], np.int64, 70)
    assert (changed.name, changed.family, changed.limits, changed.longest) == ("a", "b", (0.5, 3.0), None)
    assert type(changed.capacity) is int
    assert scaled("limits", by=1024).change(MADE).limits == (512.0, 3072.0)
    assert (MADE.weights.tolist(), MADE.capacity) == ([1, 2], 7)


def test_a_symmetry_names_what_it_does() -> None:
    """Which details of evaluations repeat."""
    assert scaled("weights", "capacity", by=10).name == "weights and capacity × 10"
    assert scaled("limits", by=0.5).name == "limits × 0.5"


def test_solutions_come_back_as_they_are() -> None:
    """Other units renumber nothing."""
    assert scaled("weights", by=2).back(MADE, [1, 0]) == [1, 0]


@pytest.mark.parametrize(
    ("fields", "by", "words"),
    [((), 2, "name at least one field"), (("weights",), 0, "a factor above 0"), (("weights",), float("nan"), "a factor above 0")],
)
def test_what_scales_nothing_is_refused(fields: tuple[str, ...], by: float, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        scaled(*fields, by=by)


@pytest.mark.parametrize(
    ("field", "words"), [("weight", "instances have name, family, weights"), ("name", "'a', which is no number")]
)
def test_what_cannot_be_scaled_is_named(field: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        scaled(field, by=2).change(MADE)
