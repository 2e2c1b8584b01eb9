"""Every operation of flat heuristics gives NumPy's numbers, bit by bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import Machine, evaluate
from evoheur.problems.flat_heuristics.numpy_loops import loop_addresses
from evoheur.problems.flat_heuristics.operations import ARITY, CODES, LOOPS

NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.integers(-6, 200).map(float), st.floats(-3.0, 3.0), st.just(-0.0)
)
BY_ENTRY = [name for name in CODES if name not in {"where", "amin", "amax"}]


def computed(name: str, *operands: NDArray[np.float64]) -> NDArray[np.float64]:
    """One operation on registers of their own."""
    registers = np.zeros((len(operands) + 1, operands[0].size))
    registers[: len(operands)] = operands
    steps = np.array([[CODES[name], *range(len(operands)), *[0] * (3 - len(operands))]])
    return evaluate(Machine(steps, registers, loop_addresses(), np.empty(8, dtype=np.int64)), operands[0].size)


def available(name: str) -> bool:
    """Whether NumPy's loop is found: not where compiling is switched off."""
    return name not in LOOPS or bool(loop_addresses()[LOOPS.index(name), 0])


@pytest.mark.parametrize("name", BY_ENTRY)
@given(data=st.data(), size=st.integers(1, 40))
def test_operations_by_entry(data: st.DataObject, size: int, name: str) -> None:
    """NaN, infinities and signed zeros included."""
    if not available(name):
        pytest.skip("NumPy's loops are for compiled code")
    vector = st.lists(NUMBERS, min_size=size, max_size=size).map(np.array)
    operands = [data.draw(vector) for _ in range(ARITY[name])]
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(*operands).astype(np.float64)
    np.testing.assert_array_equal(computed(name, *operands), expected)
    if name not in {"minimum", "maximum"}:  # of zeros with two signs NumPy gives either
        assert (np.signbit(computed(name, *operands)) == np.signbit(expected))[~np.isnan(expected)].all()


@given(condition=st.lists(st.sampled_from([0.0, -0.0, 1.0, np.nan, 0.5]), min_size=1, max_size=9))
def test_where(condition: list[float]) -> None:
    """What is not 0 is true, NaN too."""
    one, two = np.arange(len(condition), dtype=np.float64), -np.arange(len(condition), dtype=np.float64)
    np.testing.assert_array_equal(computed("where", np.array(condition), one, two), np.where(condition, one, two))


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=9).map(np.array))
def test_extremes_fill_their_row(numbers: NDArray[np.float64]) -> None:
    """The largest and the smallest entry; NaN if there is one."""
    for name in ("amin", "amax"):
        np.testing.assert_array_equal(computed(name, numbers), np.full(numbers.size, getattr(np, name)(numbers)))
