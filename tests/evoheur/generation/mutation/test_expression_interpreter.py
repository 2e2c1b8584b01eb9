"""What is said of an expression without running it must hold when it is run."""

import ast
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.abstract_values import FLAG, SCALAR, AbstractValue, Kind
from evoheur.generation.mutation.expression_interpreter import ExpressionInterpreter
from evoheur.generation.mutation.grammar import Grammar
from evoheur.generation.mutation.guards import Guard
from tests.evoheur.generation.mutation.support.samples import PRIORITY

BINS = Kind("(bins,)", boolean=False)
MASK = Kind("(bins,)", boolean=True)


def _value(text: str) -> AbstractValue:
    return ExpressionInterpreter(PRIORITY.parameters).value(ast.parse(text, mode="eval").body)


@given(seed=st.integers(0, 2**32), item=st.integers(0, 100), sizes=st.lists(st.integers(0, 100), min_size=1, max_size=5))
def test_drawn_expressions_keep_what_is_said_of_them(seed: int, item: int, sizes: list[int]) -> None:
    """Kind, range and integrality of a guarded random expression hold for every input; so none of them is NaN either."""
    rng = random.Random(seed)
    kind = rng.choice((BINS, MASK, SCALAR, FLAG))
    returned = ast.Return(Grammar(rng, PRIORITY.parameters, order_terms=True).expression(kind, 4))
    guard = Guard(PRIORITY.parameters, frozenset(ast.walk(returned)))
    guard.run([returned])
    tree = returned.value
    assert tree is not None
    bins = np.array(sizes, dtype=np.int64)
    with np.errstate(over="ignore"):
        result = np.asarray(eval(ast.unparse(tree), {"np": np, "item": item, "bins": bins}))
    value = guard.values[tree]
    assert value.kind == kind
    assert result.shape == (bins.shape if kind.is_array else ())
    assert not value.integral or result.dtype.kind in "bi"
    assert (result.dtype.kind == "b") == kind.boolean
    slack = 1e-9 * np.maximum(1.0, np.abs(result, dtype=float))
    assert np.all((value.low - slack <= result) & (result <= value.high + slack))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("bins", BINS),
        ("bins.astype(float)", BINS),
        ("np.asarray(bins, dtype=float)", BINS),
        ("np.zeros(len(bins))", BINS),
        ("np.full(bins.shape[0], 3.0)", BINS),
        ("np.ones_like(bins)", BINS),
        ("np.power(bins, 2)", BINS),
        ("np.where(bins > item, 1, 0)", BINS),
        ("(bins > 3) * 2", BINS),
        ("bins > 3", MASK),
        ("(bins > 3) & ~(bins == item)", MASK),
        ("np.isclose(bins, item)", MASK),
        ("bins[0]", SCALAR),
        ("np.max(bins)", SCALAR),
        ("bins.max()", SCALAR),
        ("bins.size", SCALAR),
        ("len(bins)", SCALAR),
        ("max(item, 3)", SCALAR),
        ("np.pi", SCALAR),
        ("np.inf", SCALAR),
        ("item > 3 and not item > 5", FLAG),
        ("1 if item else 2.0", SCALAR),
        ("bins[bins > 3]", None),  # of another length
        ("np.argsort(bins)", None),
        ("np.zeros(10)", None),
        ("'text'", None),
        ("item in (1, 2)", None),
        ("[b for b in bins]", None),
    ],
)
def test_kinds_of_what_people_write(text: str, kind: Kind | None) -> None:
    """Only what certainly is of a kind gets it."""
    assert _value(text).kind == kind


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("np.exp(-bins)", 0, 1),
        ("np.exp(bins)", 1, np.inf),
        ("np.log1p(bins)", 0, np.inf),
        ("bins % 7", 0, 7),
        ("-(bins + 1)", -np.inf, -1),
        ("np.clip(bins - item, 0, 5)", 0, 5),
        ("np.minimum(bins, 4)", 0, 4),
        ("(item - bins) ** 2", 0, np.inf),
        ("np.where(bins > 3, 2, -1)", -1, 2),
        ("np.tanh(bins)", 0, 1),
        ("bins > 3", 0, 1),
    ],
)
def test_ranges_of_what_people_write(text: str, low: float, high: float) -> None:
    """Nonnegative parameters give these ranges."""
    value = _value(text)
    assert (value.low, value.high) == (low, high)


def test_infinity_is_remembered() -> None:
    """A score of -inf for some bins makes the whole something that must not be multiplied by 0."""
    assert _value("np.where(bins > 3, -np.inf, bins)").infinite
    assert not _value("np.where(bins > 3, -1e9, bins)").infinite
