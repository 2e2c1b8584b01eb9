"""Reading untrusted Python text."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evoheur.generation.source import MAX_DEPTH, SourceFault, compiles, parse_source


def test_faults_name_line_and_text() -> None:
    """A person finds the place."""
    assert parse_source("x = 1\ny = = 2\n") == SourceFault(2, "invalid syntax: 'y = = 2'")
    assert compiles("x = 1\nbreak\n") == SourceFault(2, "'break' outside loop: 'break'")
    assert compiles("x = 1\n") is None


def test_depth_limit_protects_recursion() -> None:
    """A tree that is accepted can be dumped and printed by recursion; a deeper one is refused, though Python would parse it."""
    deep = parse_source("x = " + " + ".join(["1"] * (MAX_DEPTH - 5)))
    assert isinstance(deep, ast.Module)
    assert ast.dump(deep)
    assert ast.unparse(deep)
    refused = parse_source("x = " + " + ".join(["1"] * 900))
    assert isinstance(refused, SourceFault)
    assert f"more than the {MAX_DEPTH} allowed" in refused.message


@pytest.mark.parametrize(
    "text", ["\0", "'\ud800'", "(" * 5000, "-" * 50_000 + "1", "9" * 10_000, "a" + ".b" * 5000, "f(" * 90 + ")" * 90]
)
def test_hostile_text_is_a_fault_or_a_tree(text: str) -> None:
    """Nothing that the interpreter raises on such text gets through."""
    assert isinstance(parse_source(text), (SourceFault, ast.Module))


@settings(deadline=None)
@given(st.text(st.sampled_from("abx01()[]{}:=,.'\"\\#@ \n\t\0\ud800-*lambdefis")))
def test_any_text_is_a_fault_or_a_tree(text: str) -> None:
    """Also what parses may be refused by the compiler, and then says why."""
    tree = parse_source(text)
    fault = tree if isinstance(tree, SourceFault) else compiles(text)
    assert fault is None or (fault.line >= 1 and fault.message)


@pytest.mark.parametrize("literal", ["0x" + "f" * 3600, "0o" + "7" * 6000, "0b" + "1" * 1001, "9" * 320])
def test_an_integer_beyond_any_float_is_a_fault_of_its_line(literal: str) -> None:
    """The interpreter reads a long one in hexadecimal, and raises when it is to write it out or make a float of it."""
    fault = parse_source(f"x = 1\ny = {literal}\n")
    assert isinstance(fault, SourceFault)
    assert fault.line == 2
    assert "more than the 1000 allowed" in fault.message
    assert isinstance(parse_source("x = 0x" + "f" * 250), ast.Module)
