"""Reading untrusted Python text."""

import ast
import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evoheur.code
from evoheur.code.program import Program, examine
from evoheur.code.syntax import (
    MAX_DEPTH,
    SourceFault,
    alone,
    compiles,
    copied,
    expression,
    parse,
    persistently,
    syntax_tree,
    walked,
)


def test_faults_name_line_and_text() -> None:
    """A person finds the place."""
    assert examine("x = 1\ny = = 2\n") == SourceFault(2, "invalid syntax: 'y = = 2'")
    assert compiles("x = 1\nbreak\n") == SourceFault(2, "'break' outside loop: 'break'")
    assert compiles("x = 1\n") is None


def test_a_parser_that_was_interrupted_is_called_again() -> None:
    """What CPython raises when it lost count says nothing of the text; what it goes on raising is told."""
    failures = [SystemError("AST constructor recursion depth mismatch")] * 3

    def interrupted() -> ast.Module:
        if failures:
            raise failures.pop()
        return ast.parse("x = 1")

    assert ast.unparse(persistently(interrupted)) == "x = 1"
    failures.extend([SystemError("again")] * 4)
    with pytest.raises(SystemError, match="again"):
        persistently(interrupted)


def test_depth_limit_protects_recursion() -> None:
    """A tree that is accepted can be dumped and printed by recursion; a deeper one is refused, though Python would parse it."""
    deep = examine("x = " + " + ".join(["1"] * (MAX_DEPTH - 5)))
    assert isinstance(deep, Program)
    assert ast.dump(deep.tree)
    assert ast.unparse(deep.tree)
    refused = examine("x = " + " + ".join(["1"] * 900))
    assert isinstance(refused, SourceFault)
    assert f"more than the {MAX_DEPTH} allowed" in refused.message


@pytest.mark.parametrize(
    "text", ["\0", "'\ud800'", "(" * 5000, "-" * 50_000 + "1", "9" * 10_000, "a" + ".b" * 5000, "f(" * 90 + ")" * 90]
)
def test_hostile_text_is_a_fault_or_a_tree(text: str) -> None:
    """Nothing that the interpreter raises on such text gets through."""
    assert isinstance(examine(text), (SourceFault, Program))


@given(st.text(st.sampled_from("abx01()[]{}:=,.'\"\\#@ \n\t\0\ud800-*lambdefis")))
def test_any_text_is_a_fault_or_a_tree(text: str) -> None:
    """Also what parses may be refused by the compiler, and then says why."""
    found = examine(text)
    fault = found if isinstance(found, SourceFault) else compiles(text)
    assert fault is None or (fault.line >= 1 and fault.message)


@pytest.mark.parametrize("literal", ["0x" + "f" * 3600, "0o" + "7" * 6000, "0b" + "1" * 1001, "9" * 320])
def test_an_integer_beyond_any_float_is_a_fault_of_its_line(literal: str) -> None:
    """The interpreter reads a long one in hexadecimal, and raises when it is to write it out or make a float of it."""
    fault = examine(f"x = 1\ny = {literal}\n")
    assert isinstance(fault, SourceFault)
    assert fault.line == 2
    assert "more than the 1000 allowed" in fault.message
    assert isinstance(examine("x = 0x" + "f" * 250), Program)


CODE = """
import numpy as np

def priority(item: int, bins, *rest, base=-1.5, **named):
    scores = [b if b > 0 else -b for b in bins[1:3] if not b % 2]
    with open(f"{item!r}") as file:
        pass
    return np.where(bins >= item and rest, lambda x: x @ 2, scores)
"""


def test_a_copy_is_the_same_code_and_shares_no_node_that_can_be_edited() -> None:
    """Positions are kept too, since code is cut out by them."""
    tree = parse(CODE)
    copy = copied(tree)
    assert ast.dump(copy, include_attributes=True) == ast.dump(tree, include_attributes=True)
    signs = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    own = {id(node) for node in ast.walk(tree) if not isinstance(node, signs)}
    assert own.isdisjoint(id(node) for node in ast.walk(copy))
    lists = {id(value) for node in ast.walk(tree) for value in vars(node).values() if isinstance(value, list)}
    assert lists.isdisjoint(id(value) for node in ast.walk(copy) for value in vars(node).values() if isinstance(value, list))


@pytest.mark.parametrize("code", [CODE, Path(ast.__file__).read_text(encoding="utf-8")], ids=["short", "a library's file"])
def test_walking_meets_the_nodes_of_ast_walk_in_its_order(code: str) -> None:
    """All but contexts and the operators of arithmetic and logic, in trees that were parsed and in copies."""
    signs = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop)
    for tree in (parse(code), copied(parse(code))):
        assert walked(tree) == [node for node in ast.walk(tree) if not isinstance(node, signs)]


def test_an_expression_is_new_each_time() -> None:
    """What one edit does to it must not come back in the next."""
    first = expression("np.mean(bins)")
    assert ast.unparse(first) == "np.mean(bins)"
    assert isinstance(first, ast.Call)
    first.args.clear()
    assert ast.unparse(expression("np.mean(bins)")) == "np.mean(bins)"
    with pytest.raises(SyntaxError):
        expression("x =")


def test_only_one_module_makes_trees() -> None:
    """So that one lock is around all of it: CPython 3.11 counts the nesting of all threads together, and raises SystemError."""
    folder = Path(evoheur.code.__file__).parent
    makers = set()
    for path in folder.glob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        if any(ast.unparse(call.func) in {"ast.parse", "ast.literal_eval"} for call in calls):
            makers.add(path.name)
    assert makers == {"syntax.py"}


def test_threads_parse_side_by_side() -> None:
    """Each gets its own tree; a collection of garbage in between, which may end objects that parse too, blocks nobody."""
    nested = "x = " + "(" * 60 + "1" + ")" * 60 + "\n"

    def work(number: int) -> tuple[str, str]:
        gc.collect(0)
        return ast.unparse(syntax_tree(f"{nested}y = {number}")), ast.unparse(expression(f"a + {number}"))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(200))) == [(f"x = 1\ny = {number}", f"a + {number}") for number in range(200)]


class ParsesWhenItGoes:
    """An object that parses when it is collected."""

    def __init__(self, seen: list[ast.Module]) -> None:
        self._seen = seen

    def __del__(self) -> None:
        self._seen.append(syntax_tree("y = 2"))


def test_parsing_within_parsing_does_not_wait_for_itself() -> None:
    seen: list[ast.Module] = []
    waiting = [ParsesWhenItGoes(seen)]

    def parser() -> ast.Module:
        waiting.clear()
        return ast.parse("x = 1")

    assert ast.unparse(alone(parser)) == "x = 1"
    assert [ast.unparse(tree) for tree in seen] == ["y = 2"]
