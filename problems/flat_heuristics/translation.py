"""Translation of a rule's source into a flat heuristic, in the guest.

What is translated computes what the rule computes under NumPy, to the last bit. Inputs are float64; whatever a source says that is no
formula of them is refused with its line.
"""

import ast
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NoReturn

import numpy as np

from .flat_heuristic import FlatHeuristic
from .flat_values import FlatSteps, FlatValue, NotFlat
from .operations import ARITY

__all__ = ["NotFlat", "translate"]

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Mod: "mod",
    ast.FloorDiv: "floor_divide",
    ast.Pow: "power",
    ast.BitAnd: "logical_and",
    ast.BitOr: "logical_or",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}
_FOLDED: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda one, two: one + two,
    ast.Sub: lambda one, two: one - two,
    ast.Mult: lambda one, two: one * two,
    ast.Div: lambda one, two: one / two,
}
_OTHER_NAMES = {
    "abs": "absolute",
    "fabs": "absolute",
    "true_divide": "divide",
    "remainder": "mod",
    "max": "amax",
    "min": "amin",
}
_NUMBERS = {"pi": math.pi, "e": math.e, "inf": math.inf}
_MODULES = frozenset({"numpy", "math"})


def translate(
    code: str | ast.Module, function: str, vectors: Sequence[bool], *, hidden: Collection[int] = (), beside: Collection[str] = ()
) -> FlatHeuristic:
    """Translate the source of a rule.

    Args:
        code: Source that parses, or its tree.
        function: Name of the rule in it.
        vectors: Of each input whether it is a vector, or else a number.
        hidden: The inputs that are no arguments of the rule.
        beside: Other functions of the same candidate that may stand beside it; it cannot call them.

    Raises:
        NotFlat: It is no formula that is known to be computed alike; says why, with the line.
    """
    tree = ast.parse(code) if isinstance(code, str) else code
    flat: ast.FunctionDef | None = None
    modules: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            modules |= {alias.asname or alias.name: alias.name for alias in statement.names if alias.name in _MODULES}
        elif isinstance(statement, ast.FunctionDef) and statement.name == function and flat is None:
            flat = statement
        elif not (_is_text(statement) or _imports_annotations(statement) or _is_another(statement, function, beside)):
            _refuse(statement, "only imports may stand beside the rule")
    if flat is None or flat.decorator_list:
        raise NotFlat(f"{function} is no plain function")
    inputs = {place: vector for place, vector in enumerate(vectors) if place not in hidden}
    return _Translation(flat, modules, FlatSteps(len(vectors)), inputs).flat()


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    )


def _is_another(statement: ast.stmt, function: str, beside: Collection[str]) -> bool:
    return (
        isinstance(statement, ast.FunctionDef)
        and statement.name in beside
        and statement.name != function
        and not statement.decorator_list
    )


def _imports_annotations(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module in {"__future__", "numpy.typing", "typing"}


def _refuse(node: ast.stmt | ast.expr, why: str) -> NoReturn:
    raise NotFlat(f"line {node.lineno}: {why}")


class _Translation:
    """One function on the way to steps."""

    def __init__(
        self, function: ast.FunctionDef, modules: Mapping[str, str], steps: FlatSteps, inputs: Mapping[int, bool]
    ) -> None:
        arguments = function.args
        names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        if len(names) != len(inputs) or arguments.defaults or arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
            _refuse(function, "its arguments are not those that it is called with")
        self._function = function
        self._modules = modules
        self._steps = steps
        self._names = {
            name: FlatValue(("input", place), vector=vector, kind="float")
            for name, (place, vector) in zip(names, inputs.items(), strict=True)
        }

    def flat(self) -> FlatHeuristic:
        *before, last = self._function.body
        for statement in before:
            self._follow(statement)
        if not isinstance(last, ast.Return) or last.value is None:
            _refuse(last, "the rule does not end with its result")
        score = self._value(last.value)
        if not score.vector:
            _refuse(last, "the result is not a vector")
        return self._steps.flat(score)

    def _follow(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in self._modules:
                self._names[name] = self._value(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._names[name] = self._value(value)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                self._change(statement, name, self._joined(statement, op, self._named(statement, name), self._value(value)))
            case _ if not _is_text(statement):
                _refuse(statement, f"a statement of the kind {type(statement).__name__}")

    def _change(self, statement: ast.stmt, name: str, new: FlatValue) -> None:
        old = self._names[name]
        if not old.vector:
            self._names[name] = new
            return
        if new.kind != old.kind:  # NumPy refuses, or rounds
            _refuse(statement, "an array is changed to numbers of another kind")
        for other in [each for each, value in self._names.items() if value is old]:  # all names of the array see the change
            self._names[other] = new

    def _named(self, node: ast.stmt | ast.expr, name: str) -> FlatValue:
        if name not in self._names:
            _refuse(node, f"the name {name}")
        return self._names[name]

    def _value(self, node: ast.expr) -> FlatValue:
        try:
            return self._made(node)
        except NotFlat as refusal:
            if str(refusal).startswith("line "):
                raise
            _refuse(node, str(refusal))

    def _made(self, node: ast.expr) -> FlatValue:  # noqa: PLR0911 - one for each kind of expression
        match node:
            case ast.Constant(value=bool() | int() | float() as number):
                return self._steps.constant(number)
            case ast.Name(id=name):
                return self._named(node, name)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self._modules and name in _NUMBERS:
                return self._steps.constant(_NUMBERS[name])
            case ast.BinOp(left=left, op=op, right=right):
                return self._joined(node, op, self._value(left), self._value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self._value(operand)
                if value.constant is not None:
                    return self._steps.constant(-value.constant)
                return self._steps.step("negative", value)
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                value = self._value(operand)
                if value.kind == "truth" and value.constant is None:
                    return self._steps.step("logical_not", value)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                values = self._value(left), self._value(right)
                if values[0].constant is None or values[1].constant is None:
                    return self._steps.step(_COMPARISONS[type(op)], *values)
            case ast.Call(keywords=[]):
                return self._call(node)
        _refuse(node, f"an expression of the kind {type(node).__name__}: {ast.unparse(node)[:60]}")

    def _call(self, node: ast.Call) -> FlatValue:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name), args=args) if module in self._modules:
                return self._called(node, name, [self._value(each) for each in args], of_math=self._modules[module] == "math")
            case ast.Call(func=ast.Name(id="abs"), args=[operand]) if "abs" not in self._names:
                return self._called(node, "abs", [self._value(operand)], of_math=False)
            case ast.Call(func=ast.Attribute(value=inner, attr=name), args=args):
                return self._method(node, self._value(inner), name, args)
        _refuse(node, f"a call of {ast.unparse(node.func)[:60]}")

    def _joined(self, node: ast.stmt | ast.expr, op: ast.operator, one: FlatValue, two: FlatValue) -> FlatValue:
        if type(op) not in _OPERATORS:
            _refuse(node, f"the operator {type(op).__name__}")
        if one.constant is not None and two.constant is not None:
            return self._folded(node, op, one.constant, two.constant)
        if isinstance(op, ast.Pow):
            return self._power(node, one, two)
        if isinstance(op, ast.BitAnd | ast.BitOr) and not one.kind == two.kind == "truth":
            _refuse(node, "& or | of what are no truth values")
        return self._steps.step(_OPERATORS[type(op)], one, two)

    def _folded(self, node: ast.stmt | ast.expr, op: ast.operator, one: float, two: float) -> FlatValue:
        if type(op) not in _FOLDED or isinstance(one, bool) or isinstance(two, bool):
            _refuse(node, "numbers joined by this operator")
        try:
            return self._steps.constant(_FOLDED[type(op)](one, two))
        except ArithmeticError as error:
            _refuse(node, str(error))

    def _power(self, node: ast.stmt | ast.expr, one: FlatValue, two: FlatValue) -> FlatValue:
        # Python's operator is not NumPy's loop for some exponents, nor for two numbers.
        shortcuts: dict[float, Callable[[], FlatValue]] = {
            2.0: lambda: self._steps.step("square", one),
            1.0: lambda: self._steps.step("where", one, one, one),
            0.5: lambda: self._steps.step("sqrt", one),
            -1.0: lambda: self._steps.step("divide", self._steps.constant(1.0), one),
        }
        if one.vector and one.kind == "float" and two.constant is not None:
            shortcut = shortcuts.get(float(two.constant))
            return self._steps.step("power", one, two) if shortcut is None else shortcut()
        if not two.vector:
            _refuse(node, "a power whose exponent is no vector and not written as a number")
        return self._steps.step("power", one, two)

    def _called(self, node: ast.expr, name: str, values: list[FlatValue], *, of_math: bool) -> FlatValue:
        if all(value.constant is not None for value in values):
            return self._called_on_numbers(node, name, values)
        name = _OTHER_NAMES.get(name, name)
        if of_math:  # raises where NumPy gives NaN
            _refuse(node, f"math.{name} of an argument")
        if name == "clip" and len(values) == 3:
            return self._steps.step("minimum", self._steps.step("maximum", values[0], values[1]), values[2])
        if ARITY.get(name) != len(values):
            _refuse(node, f"a call of {name}")
        if name in {"amax", "amin"} and not values[0].vector:
            return values[0]
        if name == "power":  # its loop has shortcuts of its own where the exponent is one number
            return self._power(node, *values)
        if name == "where" and not any(value.vector for value in values):
            _refuse(node, "where of numbers alone")
        return self._steps.step(name, *values)

    def _called_on_numbers(self, node: ast.expr, name: str, values: list[FlatValue]) -> FlatValue:
        function = getattr(np, name, None)
        if not isinstance(function, np.ufunc) or len(values) != function.nin or function.nout != 1:
            _refuse(node, f"a call of {name}")
        with np.errstate(all="ignore"):
            try:
                made = function(*(value.constant for value in values))
            except (ArithmeticError, TypeError, ValueError):
                _refuse(node, f"{name} of these numbers")
        if not isinstance(
            made, np.float64
        ):  # half-precision floats of truth values, and NumPy's whole numbers, go on in their own way
            _refuse(node, f"{name} of whole numbers or truth values alone")
        return self._steps.constant(float(made))

    def _method(self, node: ast.expr, value: FlatValue, name: str, arguments: list[ast.expr]) -> FlatValue:
        to_float = [ast.unparse(each) for each in arguments] in (["float"], ["np.float64"])
        if value.vector and name == "astype" and to_float:
            # A float copy: a step of its own, so that changing it leaves the other alone.
            return FlatValue(value.register, vector=True, kind="float")
        if value.vector and name == "copy" and not arguments:
            return FlatValue(value.register, vector=True, kind=value.kind, bound=value.bound)
        if value.vector and name in {"max", "min"} and not arguments:
            return self._steps.step(_OTHER_NAMES[name], value)
        _refuse(node, f"the method {name}")
