"""Abstract interpretation of a function's body, statement by statement."""

import ast
import math

from evoheur.generation.mutation.abstract_values import AbstractValue, joined
from evoheur.generation.mutation.expression_interpreter import ExpressionInterpreter, Scope
from evoheur.generation.mutation.slots import Slot

__all__ = ["Inference"]


class Inference(ExpressionInterpreter):
    """One pass over a function's body.

    Attributes:
        scopes: Statement → the variables that are surely assigned before it.
    """

    def __init__(self, scope: Scope, touched: frozenset[ast.AST] = frozenset()) -> None:
        super().__init__(scope, touched)
        self.scopes: dict[ast.stmt, dict[str, AbstractValue]] = {}

    def run(self, body: list[ast.stmt]) -> None:
        """Interpret statements in order."""
        for statement in body:
            self.scopes.setdefault(
                statement, dict(self.scope)
            )  # a loop's first pass: what its later lines assign is not sure yet
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=targets, value=expression):
                value = self.value(expression)
                for target in targets:
                    self._bind(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as expression):
                self._bind(target, self.value(expression))
            case ast.AugAssign(target=target):
                self._bind(target, self._in_place(statement))
            case ast.If(test=test, body=body, orelse=orelse):
                self.value(test)
                self._branches(body, orelse)
            case ast.For(target=target, iter=iterable, body=body, orelse=orelse):
                entry = self._entry(iterable)
                for _ in range(2):  # twice, so that what an iteration leaves behind reaches the next one
                    before = dict(self.scope)
                    self._bind(target, entry)
                    self.run(body)
                    self._widen(before)
                self.run(orelse)
            case ast.While(test=test, body=body):
                for _ in range(2):
                    before = dict(self.scope)
                    self.value(test)
                    self.run(body)
                    self._widen(before)
            case ast.Return(value=ast.expr() as expression) | ast.Expr(value=expression):
                self.value(expression)

    def _in_place(self, statement: ast.AugAssign) -> AbstractValue:
        old = self.value(_loaded(statement.target))
        change = self.value(statement.value)
        if isinstance(statement.op, ast.Pow):
            return AbstractValue(old.kind, integral=old.integral, touched=old.touched or change.touched)
        return self._arithmetic(statement.op, old, change, Slot(statement, "value"))

    def _branches(self, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
        before = dict(self.scope)
        self.run(body)
        after, self.scope = self.scope, before
        self.run(orelse)
        self.scope = {name: joined(value, after[name]) for name, value in self.scope.items() if name in after}

    def _widen(self, before: Scope) -> None:
        """Keep what is assigned with or without an iteration.

        Ranges that an iteration changes are given up, so that two passes are enough.
        """
        widened: dict[str, AbstractValue] = {}
        for name, value in self.scope.items():
            if name in before:
                both = joined(value, before[name])
                widened[name] = both if before[name] == value else both._replace(low=-math.inf, high=math.inf)
        self.scope = widened


def _loaded(target: ast.expr) -> ast.expr:
    """The target of an in-place operator as an expression to read."""
    return ast.Name(target.id, ast.Load()) if isinstance(target, ast.Name) else target
