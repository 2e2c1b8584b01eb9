"""Translates one function, for arguments of given kinds, into a function that is compiled to the same bits."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from .calls import named
from .expressions import Expressions
from .kinds import PYTHON_INT, Array, Kind, Refused, joined, numpy_scalar
from .scope import Scope, Term, as_base, call

__all__ = ["Translation", "translate"]

_MOST_PASSES = 8


@dataclass(frozen=True, slots=True)
class Translation:
    """A function that may be compiled.

    Attributes:
        name: Of the function in the source.
        source: Python of the translated function; it calls the functions of `exact`.
        answer: What it returns.
    """

    name: str
    source: str
    answer: Kind


def translate(function: ast.FunctionDef, kinds: Sequence[Kind], names: Mapping[str, Any]) -> Translation:
    """Translate a function.

    Args:
        function: With positional parameters only.
        kinds: Of its arguments.
        names: The module's.

    Raises:
        Refused: Something in it is not compiled; says in which line, and what.
    """
    parameters = [argument.arg for argument in function.args.args]
    if len(parameters) != len(kinds):
        raise Refused(f"called with {len(kinds)} arguments")
    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    variables = frozenset(stored | set(parameters))
    known: dict[str, Kind] = dict(zip(parameters, kinds, strict=True))
    for _ in range(_MOST_PASSES):
        before = dict(known)
        scope = Scope(names, variables, known, set(parameters))
        body = _Statements(scope).block(function.body)
        if known == before:
            return _finished(function.name, _prologue(scope, parameters, kinds) + body, parameters, scope)
    raise Refused("kinds of variables that never settle")


def _prologue(scope: Scope, parameters: Sequence[str], kinds: Sequence[Kind]) -> list[ast.stmt]:
    given = [(name, Term(kind, ast.Name(f"p_{name}", ast.Load()))) for name, kind in zip(parameters, kinds, strict=True)]
    return [statement for name, term in given for statement in scope.assign(name, term)]


def _finished(name: str, body: list[ast.stmt], parameters: Sequence[str], scope: Scope) -> Translation:
    if not scope.answers:
        raise Refused("no return of a value")
    answer = scope.answers[0]
    for other in scope.answers[1:]:
        answer = joined(answer, other)
    _require_definite(answer)
    header = f"def {name}({', '.join(f'p_{parameter}' for parameter in parameters)}):"
    lines = [line for statement in body for line in ast.unparse(ast.fix_missing_locations(statement)).splitlines()]
    return Translation(name, "\n".join([header, *(f"    {line}" for line in lines), "    raise ValueError\n"]), answer)


def _require_definite(answer: Kind) -> None:
    if isinstance(answer, Array):
        if not answer.own:
            raise Refused("returns an array that it was given")
    elif answer.base not in {"int", "float"}:
        raise Refused("returns what is neither surely an integer, a float nor an array")
    elif (answer.python and answer.numpy) or (answer.base == "float" and answer.constants):
        raise Refused("returns a number of Python's or of NumPy's, which differ in print")


class _Statements:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._read = Expressions(scope)

    def block(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        translated: list[ast.stmt] = []
        for statement in statements:
            try:
                translated += self._TRANSLATIONS.get(type(statement), _Statements._refuse)(self, statement)
            except Refused as refusal:
                if str(refusal).startswith("line "):
                    raise
                raise Refused(f"line {statement.lineno}: {refusal}") from None
        return translated or [ast.Pass()]

    def _refuse(self, node: ast.stmt) -> list[ast.stmt]:
        raise Refused(f"{type(node).__name__} is not compiled")

    def _assign(self, node: ast.Assign) -> list[ast.stmt]:
        if len(node.targets) > 1 and not isinstance(node.value, ast.Constant):
            raise Refused("a value given to several variables")
        return [statement for target in node.targets for statement in self._to_target(target, node.value)]

    def _to_target(self, target: ast.expr, value: ast.expr) -> list[ast.stmt]:
        if isinstance(target, ast.Name):
            return self._scope.assign(target.id, self._read.term(value))
        if isinstance(target, ast.Subscript):
            return self._store(target, self._read.term(value))
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            return self._several(target, [self._read.term(item) for item in value.elts])
        raise Refused(f"an assignment to {ast.unparse(target):.40}")

    def _several(self, targets: ast.Tuple, terms: Sequence[Term]) -> list[ast.stmt]:
        holders = [f"t_{targets.lineno}_{targets.col_offset}_{number}" for number in range(len(terms))]
        statements: list[ast.stmt] = [
            ast.Assign([ast.Name(holder, ast.Store())], term.code) for holder, term in zip(holders, terms, strict=True)
        ]
        for target, term, holder in zip(targets.elts, terms, holders, strict=True):
            if not isinstance(target, ast.Name):
                raise Refused("several assignments at once")
            statements += self._scope.assign(target.id, Term(term.kind, ast.Name(holder, ast.Load())))
        return statements

    def _store(self, target: ast.Subscript, value: Term) -> list[ast.stmt]:
        if isinstance(target.slice, ast.Slice):
            raise Refused("an assignment to a slice")
        element = self._read.element(target)
        root: ast.expr = target
        while isinstance(root, ast.Subscript):
            root = root.value
        array = self._read.array(root)
        assert isinstance(array.kind, Array)
        if not array.kind.own:
            raise Refused(f"changes {ast.unparse(root):.40}, an array that it was given")
        if isinstance(element.kind, Array) or not isinstance(element.code, ast.Subscript):
            raise Refused("an assignment to a part of an array")
        element.code.ctx = ast.Store()
        return [ast.Assign([element.code], as_base(value, array.kind.base))]

    def _annotated(self, node: ast.AnnAssign) -> list[ast.stmt]:
        if node.value is None or not isinstance(node.target, ast.Name):
            raise Refused("a declaration")
        return self._scope.assign(node.target.id, self._read.term(node.value))

    def _augmented(self, node: ast.AugAssign) -> list[ast.stmt]:
        if not isinstance(node.target, (ast.Name, ast.Subscript)):
            raise Refused(f"an assignment to {ast.unparse(node.target):.40}")
        old = self._read.term(node.target if isinstance(node.target, ast.Subscript) else ast.Name(node.target.id, ast.Load()))
        new = self._read.binary(node.op, old, self._read.number(node.value))
        return self._scope.assign(node.target.id, new) if isinstance(node.target, ast.Name) else self._store(node.target, new)

    def _if(self, node: ast.If) -> list[ast.stmt]:
        test = self._read.truth(node.test)
        before = self._scope.assigned
        self._scope.assigned = None if before is None else set(before)
        body = self.block(node.body)
        after, self._scope.assigned = self._scope.assigned, None if before is None else set(before)
        otherwise = self.block(node.orelse) if node.orelse else []
        other = self._scope.assigned
        self._scope.assigned = other if after is None else after if other is None else after & other
        return [ast.If(test, body, otherwise)]

    def _loop(self, body: Sequence[ast.stmt], first: Callable[[], list[ast.stmt]]) -> list[ast.stmt]:
        before = self._scope.assigned
        self._scope.assigned = None if before is None else set(before)
        statements = first() + self.block(body)
        self._scope.assigned = before  # it may not have run at all
        return statements

    def _while(self, node: ast.While) -> list[ast.stmt]:
        if node.orelse:
            raise Refused("an else of a loop")
        test = self._read.truth(node.test)
        return [ast.While(test, self._loop(node.body, list), [])]

    def _for(self, node: ast.For) -> list[ast.stmt]:
        if node.orelse:
            raise Refused("an else of a loop")
        source, items = self._items(node.iter)
        targets = list(node.target.elts) if isinstance(node.target, ast.Tuple) else [node.target]
        if len(targets) != len(items) or not all(isinstance(target, ast.Name) for target in targets):
            raise Refused(f"a loop over {ast.unparse(node.iter):.40} with such variables")
        holders = [f"i_{node.lineno}_{node.col_offset}_{number}" for number in range(len(items))]
        stores: list[ast.expr] = [ast.Name(holder, ast.Store()) for holder in holders]

        def first() -> list[ast.stmt]:
            statements: list[ast.stmt] = []
            for target, kind, holder in zip(targets, items, holders, strict=True):
                assert isinstance(target, ast.Name)
                statements += self._scope.assign(target.id, Term(kind, ast.Name(holder, ast.Load())))
            return statements

        body = self._loop(node.body, first)
        goal = stores[0] if len(stores) == 1 else ast.Tuple(stores, ast.Store())
        return [ast.For(goal, source, body, [], lineno=node.lineno)]

    def _items(self, node: ast.expr) -> tuple[ast.expr, list[Kind]]:
        function = named(node.func, self._scope) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and not node.keywords and node.args:
            if function is range and len(node.args) <= 3:
                return call("range", *(self._read.whole(argument) for argument in node.args)), [PYTHON_INT]
            if function in {enumerate, zip} and (function is zip or len(node.args) == 1):
                parts = [self._items(argument) for argument in node.args]
                if any(len(kinds) != 1 for _, kinds in parts):
                    raise Refused(f"a loop over {ast.unparse(node):.40}")
                kinds = [kinds[0] for _, kinds in parts]
                code = call("zip" if function is zip else "enumerate", *(part for part, _ in parts))
                return code, kinds if function is zip else [PYTHON_INT, *kinds]
        array = self._read.array(node)
        assert isinstance(array.kind, Array)
        rest = array.kind.dimensions - 1
        return array.code, [Array(array.kind.base, rest, array.kind.own) if rest else numpy_scalar(array.kind.base)]

    def _return(self, node: ast.Return) -> list[ast.stmt]:
        if node.value is None:
            raise Refused("a return of nothing")
        term = self._read.term(node.value)
        self._scope.answers.append(term.kind)
        self._scope.assigned = None
        return [ast.Return(term.code)]

    def _break(self, node: ast.Break | ast.Continue) -> list[ast.stmt]:
        self._scope.assigned = None
        return [type(node)()]

    def _pass(self, _: ast.Pass) -> list[ast.stmt]:
        return []

    def _expression(self, node: ast.Expr) -> list[ast.stmt]:
        if not isinstance(node.value, ast.Constant):
            raise Refused(f"{ast.unparse(node):.40} as a statement")
        return []

    _TRANSLATIONS: ClassVar[dict[type[ast.stmt], Callable[["_Statements", Any], list[ast.stmt]]]] = {
        ast.Assign: _assign,
        ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented,
        ast.If: _if,
        ast.While: _while,
        ast.For: _for,
        ast.Return: _return,
        ast.Break: _break,
        ast.Continue: _break,
        ast.Pass: _pass,
        ast.Expr: _expression,
    }
