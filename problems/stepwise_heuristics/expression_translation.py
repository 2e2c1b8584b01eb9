"""Translation of expressions into instructions."""

import ast
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .emitted_code import EmittedCode, Label, Register
from .instructions import (
    ADD,
    APPEND,
    BEGIN,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    BUILD,
    CONTAINS,
    DIVIDE,
    EQUAL,
    FLOOR_DIVIDE,
    GET,
    GET_CHAIN,
    GET_GRID,
    GET_PAIR,
    GREATER,
    GREATER_EQUAL,
    IS,
    JUMP,
    JUMP_IF,
    JUMP_IF_NOT,
    LESS,
    LESS_EQUAL,
    LIST,
    MODULO,
    MOVE,
    MULTIPLY,
    NEXT,
    NEXT_ITEM,
    NEXT_VALUE,
    NOT_EQUAL,
    POWER,
    SLICE,
    STORE,
    SUBTRACT,
    TUPLE,
    UNPACK,
)
from .module_names import CalledFunction, ModuleNames, refused

__all__ = ["ExpressionTranslation"]

OPERATORS: dict[type[ast.operator], int] = {
    ast.Add: ADD,
    ast.Sub: SUBTRACT,
    ast.Mult: MULTIPLY,
    ast.Div: DIVIDE,
    ast.FloorDiv: FLOOR_DIVIDE,
    ast.Mod: MODULO,
    ast.Pow: POWER,
    ast.BitAnd: BIT_AND,
    ast.BitOr: BIT_OR,
    ast.BitXor: BIT_XOR,
}
_COMPARISONS: dict[type[ast.cmpop], int] = {
    ast.Lt: LESS,
    ast.LtE: LESS_EQUAL,
    ast.Gt: GREATER,
    ast.GtE: GREATER_EQUAL,
    ast.Eq: EQUAL,
    ast.NotEq: NOT_EQUAL,
}
_NUMBERS = {"pi": math.pi, "e": math.e, "inf": math.inf}
_UNARY = {ast.USub: "negative", ast.UAdd: "positive", ast.Not: "not", ast.Invert: "invert"}
_VIEWS = {"keys": NEXT, "values": NEXT_VALUE, "items": NEXT_ITEM}
_Calling = Callable[[CalledFunction], int]


class ExpressionTranslation(ABC):
    """The expressions of one function on the way to instructions.

    Args:
        source: The function.
        module: What its module's names stand for.
        number: Gives a function its number, and sees to it that it is translated.
    """

    def __init__(self, source: CalledFunction, module: ModuleNames, number: _Calling) -> None:
        self.module = module
        self.functions = dict(source.around)
        self.number = number
        self.scope: dict[str, Register] = {}
        self.code = EmittedCode({})

    def value(self, node: ast.expr) -> Register:  # noqa: C901, PLR0911, PLR0912 - one for each kind of expression
        """The register that holds the value of an expression."""
        match node:
            case ast.Constant(value=None | bool() | int() | float() as number):
                return self.code.constant(number)
            case ast.Name(id=name):
                return self.named(node, name)
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr(), right=right) if ast.dump(left) == ast.dump(right):
                raise refused(node, "a set joined with itself")  # which CPython copies, and so lays out otherwise
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return self.joined(OPERATORS[type(op)], self.value(left), self.value(right))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if number and not math.isnan(
                number
            ):
                return self.code.constant(-number)
            case ast.UnaryOp(op=op, operand=operand):
                return self.code.apply(_UNARY[type(op)], self.value(operand))
            case ast.Compare():
                return self._compared(node)
            case ast.BoolOp(op=op, values=values):
                return self._until(JUMP_IF if isinstance(op, ast.Or) else JUMP_IF_NOT, values)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._either(test, body, orelse)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return self.built(LIST if isinstance(node, ast.List) else TUPLE, elements)
            case ast.Set(elts=elements) if len(elements) < 3 or not all(isinstance(each, ast.Constant) for each in elements):
                return self._collected("set", elements)
            case ast.Dict(keys=keys, values=values):
                return self._dict(node, keys, values)
            case ast.ListComp() | ast.GeneratorExp():
                return self._comprehension(node, "list", "append")
            case ast.SetComp():
                return self._comprehension(node, "set", "add")
            case ast.DictComp():
                return self._dict_comprehension(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self.call(node)
        raise refused(node, f"an expression of the kind {type(node).__name__}")

    @abstractmethod
    def call(self, node: ast.Call) -> Register:
        """The register that holds what a call returns."""

    def joined(self, operator: int, one: Register, two: Register) -> Register:
        """The value of two values joined by an operator."""
        out = self.code.fresh()
        self.code.emit(operator, out, one, two)
        return out

    def named(self, node: ast.expr, name: str) -> Register:
        """The register of a name."""
        if name in self.scope:
            return self.scope[name]
        if name in self.code.variables:
            return self.code.variable(name)
        if name in self.module.constants:
            return self._module_constant(node, self.module.constants[name])
        module, imported = self.module.imported.get(name, ("", ""))
        if module in {"numpy", "math"} and imported in _NUMBERS:
            return self.code.constant(_NUMBERS[imported])
        raise refused(node, f"the name {name}")

    def _module_constant(self, node: ast.expr, expression: ast.expr) -> Register:
        match expression:
            case ast.Constant(value=None | bool() | int() | float() as number):
                return self.code.constant(number)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if number:
                return self.code.constant(-number)
        raise refused(node, f"a name of the module that is no number: {ast.unparse(expression)[:40]}")

    def _compared(self, node: ast.Compare) -> Register:
        left, out = self.value(node.left), None
        end, copied = Label(), self.code.fresh()
        for place, (op, right_node) in enumerate(zip(node.ops, node.comparators, strict=True)):
            right = self.value(right_node)
            out = self._one_comparison(op, left, right)
            if len(node.ops) > 1:
                self.code.emit(MOVE, copied, out)
                if place < len(node.ops) - 1:
                    self.code.emit(JUMP_IF_NOT, copied, end)
            left = right
        assert out is not None
        if len(node.ops) > 1:
            self.code.mark(end)
            return copied
        return out

    def _one_comparison(self, op: ast.cmpop, left: Register, right: Register) -> Register:
        out = self.code.fresh()
        if type(op) in _COMPARISONS:
            self.code.emit(_COMPARISONS[type(op)], out, left, right)
            return out
        self.code.emit(CONTAINS if isinstance(op, ast.In | ast.NotIn) else IS, out, left, right)
        if not isinstance(op, ast.NotIn | ast.IsNot):
            return out
        return self.code.apply("not", out)

    def _until(self, jump: int, values: list[ast.expr]) -> Register:
        out, end = self.code.fresh(), Label()
        for place, each in enumerate(values):
            self.code.emit(MOVE, out, self.value(each))
            if place < len(values) - 1:
                self.code.emit(jump, out, end)
        self.code.mark(end)
        return out

    def _either(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Register:
        out, otherwise, end = self.code.fresh(), Label(), Label()
        self.code.emit(JUMP_IF_NOT, self.value(test), otherwise)
        self.code.emit(MOVE, out, self.value(body))
        self.code.emit(JUMP, end)
        self.code.mark(otherwise)
        self.code.emit(MOVE, out, self.value(orelse))
        self.code.mark(end)
        return out

    def in_a_row(self, nodes: list[ast.expr]) -> Register:
        """The first of the registers in a row that hold expressions."""
        values = [self.value(each) for each in nodes]
        first = self.code.fresh(max(1, len(values)))
        for place, each in enumerate(values):
            self.code.emit(MOVE, self.code.after(first, place), each)
        return first

    def built(self, kind: int, elements: list[ast.expr]) -> Register:
        """A list or a tuple of expressions."""
        first, out = self.in_a_row(elements), self.code.fresh()
        self.code.emit(BUILD, out, kind, first, len(elements))
        return out

    def _collected(self, function: str, elements: list[ast.expr]) -> Register:
        values = [self.value(each) for each in elements]
        out = self.code.apply(function)
        for each in values:
            self.code.apply("add", out, each)
        return out

    def _dict(self, node: ast.expr, keys: list[ast.expr | None], values: list[ast.expr]) -> Register:
        out = self.code.apply("dict")
        for key, each in zip(keys, values, strict=True):
            if key is None:
                raise refused(node, "a dict taken into another")
            place = self.value(key)
            self.code.emit(STORE, out, place, self.value(each))
        return out

    # Loops, of comprehensions and of statements.

    @contextmanager
    def each(self, target: ast.expr, over: ast.expr, again: Label, end: Label) -> Iterator[None]:
        """Go through what an expression gives; what is translated meanwhile is done for each.

        Args:
            target: What the value is assigned to.
            over: The expression.
            again: Marked where the next one is taken.
            end: Where it goes on when there is none; marked by the caller.
        """
        counter = None
        match over, target:
            case (
                ast.Call(func=ast.Name(id="enumerate"), args=[numbered], keywords=[]),
                ast.Tuple(elts=[ast.Name() as index, beside]),
            ) if not self.has("enumerate"):
                counter, over, target = index, numbered, beside
        way = NEXT
        match over:
            case ast.Call(func=ast.Attribute(value=inner, attr="keys" | "values" | "items" as view), args=[], keywords=[]):
                way, over = _VIEWS[view], inner
        source, at, item = self.value(over), self.code.fresh(2), self.code.fresh()
        held = self.code.fresh()
        self.code.emit(MOVE, held, source)
        self.code.emit(BEGIN, at, held)
        number = self.code.fresh()
        if counter is not None:
            self.code.emit(MOVE, number, self.code.constant(-1))
        self.code.mark(again)
        self.code.emit(way, item, held, at, end)
        if counter is not None:
            self.code.emit(ADD, number, number, self.code.constant(1))
            self.assign(counter, number)
        self.assign(target, item)
        yield
        self.code.emit(JUMP, again)

    def assign(self, target: ast.expr, source: Register) -> None:
        """Assign a value to a name, or to the names of a tuple."""
        match target:
            case ast.Name(id=name):
                self.code.emit(MOVE, self.scope.get(name) or self.code.variable(name), source)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                first = self.code.fresh(len(elements))
                self.code.emit(UNPACK, first, source, len(elements))
                for place, each in enumerate(elements):
                    self.assign(each, self.code.after(first, place))
            case _:
                raise refused(target, f"an assignment to {ast.unparse(target)[:40]}")

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, new: str, add: str) -> Register:
        out = self.code.apply(new)
        self.nested(node.generators, lambda: self._add(add, out, node.elt))
        return out

    def _add(self, function: str, out: Register, element: ast.expr) -> None:
        if function == "append":
            self.code.emit(APPEND, out, self.value(element))
        else:
            self.code.apply(function, out, self.value(element))

    def _dict_comprehension(self, node: ast.DictComp) -> Register:
        out = self.code.apply("dict")

        def store() -> None:
            key = self.value(node.key)
            self.code.emit(STORE, out, key, self.value(node.value))

        self.nested(node.generators, store)
        return out

    def nested(self, generators: list[ast.comprehension], inner: Callable[[], None]) -> None:
        """The loops of a comprehension, one in another."""
        if not generators:
            inner()
            return
        generator, again, end, before = generators[0], Label(), Label(), dict(self.scope)
        names = [each.id for each in ast.walk(generator.target) if isinstance(each, ast.Name)]
        over = generator.iter
        if any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(over)):
            raise refused(over, "a variable that hides what is gone through")
        self.scope.update({name: self.code.fresh() for name in names})
        with self.each(generator.target, over, again, end):
            for test in generator.ifs:
                self.code.emit(JUMP_IF_NOT, self.value(test), again)
            self.nested(generators[1:], inner)
        self.code.mark(end)
        self.scope = before

    # Subscripts, attributes, calls.

    def _subscript(self, node: ast.Subscript) -> Register:
        out = self.code.fresh()
        match node:
            case ast.Subscript(value=inner, slice=ast.Tuple(elts=[row, column])):
                self.code.emit(GET_PAIR, out, self.value(inner), self.index(row), self.index(column))
            case ast.Subscript(value=inner, slice=ast.Slice(lower=lower, upper=upper, step=step)):
                nothing = ast.Constant(value=None)
                held = self.value(inner)
                first = self.in_a_row([lower or nothing, upper or nothing, step or nothing])
                self.code.emit(SLICE, out, held, first)
            case ast.Subscript(
                value=inner,
                slice=ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr="ix_"), args=[row, column], keywords=[]),
            ) if self.is_numpy(module):
                self.code.emit(GET_GRID, out, self.value(inner), self.value(row), self.value(column))
            case ast.Subscript(value=ast.Subscript(value=inner, slice=first), slice=second) if not isinstance(
                first, ast.Tuple | ast.Slice | ast.Call
            ) and not isinstance(second, ast.Tuple):
                held, place = self.value(inner), self.value(first)
                self.code.emit(GET_CHAIN, out, held, place, self.value(second))
            case ast.Subscript(value=inner, slice=ast.Tuple()):
                raise refused(node, "more than two indices")
            case ast.Subscript(value=inner, slice=index):
                held = self.value(inner)
                self.code.emit(GET, out, held, self.value(index))
        return out

    def index(self, node: ast.expr) -> Register:
        """An index beside another one."""
        if isinstance(node, ast.Slice):
            if node.lower or node.upper or node.step:
                raise refused(node, "a slice beside another index")
            return self.code.everything()
        return self.value(node)

    def has(self, name: str) -> bool:
        """Whether a name stands for something of the program's own."""
        return name in self.scope or name in self.code.variables or name in self.functions or name in self.module.constants

    def is_numpy(self, name: str) -> bool:
        """Whether a name is that of NumPy."""
        return not self.has(name) and self.module.modules.get(name) == "numpy"

    def _attribute(self, node: ast.Attribute) -> Register:
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=attr) if module in self.module.modules and not self.has(module):
                if attr in _NUMBERS:
                    return self.code.constant(_NUMBERS[attr])
            case ast.Attribute(value=inner, attr="size" | "shape" as attr):
                return self.code.apply(attr, self.value(inner))
        raise refused(node, f"the attribute {node.attr}")
