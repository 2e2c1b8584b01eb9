"""Rewrites that leave every value as it is, NaN, infinities, signs of zeros, shapes and types included.

Where a program fails on some input, the rewritten one may not. A module in which that could matter, since it catches errors, is left
alone, as is one that looks at its own names.
"""

import ast
import math
import operator as operators
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evoheur.code.syntax import Rewriter, copied, walked
from evoheur.generation.mutation.tree_building import literal, number
from evoheur.simplification.effects import Surroundings, is_surely_float

__all__ = ["changed_in", "constant_result", "exactly_simplified", "simplified_in_surroundings"]

_MOST_ROUNDS = 100  # each of them makes the tree smaller, so this is never the end
_BLOCKS = ("body", "orelse")
_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_LARGEST_BASE, _LARGEST_POWER = 1e6, 64
_OPERATIONS: Mapping[type[ast.operator], Callable[[float, float], Any]] = {
    ast.Add: operators.add,
    ast.Sub: operators.sub,
    ast.Mult: operators.mul,
    ast.Div: operators.truediv,
    ast.FloorDiv: operators.floordiv,
    ast.Mod: operators.mod,
    ast.Pow: operators.pow,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], Any]] = {
    ast.Lt: operators.lt,
    ast.LtE: operators.le,
    ast.Gt: operators.gt,
    ast.GtE: operators.ge,
}
_IDEMPOTENT = frozenset({"abs", "absolute", "fabs", "floor", "ceil", "trunc", "rint"})


def exactly_simplified(tree: ast.Module) -> ast.Module:
    """Rewrite a module until nothing is left to rewrite; the given tree stays as it is.

    What goes: assignments that nothing reads, statements without effect, branches that are the same, conditions that are constants,
    operations on constants, multiplications by 1 and the like.
    """
    return simplified_in_surroundings(tree)[0]


def simplified_in_surroundings(tree: ast.Module) -> tuple[ast.Module, Surroundings]:
    """Rewrite a module as `exactly_simplified` does, and give what its names mean then."""
    tree = copied(tree)
    around = Surroundings.of(tree)
    if around.strange:
        return tree, around
    before = ast.dump(tree)
    for _ in range(_MOST_ROUNDS):
        for function in [node for node in walked(tree) if isinstance(node, ast.FunctionDef)]:
            _spread(function, around)
            function.body = _rewritten(function.body, around)
            _drop_unread(function, around)
            _tidy_blocks(function, around)
        after = ast.dump(tree)
        if after == before:
            break
        before, around = after, Surroundings.of(tree)
        if around.strange:
            break
    return tree, around


def constant_result(node: ast.expr) -> ast.expr | None:
    """The literal that an operation on literals comes to, if that is no longer to read; None for anything else."""
    found: ast.expr | None = None
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            found = _computed(literal(left), operator, literal(right))
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARISONS:
            first, second = literal(left), literal(right)
            if first is not None and second is not None:
                found = ast.Constant(bool(_COMPARISONS[type(operator)](first, second)))
    return found if found is not None and len(ast.unparse(found)) <= len(ast.unparse(node)) else None


def _computed(left: float | None, operator: ast.operator, right: float | None) -> ast.expr | None:
    if left is None or right is None or type(operator) not in _OPERATIONS:
        return None
    if isinstance(operator, ast.Pow) and not (abs(left) <= _LARGEST_BASE and 0 <= right <= _LARGEST_POWER):
        return None
    try:
        value = _OPERATIONS[type(operator)](left, right)
    except ArithmeticError:  # it fails when it is run, too
        return None
    if not isinstance(value, (int, float)) or not math.isfinite(value):  # a power may be complex
        return None
    return number(value) if value else ast.Constant(value)


class _Expressions(Rewriter):
    """Rewrites the expressions of statements, innermost first."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node  # it is rewritten by itself, without its annotations

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        left, right = literal(node.left), literal(node.right)
        match node.op:
            case ast.Mult() if right == 1 and is_surely_float(node.left, self._around):
                return node.left
            case ast.Mult() if left == 1 and is_surely_float(node.right, self._around):
                return node.right
            case ast.Div() if right == 1 and is_surely_float(node.left, self._around):
                return node.left
            case ast.Sub() if right == 0 and math.copysign(1, right) > 0 and is_surely_float(node.left, self._around):
                return node.left
        return constant_result(node) or node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        return constant_result(node) or node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.UnaryOp(op=ast.USub(), operand=inner)) if is_surely_float(
                inner, self._around
            ):
                return inner
            case ast.UnaryOp(op=ast.Not(), operand=ast.Constant(value=bool(value))):
                return ast.Constant(not value)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        truth = _truth(node.test)
        if truth is not None:
            return node.body if truth else node.orelse
        same = ast.dump(node.body) == ast.dump(node.orelse)
        return node.body if same and self._around.is_harmless(node.test) else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = self._around.function_of(node)
        if name in _IDEMPOTENT and len(node.args) == 1 and isinstance(node.args[0], ast.Call) and not node.args[0].keywords:
            inner = node.args[0]
            if len(inner.args) == 1 and ast.dump(inner.func) == ast.dump(node.func):
                return inner
        return node


def _truth(test: ast.expr) -> bool | None:
    """What a constant condition comes to; None for one that is computed."""
    if isinstance(test, ast.Constant) and isinstance(test.value, (bool, int, float)):
        return bool(test.value)
    return None


def _rewritten(body: Sequence[ast.stmt], around: Surroundings) -> list[ast.stmt]:
    rewriter = _Expressions(around)
    return [rewriter.visit(statement) for statement in body]


def _drop_unread(function: ast.FunctionDef, around: Surroundings) -> None:
    """Drop assignments to variables that nothing in the function reads, in place."""
    read = {node.id for node in walked(function) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)}
    changed = {
        node.target.id for node in walked(function) if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }
    for block in _blocks(function):
        kept = [statement for statement in block if not _is_unread(statement, read | changed, around)]
        block[:] = kept or [ast.Pass()]


def _is_unread(statement: ast.stmt, used: set[str], around: Surroundings) -> bool:
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            return name not in used and around.is_harmless(value)
    return False


def _tidy_blocks(function: ast.FunctionDef, around: Surroundings) -> None:
    """Drop what has no effect or is never reached, and join branches that are the same, in place."""
    docstring = function.body[:1] if ast.get_docstring(function) is not None else []
    read = Counter(node.id for node in walked(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    for block in _blocks(function):
        tidied: list[ast.stmt] = []
        for statement in block:
            if statement in docstring:
                tidied.append(statement)
                continue
            tidied.extend(_decided(statement, around))
            if tidied and isinstance(tidied[-1], _ENDS):
                break  # what follows is never reached
        while len(tidied) > 1 and any(isinstance(statement, ast.Pass) for statement in tidied):
            tidied.remove(next(statement for statement in tidied if isinstance(statement, ast.Pass)))
        block[:] = _returned_at_once(tidied, read) or [ast.Pass()]
    for node in walked(function):
        if isinstance(node, (ast.If, ast.For, ast.While)) and all(isinstance(statement, ast.Pass) for statement in node.orelse):
            node.orelse = []


def _returned_at_once(block: list[ast.stmt], read: Mapping[str, int]) -> list[ast.stmt]:
    """A block that returns what it computes last without naming it first."""
    match block[-2:]:
        case [ast.Assign(targets=[ast.Name(id=name)], value=value), ast.Return(value=ast.Name(id=returned))] if (
            name == returned and read[name] == 1
        ):
            return [*block[:-2], ast.Return(value)]
    return block


def _decided(statement: ast.stmt, around: Surroundings) -> Sequence[ast.stmt]:
    """What stays of a statement; all of it, in most cases."""
    match statement:
        case ast.Expr(value=value) if around.is_harmless(value):
            return []
        case ast.If(test=test, body=body, orelse=orelse):
            truth = _truth(test)
            if truth is not None:
                return body if truth else orelse
            bare = all(isinstance(inner, ast.Pass) for inner in (*body, *orelse))
            same = [ast.dump(inner) for inner in body] == [ast.dump(inner) for inner in orelse]
            if (bare or same) and around.is_harmless(test):
                return [] if bare else body
        case ast.While(test=test, orelse=orelse) if _truth(test) is False:
            return orelse
    return [statement]


def _blocks(function: ast.FunctionDef) -> list[list[ast.stmt]]:
    """The lists of statements of a function; not those of functions inside."""
    found: list[list[ast.stmt]] = []
    waiting: list[ast.AST] = [function]
    while waiting:
        node = waiting.pop()
        for field in _BLOCKS:
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                found.append(block)
                waiting.extend(inner for inner in block if not isinstance(inner, ast.FunctionDef))
    return found


def _spread(function: ast.FunctionDef, around: Surroundings) -> None:
    """Put 0, 1 or another variable in place of variables that are never anything else, in place.

    Other numbers keep their names, which say what they are for.
    """
    bound = Counter(node.id for node in walked(function) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
    bound.update(node.arg for node in walked(function) if isinstance(node, ast.arg))
    bound.update(node.name for node in walked(function) if isinstance(node, ast.FunctionDef))
    changed = changed_in(function, around)
    for place, statement in enumerate(function.body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if bound[name] == 1:
                other = value.id if isinstance(value, ast.Name) else ""
                if literal(value) in {0, 1} or (bound[other] == 1 and not {name, other} & changed):
                    spreader = _Spreader(name, value)
                    function.body[place + 1 :] = [spreader.visit(later) for later in function.body[place + 1 :]]


def changed_in(function: ast.FunctionDef, around: Surroundings) -> set[str]:
    """Variables whose objects something in a function may change.

    Two names of such an object are not as good as one.
    """
    changed: set[str] = set()
    for node in walked(function):
        suspects: list[ast.AST] = []
        if isinstance(node, ast.AugAssign):
            suspects = [node.target]
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
            suspects = [node.value]
        elif isinstance(node, ast.Call) and not around.is_harmless(node):
            suspects = [node]
        changed |= {inner.id for suspect in suspects for inner in walked(suspect) if isinstance(inner, ast.Name)}
    return changed


class _Spreader(Rewriter):
    """Puts a number or another variable in place of a variable."""

    def __init__(self, name: str, value: ast.expr) -> None:
        self._name = name
        self._value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copied(self._value) if node.id == self._name and isinstance(node.ctx, ast.Load) else node
