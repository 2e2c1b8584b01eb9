"""What a module binds a wanted name to, as far as its text shows.

A function may get its name by `def`, as a lambda, as another name of a helper, inside an `if`, by an import or by a call that makes it.
Whether something callable comes of it is seen where the module is executed.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from evoheur.code.signature import FunctionNode, accepts
from evoheur.code.slicing import Part, is_main_guard

__all__ = ["Binding", "binding_of", "is_stub", "last_binding"]

_NEVER_CALLABLE = (
    ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
    ast.BinOp, ast.UnaryOp, ast.Compare,
)  # fmt: skip
_DYNAMIC = frozenset({"globals", "locals", "vars"})
_Bound: TypeAlias = (
    "Binding | ast.Name | ast.Call | None"  # another name or a call has to be looked into with what stands beside it
)


@dataclass(frozen=True, slots=True)
class Binding:
    """Something that may be the wanted function.

    Attributes:
        function: Its tree; None where the text does not show it.
        certain: Whether it is a function by its text, and not only perhaps.
    """

    function: FunctionNode | None
    certain: bool = False

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments, as far as is known."""
        return self.function is None or accepts(self.function, count)

    @property
    def stub(self) -> bool:
        """Whether it is known to do nothing."""
        return self.function is not None and is_stub(self.function)


def last_binding(parts: Sequence[Part], name: str) -> Binding | None:
    """What a name is bound to at the end of a module.

    None where nothing binds it to what could be called.

    Args:
        parts: The module's statements.
        name: The name.
    """
    return next((found for part in reversed(parts) if (found := binding_of(part, name, parts)) is not None), None)


def binding_of(part: Part, name: str, beside: Sequence[Part] = ()) -> Binding | None:
    """What a statement binds a name to.

    None if it does not bind it, or to what cannot be called: a number, a list, the result of a call of the function itself.

    Args:
        part: The statement.
        name: The name.
        beside: Statements in which the other names of functions are looked up.
    """
    if is_main_guard(part.node):
        return None
    last = next((bound for bound in reversed(list(_bindings(part.node, name))) if bound is not None), None)
    if last is None or isinstance(last, Binding):
        return last
    functions = dict(each.function for each in beside if each.function is not None and each is not part)
    if isinstance(last, ast.Name):
        return None if last.id == name else Binding(functions.get(last.id), certain=last.id in functions)
    of_function = any(
        isinstance(each, ast.Name) and each.id in {name, *functions} for each in last.args
    )  # such as njit(best_fit)
    return Binding(None, certain=of_function)


def is_stub(function: FunctionNode) -> bool:
    """Whether a function's body is only `...`, `pass` or a docstring."""
    if isinstance(function, ast.Lambda):
        return False
    return all(
        isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in function.body
    )


def _bindings(node: ast.AST, name: str) -> Iterator["_Bound"]:
    """What a statement and those in it bind a name to, in their order."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            yield _defined(node, name)
        case ast.AsyncFunctionDef() | ast.Lambda():
            return
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            if any((alias.asname or alias.name.partition(".")[0]) == name for alias in aliases):
                yield Binding(None)
        case ast.Assign(targets=targets, value=value):
            yield from _bindings(value, name)
            yield from (_assigned(target, value, name) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield _assigned(target, value, name)
        case ast.For(target=target) | ast.withitem(optional_vars=ast.expr() as target):
            yield _assigned(target, None, name)
            yield from _inside(node, name)
        case _:
            yield from _inside(node, name)


def _defined(node: ast.FunctionDef | ast.ClassDef, name: str) -> Binding | None:
    if isinstance(node, ast.ClassDef):
        return Binding(None) if node.name == name else None
    if node.name == name:
        return Binding(node, certain=True)
    declared = any(isinstance(each, ast.Global) and name in each.names for each in ast.walk(node))
    return Binding(None) if declared else None


def _inside(node: ast.AST, name: str) -> Iterator["_Bound"]:
    for child in ast.iter_child_nodes(node):
        yield from _bindings(child, name)


def _assigned(target: ast.expr, value: ast.expr | None, name: str) -> "_Bound":
    match target:
        case ast.Name(id=bound) if bound == name:
            return Binding(None) if value is None else _value(value, name)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            values: list[ast.expr | None] = [None] * len(targets)
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(targets):
                values = [*value.elts]
            found = [_assigned(each, given, name) for each, given in zip(targets, values, strict=True)]
            return next((each for each in found if each is not None), None)
        case ast.Starred():
            return None
        case ast.Subscript(value=ast.Call(func=ast.Name(id=function)), slice=ast.Constant(value=key)):
            return Binding(None) if function in _DYNAMIC and key == name else None
    return None


def _value(value: ast.expr, name: str) -> "_Bound":
    match value:
        case ast.Lambda():
            return Binding(value, certain=True)
        case ast.Call(func=ast.Name(id=called)) if called == name:  # an example of its use
            return None
        case ast.Name() | ast.Call():
            return value
        case ast.NamedExpr(value=inner):
            return _value(inner, name)
    return None if isinstance(value, _NEVER_CALLABLE) else Binding(None)
