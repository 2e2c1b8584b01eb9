"""Random expressions."""

import ast
import random

from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.abstract_values import FLAG, SCALAR, Kind
from evoheur.generation.mutation.grammar import Grammar, random_number
from evoheur.generation.mutation.tree_building import literal, size
from tests.evoheur.generation.mutation.support.samples import PRIORITY

BINS = Kind("(bins,)", boolean=False)


def _grammar(seed: int, *, order_terms: bool = False) -> Grammar:
    return Grammar(random.Random(seed), PRIORITY.parameters, order_terms=order_terms)


@given(seed=st.integers(0, 2**32))
def test_numbers_are_positive_and_short(seed: int) -> None:
    """Constants are between 0.01 and 100 and have two digits, so that people can read them."""
    value = random_number(random.Random(seed))
    assert 0.01 <= value <= 100
    assert float(f"{value:.2g}") == value


@given(seed=st.integers(0, 2**32))
def test_terms_of_order_appear_on_request_only(seed: int) -> None:
    """A term such as bins.mean() would make every evaluation slow."""
    text = ast.unparse(_grammar(seed).expression(BINS, 4))
    assert not any(word in text for word in ("mean", "median", "std", "np.min(", "len"))


def test_terms_of_order_can_be_had() -> None:
    """Over many draws the setting shows."""
    texts = [ast.unparse(_grammar(seed, order_terms=True).expression(BINS, 3)) for seed in range(200)]
    assert any("np.mean(bins)" in text for text in texts)
    assert any("np.std(bins)" in text for text in texts)


def test_a_kind_without_variables_cannot_be_made() -> None:
    """There is no array of shape (n, n) among item and bins; numbers can always be made."""
    assert not _grammar(1).can_make(Kind("(n,n)", boolean=False))
    assert all(_grammar(1).can_make(kind) for kind in (BINS, SCALAR, FLAG))


def test_deep_expressions_are_no_single_terms() -> None:
    """A rule drawn from nothing is more than one variable."""
    sizes = [size(_grammar(seed).expression(BINS, 3)) for seed in range(300)]
    assert sum(sizes) / len(sizes) > 8


def test_nothing_is_compared_for_equality_with_a_number() -> None:
    """A gap of exactly 25 matters on some instances by chance; a gap as large as the item may matter on all."""
    nodes = [node for seed in range(400) for node in ast.walk(_grammar(seed).expression(BINS, 3))]
    equalities = [node for node in nodes if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq)]
    assert equalities
    assert all(literal(node.comparators[0]) is None for node in equalities)


def test_without_scalars_arrays_are_compared_with_numbers() -> None:
    """A problem may have arrays only."""
    grammar = Grammar(random.Random(3), {"bins": PRIORITY.parameters["bins"]})
    nodes = [node for _ in range(50) for node in ast.walk(grammar.expression(BINS, 2))]
    assert {node.id for node in nodes if isinstance(node, ast.Name)} == {"np", "bins"}
    assert any(literal(node) is not None for node in nodes)
