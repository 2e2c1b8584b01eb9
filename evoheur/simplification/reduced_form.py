"""Hashes of programs reduced to what they compute.

Stronger than `evoheur.code.normal_form`: what changes no value is gone, variables that are used once are put in their place, and operands
stand in one order where their order makes no difference. By these, programs are known that differ in code and surely not in what they
return; where one of them fails on some input, another may not.
"""

import ast
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from evoheur.code.normal_form import hash_of
from evoheur.code.program import read_program
from evoheur.code.syntax import Rewriter, children, copied, walked
from evoheur.simplification.effects import Surroundings, is_surely_float
from evoheur.simplification.exact_rewrites import changed_in, simplified_in_surroundings

__all__ = ["reduced", "reduced_hash"]

_FORMS = 2048  # hashes that are remembered
_LATER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)  # what is in them is computed later or often
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)
_ALGEBRAS = frozenset({"matrix", "asmatrix", "mat", "bmat", "poly1d", "dtype", "char", "chararray"})  # with products of their own
_READ_ANNOTATIONS = frozenset({"__annotations__", "get_type_hints", "inspect", "signature", "typing"})
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}


@lru_cache(maxsize=_FORMS)
def reduced_hash(code: str) -> str:
    """Hash of the reduced form of a source that parses, 32 hexadecimal digits."""
    program = read_program(code)
    if program.facts is not None:
        return program.facts.reduced_hash
    return program.hash if program.excess is not None else hash_of(reduced(program.tree))


def reduced(tree: ast.Module) -> ast.Module:
    """A program reduced to what it computes; the given tree, which is safe to walk, stays as it is.

    One that catches errors or looks at its own names is left alone. Its values are those of the given one, to the bit.
    """
    tree, around = simplified_in_surroundings(tree)
    if around.strange:
        return tree
    nodes = walked(tree)
    used = {node.id for node in nodes if isinstance(node, ast.Name)} | {
        node.attr for node in nodes if isinstance(node, ast.Attribute)
    }
    for function in [node for node in nodes if isinstance(node, ast.FunctionDef)]:
        if not used & _READ_ANNOTATIONS:
            _drop_annotations(function, around)
        _inline(function, around)
    if used & _ALGEBRAS:
        return tree
    ordered: ast.Module = _Ordered(around).visit(tree)
    return ordered


def _drop_annotations(function: ast.FunctionDef, around: Surroundings) -> None:
    """Drop those of parameters and result, in place, where computing them has no effect."""
    shown = [node for node in walked(function.args) if isinstance(node, ast.arg)]
    for node in shown:
        if node.annotation is not None and around.is_harmless(node.annotation):
            node.annotation = None
    if function.returns is not None and around.is_harmless(function.returns):
        function.returns = None


def _inline(function: ast.FunctionDef, around: Surroundings) -> None:
    """Put variables that are read once in their place, in a function that changes no object, in place."""
    if changed_in(function, around):  # else what is computed later might be computed from other values
        return
    nodes = walked(function)
    read = Counter(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    bound = Counter(node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
    bound.update(node.arg for node in nodes if isinstance(node, ast.arg))
    movable = {name for name, times in read.items() if times == bound[name] == 1}
    rebound = {name for name, times in bound.items() if times > 1}
    place = 0
    while place < len(function.body):
        match function.body[place]:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (
                name in movable
                and around.is_harmless(value)
                and not any(isinstance(node, ast.Name) and node.id in rebound for node in walked(value))
                and (reader := _only_reader(function.body[place + 1 :], name)) is not None
            ):
                _Putter(name, value).visit(reader)
                del function.body[place]
            case _:
                place += 1


def _only_reader(statements: Sequence[ast.stmt], name: str) -> ast.stmt | None:
    """The simple statement that reads a variable when it is reached; the variable is read nowhere else."""
    return next((each for each in statements if isinstance(each, _SIMPLE) and _reads_at_once(each, name)), None)


def _reads_at_once(statement: ast.stmt, name: str) -> bool:
    """Whether a statement reads a variable when it is reached, and not later or often."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and node.id == name:
            return True
        waiting += [child for child in children(node) if not isinstance(child, _LATER)]
    return False


class _Putter(Rewriter):
    """Puts an expression in place of the variable that it was assigned to."""

    def __init__(self, name: str, value: ast.expr) -> None:
        self._name = name
        self._value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copied(self._value) if node.id == self._name else node


class _Ordered(Rewriter):
    """Brings operands into one order where order makes no difference to any bit."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, (ast.Add, ast.Mult)) and (self._is_number(node.left) or self._is_number(node.right)):
            self._sort(node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if len(node.ops) == 1 and type(node.ops[0]) in _MIRRORED and self._around.is_harmless(node):
            return ast.Compare(node.comparators[0], [_MIRRORED[type(node.ops[0])]()], [node.left])
        return node

    def _sort(self, node: ast.BinOp) -> None:
        if self._around.is_harmless(node) and ast.dump(node.right) < ast.dump(node.left):
            node.left, node.right = node.right, node.left

    def _is_number(self, node: ast.expr) -> bool:
        # Lists and texts can be added too, and then their order counts; what comes of these operations is neither.
        if isinstance(node, ast.Constant):
            return isinstance(node.value, (int, float))
        numeric = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.Pow))
        return numeric or is_surely_float(node, self._around)
