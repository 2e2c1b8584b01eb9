"""Constructors, sizes and quotations."""

import ast

import pytest

from evoheur.generation.mutation.tree_building import (
    call,
    catalogue,
    combine,
    compare,
    fragment,
    literal,
    name,
    negative,
    number,
    operands,
    same,
    size,
    without_cast,
)


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", 1),
        ("-3.5", 1),  # a number with its sign
        ("-x", 2),
        ("x + 1", 3),
        ("np.exp(x)", 2),  # the call and its argument
        ("np.where(x < 1, 2, y)", 6),  # where, <, x, 1, 2, y
        ("f(x)", 2),
        ("(x - y).astype(float)", 3),  # the conversion is not counted
    ],
)
def test_sizes_count_what_a_reader_counts(text: str, expected: int) -> None:
    """Variables, numbers, operators and calls; the catalogue agrees with the count of the whole."""
    tree = _parsed(text)
    assert size(tree) == expected
    assert catalogue(tree)[tree].size == expected


def test_the_catalogue_names_equal_parts_equally() -> None:
    """`b - c` occurs twice under one text; `c - b` has another."""
    texts = [part.text for part in catalogue(_parsed("(b - c) * (b - c) + (c - b)")).values() if part.size == 3]
    assert len(texts) == 3
    assert len(set(texts)) == 2


@pytest.mark.parametrize("value", [3, -3, 0.25, -0.25])
def test_literals_survive_writing_and_parsing(value: float) -> None:
    """A number is built in the form in which the parser gives it back."""
    node = number(value)
    assert literal(node) == value
    assert same(node, _parsed(ast.unparse(node)))


@pytest.mark.parametrize("text", ["True", "'a'", "x", "--1"])
def test_what_is_no_number_is_no_literal(text: str) -> None:
    """Truth values, text, variables and operations are none."""
    assert literal(_parsed(text)) is None


def test_adding_a_negative_subtracts() -> None:
    """Nobody writes x + -2."""
    assert ast.unparse(combine(name("x"), ast.Add, number(-2))) == "x - 2"
    assert ast.unparse(combine(name("x"), ast.Add, negative(name("y")))) == "x - y"
    assert ast.unparse(negative(negative(name("x")))) == "x"


def test_calls_and_comparisons_read_as_code() -> None:
    """What is built is what one would write."""
    assert ast.unparse(call("where", compare(name("x"), ast.Lt, number(2)), name("x"), number(0))) == "np.where(x < 2, x, 0)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b", ["a", "b"]),
        ("-a", ["a"]),
        ("-1", []),
        ("np.where(c, a, b)", ["c", "a", "b"]),
        ("a.astype(float)", ["a"]),
        ("a if c else b", ["a", "b"]),
        ("a[0]", []),
    ],
)
def test_operands_are_expressions_in_their_own_right(text: str, expected: list[str]) -> None:
    """Neither function names nor the sign of a number are operands."""
    assert [ast.unparse(operand) for operand in operands(_parsed(text))] == expected


def test_a_conversion_can_be_taken_off() -> None:
    """Only a conversion to float is: another one changes the numbers."""
    assert ast.unparse(without_cast(_parsed("x.astype(float)"))) == "x"
    assert ast.unparse(without_cast(_parsed("x.astype(int)"))) == "x.astype(int)"


def test_fragments_fit_into_a_sentence_in_braces() -> None:
    """Long code is cut in the middle, and no brace could end the sentence early."""
    text = fragment(_parsed(" + ".join(f"a_variable_{i}" for i in range(40))))
    assert text.startswith("`a_variable_0")
    assert text.endswith("a_variable_39`")
    assert "…" in text
    assert len(text) <= 50
    assert fragment(_parsed("{1: x}")) == "`(1: x)`"
