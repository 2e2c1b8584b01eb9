"""Reading untrusted Python text: whatever goes wrong, the answer is a value and a reason, not an exception."""

import ast
import warnings
from dataclasses import dataclass

from evoheur.syntax import parsed

__all__ = ["MAX_DEPTH", "MAX_INTEGER_BITS", "REFUSALS", "SourceFault", "compiles", "parse_source"]

MAX_DEPTH = 200
"""Deepest nesting of the syntax tree: walking deeper ones by recursion, as `ast.dump` does, would exhaust the interpreter's stack."""

MAX_INTEGER_BITS = 1000
"""Largest integer in a source, in bits: of larger ones no float can be made, and of far larger ones, written in hexadecimal, no text."""

REFUSALS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""What parser and compiler raise on hostile text: bad syntax, NUL or lone surrogates, absurd nesting, absurd literals."""


@dataclass(frozen=True, slots=True)
class SourceFault:
    """Why a text is not Python.

    Attributes:
        line: The line where it was noticed, from 1; 1 where the interpreter names none.
        message: What is wrong, with the line's text.
    """

    line: int
    message: str


def parse_source(code: str) -> ast.Module | SourceFault:
    """Parse Python text into a tree that is safe to walk by recursion and to write out again."""
    try:
        tree = parsed(code)
    except REFUSALS as error:
        return _fault(error, code)
    return _excess(tree) or tree


def compiles(code: str) -> SourceFault | None:
    """Why parsed text still does not compile (a `return` outside a function, …), or None if it does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(code, "<candidate>", "exec", dont_inherit=True)
        except REFUSALS as error:
            return _fault(error, code)
    return None


def _fault(error: BaseException, code: str) -> SourceFault:
    if not isinstance(error, SyntaxError):
        return SourceFault(1, str(error) or f"the interpreter gives up on it ({type(error).__name__})")
    line = max(1, error.lineno or 1)
    lines = code.split("\n")
    shown = lines[line - 1].strip() if line <= len(lines) else ""
    return SourceFault(line, f"{error.msg}: {shown[:80]!r}" if shown else str(error.msg))


def _excess(tree: ast.Module) -> SourceFault | None:
    """What makes a tree unsafe to work with."""
    deepest = 0
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value.bit_length() > MAX_INTEGER_BITS:
            bits = node.value.bit_length()
            return SourceFault(node.lineno, f"an integer of {bits} bits, more than the {MAX_INTEGER_BITS} allowed")
        stack.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    if deepest > MAX_DEPTH:
        return SourceFault(1, f"nested {deepest} levels deep, more than the {MAX_DEPTH} allowed")
    return None
