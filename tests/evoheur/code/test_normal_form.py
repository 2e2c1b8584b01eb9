"""Copies under other names have the same hash, and nothing else has."""

import ast
import builtins
import keyword
import random
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.code.program import code_hash

CODE = textwrap.dedent(
    '''
    import numpy as np

    WEIGHT = 0.5

    def helper(slack, scale=2.0):
        """Penalty of a gap."""
        return WEIGHT * slack**scale

    def priority(item, bins):
        """Score the bins."""
        gap = bins - item  # what stays free
        score = -helper(gap)
        for index in range(3):
            score = score + index * gap
        return np.where(gap == 0, 10.0, score)
    '''
)


def names(code: str) -> list[str]:
    return ["slack", "gap", "score", "index", "helper", "WEIGHT", "priority"] if code is CODE else []


identifiers = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda word: (
        not keyword.iskeyword(word) and word not in {"np", "item", "bins", "range", "where", "scale", "numpy", *dir(builtins)}
    )
)


@given(st.lists(identifiers, min_size=7, max_size=7, unique=True))
def test_renaming_variables_and_helpers_keeps_the_hash(new: list[str]) -> None:
    """A model that copies a parent under other names has written the same rule."""
    mapping = dict(zip(names(CODE), new, strict=True))
    tree = ast.parse(CODE)
    for node in ast.walk(tree):
        for attribute in ("id", "arg", "name"):
            if getattr(node, attribute, None) in mapping:
                setattr(node, attribute, mapping[getattr(node, attribute)])
    assert code_hash(ast.unparse(tree)) == code_hash(CODE)


def test_comments_layout_and_docstrings_do_not_count() -> None:
    """ast.unparse drops comments and changes the layout; docstrings are replaced here."""
    assert code_hash(ast.unparse(ast.parse(CODE)).replace("Penalty of a gap.", "Other words.")) == code_hash(CODE)


@given(st.randoms(use_true_random=False))
def test_any_change_of_a_constant_or_an_operator_changes_the_hash(rng: random.Random) -> None:
    tree = ast.parse(CODE)
    places = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) or (isinstance(node, ast.Constant) and isinstance(node.value, (int, float)))
    ]
    node = rng.choice(places)
    if isinstance(node, ast.Constant):
        assert isinstance(node.value, (int, float))
        node.value = node.value + rng.choice([1, -1, 0.25])
    elif isinstance(node, ast.BinOp):
        node.op = rng.choice([op for op in (ast.Add(), ast.Sub(), ast.Mult(), ast.Pow()) if type(op) is not type(node.op)])
    assert code_hash(ast.unparse(tree)) != code_hash(CODE)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("def f(a, b):\n return a - b", "def f(a, b):\n return b - a", id="order of operands"),
        pytest.param(
            "def g(x, y):\n return x - y\ndef f(a, b):\n return g(x=a, y=b)",
            "def g(y, x):\n return y - x\ndef f(a, b):\n return g(x=a, y=b)",
            id="keywords bind by name",
        ),
        pytest.param(
            "class A:\n x = 1\ndef f(a, b):\n return A.x",
            "class A:\n y = 1\ndef f(a, b):\n return A.x",
            id="attributes bind by name",
        ),
        pytest.param("def f(a, b):\n return eval('a')", "def f(b, a):\n return eval('a')", id="names in strings"),
        pytest.param("def f(a, b):\n return 1", "def f(a, b):\n return 1.0", id="type of a constant"),
        pytest.param("def f(a, b):\n return len(a)", "def f(a, b):\n len = abs\n return len(a)", id="shadowed builtin"),
        pytest.param("def f(a, b: int):\n return a", "def f(a, b: Missing):\n return a", id="annotations can raise"),
    ],
)
def test_different_behaviour_never_shares_a_hash(first: str, second: str) -> None:
    assert code_hash(first) != code_hash(second)
