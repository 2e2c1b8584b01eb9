"""The NumPy functions that rules may use on the bins give the same bits wherever an operand stands."""

import builtins
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from evoheur.problems.bin_packing_online.level_array import LevelArray
from evoheur.problems.bin_packing_online.level_grid import LevelGrid, NotByLevel, OfferedCount
from evoheur.problems.bin_packing_online.level_item import ItemNumber, ValueAsked
from evoheur.problems.bin_packing_online.level_names import BUILTINS, CONSTANTS, ENTRYWISE, NUMBER_FUNCTIONS, NUMBER_TYPES, UFUNCS

_REALS = np.concatenate(
    (
        np.arange(-40.0, 130.0),
        np.linspace(-3.0, 3.0, 101),
        np.geomspace(1e-300, 1e300, 61),
        -np.geomspace(1e-300, 1e300, 61),
        [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1e5, 71476.0, 1e22, 2.0**53, np.pi, np.e],
    )
)
_WHOLE = np.arange(-40, 130, dtype=np.int64)
_LEVELS = np.arange(1, 150, dtype=np.int64)


def same_wherever_it_stands(function: Callable[[Any], Any], values: Any) -> bool:
    """Whether every value's result has the same bits alone among equals and shuffled among others, at any length and alignment."""
    expected = np.array([function(np.repeat(value, 9))[4] for value in values])
    rng = np.random.default_rng(7)
    for length in [2, 3, 5, 7, 8, 9, 16, 31, 33, 100, len(values)]:
        for offset in range(3):
            order = rng.permutation(len(values))[:length]
            home = np.zeros(length + 8, dtype=values.dtype)
            home[offset : offset + length] = values[order]
            if not _same_bits(function(home[offset : offset + length]), expected[order]):
                return False
    return True


def _same_bits(one: Any, other: Any) -> bool:
    if one.dtype != other.dtype:
        return False
    if one.dtype.kind == "f":
        return bool(
            np.array_equal(one, other, equal_nan=True)
            and np.array_equal(np.signbit(one[one == 0]), np.signbit(other[other == 0]))
        )
    return bool(np.array_equal(one, other))


def _operands(name: str) -> list[Any]:
    found = []
    for values in (_REALS, _WHOLE, _LEVELS):
        try:
            getattr(np, name)(*([values[:2]] * (2 if name in UFUNCS[2] else 1)))
        except (TypeError, ValueError):  # no loop for this type, or a negative power of whole numbers
            continue
        found.append(values)
    return found


def _with_second(function: Callable[..., Any], number: Any) -> Callable[[Any], Any]:
    return lambda x: function(x, number)


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("name", sorted(UFUNCS[1]))
def test_functions_of_one_operand(name: str) -> None:
    """Vectorised loops, their tails and their neighbours make no difference to any function's result."""
    operands = _operands(name)
    assert operands
    for values in operands:
        assert same_wherever_it_stands(getattr(np, name), values)


@pytest.mark.parametrize("name", sorted(UFUNCS[2]))
def test_functions_of_two_operands(name: str) -> None:
    """Nor with a number on either side, nor with an array on both."""
    function = getattr(np, name)
    operands = _operands(name)
    assert operands
    for values in operands:
        numbers: list[Any] = [3, 1] if values.dtype.kind == "i" else [3, 0.5, 2.0, -1.5, np.inf, np.nan]
        for number in numbers:
            assert same_wherever_it_stands(_with_second(function, number), values)
            if values is not _WHOLE or name != "power":  # a whole number cannot be raised to a negative one
                assert same_wherever_it_stands(partial(function, number), values)
        assert same_wherever_it_stands(lambda x: function(x, x if name != "power" else abs(x)), values)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.where(x > 3, x, -x),
        lambda x: np.clip(x, -2, 7.5),
        lambda x: np.round(x, 1),
        np.nan_to_num,
        lambda x: np.isclose(x, 3.0),
        lambda x: np.select([x > 3, x < -3], [x, x * x], default=0.5),
        lambda x: x // 7,
        lambda x: x % 7,
        lambda x: x**3,
        lambda x: x**-0.5,
        lambda x: 2.5**x,
        lambda x: x.astype(bool),
        lambda x: x.astype(float).astype(int),
        lambda x: np.divide(x, x - 3.0, out=np.zeros(len(x)), where=x > 0),
    ],
)
def test_the_rest_of_the_vocabulary(function: Callable[[Any], Any]) -> None:
    """Nor in operators and functions that are no ufuncs."""
    for values in (_REALS, _LEVELS):
        assert same_wherever_it_stands(function, values)


def test_every_name_exists_in_this_version() -> None:
    """A name that NumPy dropped would refuse rules for nothing; universal functions have the stated number of operands and one result."""
    for operands, names in UFUNCS.items():
        for name in names:
            ufunc = getattr(np, name)
            assert isinstance(ufunc, np.ufunc), name
            assert (ufunc.nin, ufunc.nout) == (operands, 1), name
    for name in ENTRYWISE | NUMBER_FUNCTIONS | NUMBER_TYPES | CONSTANTS:
        assert hasattr(np, name), name
    for name in BUILTINS:
        assert hasattr(builtins, name), name


@pytest.mark.parametrize("name", sorted(NUMBER_FUNCTIONS))
def test_a_function_of_numbers_does_not_hide_that_it_was_given_the_bins(name: str) -> None:
    """As one would that catches what its arguments raise: whatever is passed, a refusal comes out."""
    grid = LevelGrid(size=3, always=2)
    for stand_in in (LevelArray(np.arange(3), grid), OfferedCount(grid), ItemNumber(3)):
        for arguments in (
            (stand_in,),
            (stand_in, 2),
            (2, stand_in),
            ([1, 2], stand_in),
            ([stand_in, 1],),
            (stand_in, [1, 2], [3, 4]),
        ):
            try:
                result = getattr(np, name)(*arguments)
            except (NotByLevel, ValueAsked, TypeError, ValueError, AttributeError):
                continue
            assert isinstance(result, (np.finfo, np.iinfo)), (name, arguments)
