"""Translation of a candidate's source into instructions, in the guest.

What the instructions do is what Python does, value for value and kind for kind; whatever else a source says is refused with its line.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .call_translation import CallTranslation
from .emitted_code import EmittedCode, Label, Register
from .expression_translation import OPERATORS
from .instructions import GET, JUMP, JUMP_IF_NOT, MOVE, RETURN, STORE, STORE_PAIR
from .module_names import CalledFunction, ModuleNames, NotTranslated, assigned_names, refused

__all__ = ["NotTranslated", "Steps", "translated"]

_MOST_FUNCTIONS = 40
_CHANGING = frozenset({"append", "extend", "pop", "remove", "add", "discard", "update", "insert", "clear", "sort"})


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A stepwise heuristic as instructions for `run_loop.carry_out`.

    Attributes:
        code: The instructions, shape (instructions, 5).
        functions: First instruction, arguments and registers of each function, the heuristic first; shape (functions, 3).
        constants: Words of the constants, shape (constants,).
        kinds: Their kinds, shape (constants,).
    """

    code: NDArray[np.int64]
    functions: NDArray[np.int64]
    constants: NDArray[np.int64]
    kinds: NDArray[np.int8]


def translated(code: str, function: str, arguments: int | None = None) -> Steps:
    """Translate a heuristic and the functions that it calls.

    Args:
        code: Source of its module.
        function: Its name.
        arguments: How many it is asked with; None for as many as it has.

    Raises:
        NotTranslated: It is not Python, or says something that the machine does not know; says what, with the line.
    """
    try:
        tree = ast.parse(code)
        return _Program(ModuleNames.of(tree)).steps(function, arguments)
    except (SyntaxError, RecursionError, ValueError) as error:
        raise NotTranslated(f"its source cannot be read ({type(error).__name__})") from error


class _Program:
    """The functions of a heuristic, numbered as they are called."""

    def __init__(self, module: ModuleNames) -> None:
        self._module = module
        self._numbers: dict[int, int] = {}
        self._waiting: list[CalledFunction] = []

    def _number(self, source: CalledFunction) -> int:
        key = id(source.node)
        if key not in self._numbers:
            if len(self._numbers) == _MOST_FUNCTIONS:
                raise NotTranslated(f"it has more than {_MOST_FUNCTIONS} functions")
            self._numbers[key] = len(self._numbers)
            self._waiting.append(source)
        return self._numbers[key]

    def steps(self, function: str, asked_with: int | None) -> Steps:
        if function not in self._module.functions:
            raise NotTranslated(f"{function} is no plain function")
        entry = self._module.functions[function]
        if entry.node.args.defaults or len(entry.arguments) != (len(entry.arguments) if asked_with is None else asked_with):
            raise refused(entry.node, "its arguments are not those that it is asked with")
        self._number(entry)
        rows: list[list[int]] = []
        places: list[tuple[int, int, int]] = []
        constants: dict[tuple[int, int], int] = {}
        while self._waiting:
            source = self._waiting.pop(0)
            made = _FunctionTranslation(source, self._module, self._number).code
            arguments = len(source.arguments) + len(source.captured)
            places.append((len(rows), arguments, made.registers))
            rows += made.linked(len(rows), constants)
        return Steps(
            code=np.array(rows, dtype=np.int64),
            functions=np.array(places, dtype=np.int64),
            constants=np.array([word for word, _ in constants] or [0], dtype=np.int64),
            kinds=np.array([kind for _, kind in constants] or [0], dtype=np.int8),
        )


class _FunctionTranslation(CallTranslation):
    """One function on the way to instructions."""

    def __init__(self, source: CalledFunction, module: ModuleNames, number: Callable[[CalledFunction], int]) -> None:
        super().__init__(source, module, number)
        node = source.node
        body: list[ast.stmt] = [ast.Return(value=node.body)] if isinstance(node, ast.Lambda) else node.body
        names = [*source.arguments, *source.captured]
        assigned = assigned_names(body)
        lambdas = {name: found for each in body for name, found in _named_lambdas(each) if _assignments(body, name) == 1}
        names += [name for name in assigned if name not in names and name not in lambdas]
        self.code = EmittedCode({name: place for place, name in enumerate(names)})
        self._loops: list[tuple[Label, Label]] = []
        for inner in body:
            if isinstance(inner, ast.FunctionDef):
                self._take_in(inner, inner.name)
        for name, function in lambdas.items():
            self._take_in(function, name)
        self._all([inner for inner in body if not any(name in lambdas for name, _ in _named_lambdas(inner))])
        self.code.emit(RETURN, self.code.constant(None))

    def _take_in(self, node: ast.FunctionDef | ast.Lambda, name: str) -> None:
        if name in self.code.variables or (isinstance(node, ast.FunctionDef) and node.decorator_list):
            raise refused(node, "a function with a decorator, or whose name stands for something else too")
        read = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
        own = {
            *(argument.arg for argument in node.args.args),
            *(assigned_names(node.body) if isinstance(node, ast.FunctionDef) else ()),
        }
        captured = tuple(dict.fromkeys(each for each in read if each in self.code.variables and each not in own))
        self.functions[name] = CalledFunction(node, captured=captured, around=self.functions)

    def _all(self, body: list[ast.stmt]) -> None:
        for statement in body:
            between = self.code.between
            self._statement(statement)
            self.code.between = between

    def _statement(self, node: ast.stmt) -> None:  # noqa: C901, PLR0912 - one for each kind of statement
        match node:
            case ast.Assign(targets=targets, value=value):
                held = self._held(self.value(value), targets)
                for target in targets:
                    self._store(target, held)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._store(target, self.value(value))
            case ast.AugAssign():
                self._change(node)
            case ast.For():
                self._for(node)
            case ast.While():
                self._while(node)
            case ast.If(test=test, body=body, orelse=orelse):
                otherwise, end = Label(), Label()
                self.code.emit(JUMP_IF_NOT, self.value(test), otherwise)
                self._all(body)
                self.code.emit(JUMP, end)
                self.code.mark(otherwise)
                self._all(orelse)
                self.code.mark(end)
            case ast.Return(value=value):
                self.code.emit(RETURN, self.code.constant(None) if value is None else self.value(value))
            case ast.Break() | ast.Continue():
                self.code.emit(JUMP, self._loops[-1][isinstance(node, ast.Break)])
            case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.FunctionDef() | ast.AnnAssign(value=None):
                if isinstance(node, ast.FunctionDef) and node.name not in self.functions:
                    raise refused(node, "a function inside a branch or a loop")
            case ast.Expr(value=value):
                self.value(value)
            case ast.Import() | ast.ImportFrom():
                self.module.read_import(node)
            case _:
                raise refused(node, f"a statement of the kind {type(node).__name__}")

    def _held(self, value: Register, targets: list[ast.expr]) -> Register:
        # Several targets, or a variable: it is assigned before anything else changes.
        if len(targets) == 1:
            return value
        held = self.code.fresh()
        self.code.emit(MOVE, held, value)
        return held

    def _store(self, target: ast.expr, source: Register) -> None:
        match target:
            case ast.Subscript(value=inner, slice=ast.Tuple(elts=[row, column])):
                held, line = self.value(inner), self.index(row)
                self.code.emit(STORE_PAIR, held, line, self.index(column), source)
            case ast.Subscript(value=inner, slice=index) if not isinstance(index, ast.Slice | ast.Tuple):
                held = self.value(inner)
                self.code.emit(STORE, held, self.value(index), source)
            case ast.Tuple() | ast.Name():
                self.assign(target, source)
            case _:
                raise refused(target, f"an assignment to {ast.unparse(target)[:40]}")

    def _change(self, node: ast.AugAssign) -> None:
        if type(node.op) not in OPERATORS:
            raise refused(node, "an operator")
        operator, out = OPERATORS[type(node.op)], self.code.fresh()
        match node.target:
            case ast.Name(id=name) if name in self.code.variables:
                one = self.code.variable(name)
                self.code.emit(operator, out, one, self.value(node.value), 1)
                self.code.emit(MOVE, one, out)
            case ast.Subscript(value=inner, slice=index) if not isinstance(index, ast.Slice | ast.Tuple):
                held, place, old = self.value(inner), self.value(index), self.code.fresh()
                self.code.emit(GET, old, held, place)
                self.code.emit(operator, out, old, self.value(node.value), 1)
                self.code.emit(STORE, held, place, out)
            case _:
                raise refused(node, f"a change of {ast.unparse(node.target)[:40]}")

    def _for(self, node: ast.For) -> None:
        if node.orelse:
            raise refused(node, "a loop with else")
        self._see_that_it_lasts(node)
        again, end = Label(), Label()
        self._loops.append((again, end))
        with self.each(node.target, node.iter, again, end):
            self._all(node.body)
        self.code.mark(end)
        self._loops.pop()

    def _see_that_it_lasts(self, node: ast.For) -> None:
        # What enumerate, zip and reversed go through is taken down before the loop, so it must not change in it.
        if not isinstance(node.iter, ast.Call):
            return
        gone_through = {each.id for each in ast.walk(node.iter) if isinstance(each, ast.Name)}
        for each in (inner for statement in node.body for inner in ast.walk(statement)):
            match each:
                case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in _CHANGING and name in gone_through:
                    raise refused(each, f"{name} changes while a loop goes through it")
                case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()) if name in gone_through:
                    raise refused(each, f"{name} changes while a loop goes through it")

    def _while(self, node: ast.While) -> None:
        if node.orelse:
            raise refused(node, "a loop with else")
        again, end = Label(), Label()
        self._loops.append((again, end))
        self.code.mark(again)
        between = self.code.between
        self.code.emit(JUMP_IF_NOT, self.value(node.test), end)
        self.code.between = between
        self._all(node.body)
        self.code.emit(JUMP, again)
        self.code.mark(end)
        self._loops.pop()


def _named_lambdas(statement: ast.stmt) -> list[tuple[str, ast.Lambda]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as function):
            return [(name, function)]
    return []


def _assignments(body: list[ast.stmt], name: str) -> int:
    stored = (each for statement in body for each in ast.walk(statement) if isinstance(each, ast.Name))
    return sum(each.id == name and isinstance(each.ctx, ast.Store) for each in stored)
