"""Reductions have NumPy's results to the last bit, whatever the length."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.stepwise_heuristics.memory import COMPILED

from .support.both_ways import alike, by_machine, by_python

pytestmark = pytest.mark.nightly  # the machine takes half a minute to compile

_WAYS = ("sum", "mean", "std", "var", "min", "max", "argmin", "argmax")
_CODE = "import numpy as np\n\ndef f(v, m, x, k):\n    return "


@given(length=st.integers(1, 700), seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([1e-3, 1.0, 1e9]))
def test_of_vectors(length: int, seed: int, scale: float) -> None:
    """NumPy adds in blocks of eight lanes, whose order makes the last bits; a median is sorted."""
    rng = np.random.default_rng(seed)
    matrix, vector = rng.normal(size=(3, length)) * scale, rng.integers(0, 50, length)
    code = f"{_CODE}({', '.join(f'np.{way}(m[1]), np.{way}(v)' for way in _WAYS)}, np.median(m[0]), np.sum(m), sum(m[2]))\n"
    assert alike(by_python(code, vector, matrix, 0.5), by_machine(code, vector, matrix, 0.5))


@given(rows=st.integers(1, 40), columns=st.integers(1, 300), seed=st.integers(0, 2**32 - 1))
def test_of_rows_and_columns(rows: int, columns: int, seed: int) -> None:
    """Along rows NumPy adds in blocks, along columns in turn."""
    matrix = np.random.default_rng(seed).normal(size=(rows, columns))
    terms = [f"m.{way}(axis={axis})" for way in ("sum", "mean", "min", "max", "argmin") for axis in (0, 1)]
    code = f"{_CODE}({', '.join(terms)}, m[:, 0].sum(), m[:, 0].mean())\n"
    assert alike(by_python(code, np.array([0]), matrix, 0.5), by_machine(code, np.array([0]), matrix, 0.5))


@pytest.mark.skipif(not COMPILED, reason="NumPy's loops are called from compiled code only")
@pytest.mark.parametrize("base", [0.3, 1.7, 2.0, 12345.678])
@pytest.mark.parametrize("exponent", [2, 3, 0.5, -1, 1.5, 2.5, -0.7, 0, 1])
def test_powers(base: float, exponent: float) -> None:
    """Of Python's and NumPy's numbers and of arrays, which go different ways."""
    matrix = np.array([[base, 1.25 * base], [base / 3, 7.0]])
    code = f"{_CODE}(x ** {exponent}, m[0, 1] ** {exponent}, m[1] ** {exponent}, k ** {abs(exponent)})\n"
    assert alike(by_python(code, np.array([1]), matrix, base), by_machine(code, np.array([1]), matrix, base))
