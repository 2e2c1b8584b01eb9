"""Parsing of untrusted Python text.

It is quiet, within limits, and has a value for whatever goes wrong.
"""

import ast
import contextlib
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

__all__ = [
    "MAX_DEPTH",
    "MAX_INTEGER_BITS",
    "REFUSALS",
    "Rewriter",
    "SourceFault",
    "alone",
    "children",
    "compiles",
    "copied",
    "excess",
    "expression",
    "fault_of",
    "has_sign",
    "parse",
    "persistently",
    "syntax_tree",
    "walked",
]

MAX_DEPTH = 200
"""Deepest nesting of the syntax tree: walking deeper ones by recursion, as `ast.dump` does, would exhaust the interpreter's stack."""

MAX_INTEGER_BITS = 1000
"""Largest integer in a source, in bits: of larger ones no float can be made, and of far larger ones, written in hexadecimal, no text."""

REFUSALS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""What parser and compiler raise on hostile text: bad syntax, NUL or lone surrogates, absurd nesting, absurd literals."""

_SIGNS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_LEAVES = (ast.Name, ast.Constant, ast.alias)
_SIGNED = tuple(
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and {"ctx", "op"} & {*kind._fields}
)
_INTERRUPTIONS = 3
_WITHOUT_NODES = frozenset({"ctx", "op", "id", "attr", "arg", "type_comment"})  # signs, which are shared, and words


class _Children(dict[type[ast.AST], tuple[str, ...]]):
    """Kind of node → its fields that may hold nodes other than signs; filled as kinds are met."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        fields = () if kind in _LEAVES else tuple(field for field in kind._fields if field not in _WITHOUT_NODES)
        self[kind] = fields
        return fields


_children = _Children()
_one_at_a_time = (
    threading.RLock()
)  # what is ignored is ignored in the whole process, and CPython counts nesting for all threads together
NodeT = TypeVar("NodeT", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class SourceFault:
    """Why a text is not Python.

    Attributes:
        line: The line where it was noticed, from 1; 1 where the interpreter names none.
        message: What is wrong, with the line's text.
    """

    line: int
    message: str


def parse(code: str) -> ast.Module:
    """Parse a text anew, without warnings.

    That it has an invalid escape in a string is no news to our user. Everybody but `evoheur.code.program` asks that one for a tree, which
    remembers it.

    Raises:
        SyntaxError: It is no Python; or another of `REFUSALS`.
    """
    return syntax_tree(code)


def syntax_tree(source: str | bytes) -> ast.Module:
    """Parse any text, ours or a candidate's, without warnings.

    One thread at a time: all parsing on the trusted side goes through here.

    Raises:
        SyntaxError: It is no Python; or another of `REFUSALS`.
    """
    return alone(lambda: ast.parse(source))


def alone(parser: Callable[[], NodeT]) -> NodeT:
    """Call a parser while no other thread parses, without warnings, and again where CPython lost count."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return persistently(parser)


def persistently(parser: Callable[[], NodeT]) -> NodeT:
    """Call a parser again where CPython lost count of its own nesting.

    A parser that is interrupted, by the garbage collector or another thread, while Python code runs that parses too, takes the other's
    depth for its own and raises SystemError, whatever the text is (https://github.com/python/cpython/issues/106905).

    Raises:
        SystemError: It did so time after time.
    """
    for _ in range(_INTERRUPTIONS):
        with contextlib.suppress(SystemError):
            return parser()
    return parser()


def expression(text: str) -> ast.expr:
    """The tree of an expression of ours, such as an annotation.

    It is made anew each time.

    Raises:
        SyntaxError: It is no expression.
    """
    return copied(_expression(text))


@lru_cache(maxsize=512)
def _expression(text: str) -> ast.expr:
    return alone(lambda: ast.parse(text, mode="eval")).body


def copied(node: NodeT) -> NodeT:
    """A copy of a tree that can be edited.

    Signs and contexts stay shared, as they are in a tree that was parsed.
    """
    # An eighth of the time of `copy.deepcopy`, which remembers all that it has seen, and less than parsing again.
    kind = node.__class__
    copy = kind.__new__(kind)
    fields = copy.__dict__
    fields.update(node.__dict__)
    for name in _children[kind]:
        held = fields.get(name)
        if held.__class__ is list:
            fields[name] = [
                copied(entry) if isinstance(entry, ast.AST) and not isinstance(entry, _SIGNS) else entry for entry in held
            ]
        elif isinstance(held, ast.AST):
            fields[name] = copied(held)
    return copy


def walked(tree: ast.AST) -> list[ast.AST]:
    """A node and all below it, outer ones first.

    In the order of `ast.walk`, in a fifth of the time, and without signs: contexts, operators of arithmetic and of logic.
    """
    found = [tree]
    for node in found:  # which grows; `children` written out, since calling it would take as long again
        fields = node.__dict__
        for name in _children[node.__class__]:
            held = fields.get(name)
            if held.__class__ is list:
                found += [entry for entry in held if isinstance(entry, ast.AST)]
            elif isinstance(held, ast.AST):
                found.append(held)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below a node, in order, without signs: contexts, operators of arithmetic and of logic."""
    found: list[ast.AST] = []
    fields = node.__dict__
    for name in _children[node.__class__]:
        held = fields.get(name)
        if held.__class__ is list:
            found += [entry for entry in held if isinstance(entry, ast.AST)]
        elif isinstance(held, ast.AST):
            found.append(held)
    return found


class Rewriter(ast.NodeTransformer):
    """Base of what rewrites a tree in place.

    As `ast.NodeTransformer` is, in less than half of its time: it visits no signs.
    """

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Rewrite what is right below a node."""
        fields = node.__dict__
        for name in _children[node.__class__]:
            held = fields.get(name)
            if held.__class__ is list:
                held[:] = self._rewritten(held)
            elif isinstance(held, ast.AST):
                fields[name] = self.visit(held)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Leave a constant as it is; the base's looks for methods of Python 3.7."""
        return node

    def _rewritten(self, entries: list[Any]) -> list[Any]:
        found: list[Any] = []
        for entry in entries:
            made = self.visit(entry) if isinstance(entry, ast.AST) else entry
            if isinstance(made, list):
                found += made
            elif made is not None or entry is None:
                found.append(made)
        return found


def has_sign(node: ast.AST) -> bool:
    """Whether a node has a sign below it that `walked` and `children` leave out; it is one then."""
    return isinstance(node, _SIGNED)


def compiles(code: str) -> SourceFault | None:
    """Why parsed text still does not compile; None if it does.

    Such as a `return` outside a function.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(code, "<candidate>", "exec", dont_inherit=True)
        except REFUSALS as error:
            return fault_of(error, code)
    return None


def fault_of(error: BaseException, code: str) -> SourceFault:
    """Put what parser or compiler raised into words.

    Args:
        error: One of `REFUSALS`.
        code: The text it is about.
    """
    if not isinstance(error, SyntaxError):
        return SourceFault(1, str(error) or f"the interpreter gives up on it ({type(error).__name__})")
    line = max(1, error.lineno or 1)
    lines = code.split("\n")
    shown = lines[line - 1].strip() if line <= len(lines) else ""
    return SourceFault(line, f"{error.msg}: {shown[:80]!r}" if shown else str(error.msg))


def excess(tree: ast.Module) -> SourceFault | None:
    """What makes a tree unsafe to walk by recursion or write.

    None if nothing does.
    """
    deepest = depth = 0
    level: list[ast.AST] = [tree]
    while level:
        below: list[ast.AST] = []
        for node in level:
            if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value.bit_length() > MAX_INTEGER_BITS:
                bits = node.value.bit_length()
                return SourceFault(node.lineno, f"an integer of {bits} bits, more than the {MAX_INTEGER_BITS} allowed")
            below += children(node)
        deepest = depth + any(has_sign(node) for node in level)
        level, depth = below, depth + 1
    if deepest > MAX_DEPTH:
        return SourceFault(1, f"nested {deepest} levels deep, more than the {MAX_DEPTH} allowed")
    return None
