"""Random heuristics of two arrays and a number, and what they give."""

import warnings
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

__all__ = ["INPUTS", "programs", "values_of"]

INPUTS: tuple[tuple[NDArray[np.float64], NDArray[np.int64], float], ...] = (
    (np.array([0.5, 2.0, -3.0]), np.array([1, 4, 2]), 2.0),
    (np.array([0.0, -0.0, 1e308]), np.array([0, -1, 7]), -0.0),
    (np.array([np.nan, np.inf, -np.inf]), np.array([3, 0, 5]), np.inf),
)
"""Ordinary numbers, zeros of both signs, and what is no number."""

_LITERALS = st.sampled_from(["0", "1", "2", "0.0", "1.0", "3.0", "-1", "0.5", "10", "1e-09"])
_ATOMS = st.one_of(st.sampled_from(["x", "y", "z", "a", "b"]), _LITERALS)


def _larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.builds("({} {} {})".format, parts, st.sampled_from(["+", "-", "*", "/", "//", "%"]), parts)
    calls = st.builds("np.{}({})".format, st.sampled_from(["exp", "abs", "floor", "sqrt", "log1p", "negative"]), parts)
    pairs = st.builds("np.{}({}, {})".format, st.sampled_from(["maximum", "minimum"]), parts, parts)
    compared = st.builds("({} {} {})".format, parts, st.sampled_from(["<", "<=", ">", ">="]), parts)
    choices = st.builds("np.where({}, {}, {})".format, compared, parts, parts)
    either = st.builds("({} if {} else {})".format, parts, st.sampled_from(["z > 1", "1 < 2", "True", "0"]), parts)
    signs = st.builds("(-{})".format, parts)
    return st.one_of(binary, calls, pairs, compared, choices, either, signs)


_expressions = st.recursive(_ATOMS, _larger, max_leaves=8)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A module with assignments, some of them dead, a branch, and a returned expression."""
    lines = [f"    a = {draw(_LITERALS)}", "    b = x * 2", f"    dead = {draw(_expressions)}"]
    if draw(st.booleans()):
        both = draw(_expressions)
        lines += [f"    if {draw(st.sampled_from(['z > 0', '0', 'True', '2 > 1']))}:", f"        b = {draw(_expressions)}"]
        lines += ["    else:", f"        b = {both}"]
    lines += [f"    {draw(_expressions)}", f"    return {draw(_expressions)}"]
    return "import numpy as np\n\n\ndef score(x, y, z):\n" + "\n".join(lines) + "\n"


def values_of(code: str) -> list[tuple[Any, ...] | None]:
    """What a program gives on all inputs, to the bit, with shapes and types; None where it fails."""
    space: dict[str, Any] = {}
    exec(compile(code, "<program>", "exec"), space)
    found: list[tuple[Any, ...] | None] = []
    for x, y, z in INPUTS:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                value = np.asarray(space["score"](x.copy(), y.copy(), z))
            except (ArithmeticError, ValueError, TypeError):
                found.append(None)
                continue
        numbers = np.where(np.isnan(value), np.nan, value) if value.dtype.kind == "f" else value  # NaN has many forms
        found.append((value.shape, value.dtype.str, numbers.tobytes()))
    return found
