"""What is read from a problem's own functions."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evoheur.generation.mutation.abstract_values import FLAG, SCALAR, AbstractValue, Kind
from evoheur.generation.mutation.typed_signature import baseline_source, read_signature
from tests.evoheur.generation.mutation.support.running import defined
from tests.evoheur.generation.mutation.support.samples import discount, priority

if TYPE_CHECKING:
    from decimal import Decimal

_WEIGHT = 3.0


def _scaled(x: float) -> float:
    return _WEIGHT * math.sqrt(x)


def guide(tour: NDArray[np.int64], lengths: NDArray[np.float64], used: NDArray[np.bool_], closed: bool) -> NDArray[np.float64]:
    """Score edges.

    Args:
        tour: Cities, shape (n,).
        lengths: Length of every edge, shape (n, n).
        used: Whether it is in the tour, shape (n, n).
        closed: Whether the tour returns.

    Returns:
        A score per edge, shape (n, n).
    """
    return lengths * _scaled(2.0)


def choose(cities: NDArray[np.int64]) -> int:
    """The next city."""
    return int(cities[0])


def unresolvable(price: "Decimal") -> "Decimal":
    """Its annotation exists for the type checker only."""
    return price


def test_kinds_come_from_annotations_and_shapes_from_the_docstring() -> None:
    """Numbers are scalars, arrays have the shape their description names, and integers are known as such."""
    signature = read_signature(priority, nonnegative=True)
    assert signature.parameters == {
        "item": AbstractValue(SCALAR, 0.0, integral=True),
        "bins": AbstractValue(Kind("(bins,)", boolean=False), 0.0, integral=True),
    }
    assert signature.returns == Kind("(bins,)", boolean=False)
    assert signature.annotations == {"item": "int", "bins": "np.ndarray", "return": "np.ndarray"}


def test_arrays_of_other_shapes_are_of_other_kinds() -> None:
    """A matrix and a vector must never be added because both are arrays."""
    signature = read_signature(guide, nonnegative=True)
    kinds = [value.kind for value in signature.parameters.values()]
    assert kinds == [Kind("(n,)", boolean=False), Kind("(n,n)", boolean=False), Kind("(n,n)", boolean=True), FLAG]
    assert signature.returns == Kind("(n,n)", boolean=False)


def test_undocumented_shapes_are_taken_to_be_one() -> None:
    """Nothing says that stock and demand differ in shape."""
    signature = read_signature(discount, nonnegative=True)
    assert signature.parameters["stock"].kind == signature.parameters["demand"].kind == signature.returns
    assert signature.parameters["stock"].integral
    assert not signature.parameters["demand"].integral


def test_an_index_is_no_quantity() -> None:
    """A function that returns an int returns one of several things, which no arithmetic may change."""
    assert read_signature(choose, nonnegative=True).returns is None


def test_signs_are_assumed_on_request_only() -> None:
    """Without the assumption nothing is known of the range."""
    assert read_signature(priority, nonnegative=False).parameters["item"].low == -math.inf


def test_an_annotation_that_cannot_be_resolved_is_no_obstacle() -> None:
    """Nothing is known of the parameter then."""
    assert read_signature(unresolvable, nonnegative=True).parameters["price"] == AbstractValue(None)


def test_the_baseline_is_a_file_of_its_own() -> None:
    """Modules, numbers and functions that the function uses come along, and annotations that need imports do not."""
    source = baseline_source([guide])
    lengths = np.ones((2, 2))
    np.testing.assert_allclose(defined(source, "guide")(None, lengths, None, True), 3.0 * math.sqrt(2.0))


def test_several_functions_share_a_file() -> None:
    """Functions that evolve together are all in it, once."""
    source = baseline_source([priority, choose, priority])
    assert source.count("def ") == 2
