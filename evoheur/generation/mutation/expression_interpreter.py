"""Abstract interpretation of expressions: the `AbstractValue` of each one, without running anything."""

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evoheur.generation.mutation.abstract_values import (
    FLAG,
    SCALAR,
    UNKNOWN,
    AbstractValue,
    Kind,
    divided,
    joined,
    powered,
    product,
    remainder,
    scalar,
    total,
)
from evoheur.generation.mutation.combined_values import UNREADABLE, axis_of, compared, outer, together, transposed
from evoheur.generation.mutation.indexing import KEPT, NEW, Axis, located, part, picked, reduced
from evoheur.generation.mutation.known_functions import ELEMENTWISE, LOCATING, REDUCTIONS, Need, function_name
from evoheur.generation.mutation.named_shapes import dimensions
from evoheur.generation.mutation.slots import Slot

__all__ = ["ExpressionInterpreter", "Scope"]

Scope = Mapping[str, AbstractValue]

_NUMPY = frozenset({"np", "numpy", "math"})
_CASTS = {"float": False, "float64": False, "int": True, "int64": True}
_FILLED = {"zeros": scalar(0.0, 0.0), "ones": scalar(1.0, 1.0), "empty": scalar(), "full": None}
_SAME_SHAPE = frozenset({"roll", "sort", "nan_to_num", "flip"})
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


class ExpressionInterpreter:
    """Interprets expressions under the variables of one scope.

    Attributes:
        values: Expression → its value; expressions that were not reached are absent.
        scope: The variables as they are now.
        touched: The nodes that an edit brought.
    """

    def __init__(self, scope: Scope, touched: frozenset[ast.AST] = frozenset()) -> None:
        self.values: dict[ast.expr, AbstractValue] = {}
        self.scope: dict[str, AbstractValue] = dict(scope)
        self.touched = touched
        self._readers: dict[type[ast.expr], Callable[[Any], AbstractValue]] = {
            ast.Constant: self._constant,
            ast.Name: lambda node: self.scope.get(node.id, UNKNOWN),
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.Compare: self._compare,
            ast.BoolOp: self._all_of,
            ast.IfExp: self._choice,
            ast.Call: self._call,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.ListComp: self._comprehension,
        }

    def value(self, node: ast.expr) -> AbstractValue:
        """Interpret one expression and remember what was found."""
        reader = self._readers.get(type(node))
        value = self._anything(node) if reader is None else reader(node)
        if node in self.touched:
            value = value._replace(touched=True)
        self.values[node] = value
        return value

    def demand(self, slot: Slot, value: AbstractValue, need: Need) -> AbstractValue:  # noqa: ARG002 - what guarding overrides
        """React to an operand that has a need; return its value.

        It is called where an operand has to be nonzero, positive, and so on.
        """
        return value

    def _anything(self, node: ast.expr) -> AbstractValue:
        parts = [self.value(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        return UNKNOWN._replace(touched=any(part.touched for part in parts))

    def _constant(self, node: ast.Constant) -> AbstractValue:
        if isinstance(node.value, bool):
            return AbstractValue(FLAG, 0.0, 1.0, integral=True)
        if isinstance(node.value, (int, float)) and abs(node.value) < 1e100:
            return scalar(float(node.value), float(node.value), integral=isinstance(node.value, int))
        return AbstractValue(SCALAR, infinite=True) if isinstance(node.value, float) else UNKNOWN

    def _binary(self, node: ast.BinOp) -> AbstractValue:
        return self._arithmetic(node.op, self.value(node.left), self.value(node.right), Slot(node, "right"))

    def _arithmetic(self, op: ast.operator, left: AbstractValue, right: AbstractValue, slot: Slot) -> AbstractValue:
        kind = _numeric(together(left, right))
        integral = left.integral and right.integral
        low, high = -math.inf, math.inf
        match op:
            case ast.Add():
                low, high = total(left, right, 1)
            case ast.Sub():
                low, high = total(left, right, -1)
            case ast.Mult():
                low, high = product(left, right)
            case ast.Div() | ast.FloorDiv():
                right = self.demand(slot, right, Need.NONZERO)
                low, high = divided(left, right)
                low = low - isinstance(op, ast.FloorDiv)
                integral = integral and isinstance(op, ast.FloorDiv)
            case ast.Mod():
                right = self.demand(slot, right, Need.NONZERO)
                low, high = remainder(left, right)
            case ast.Pow():
                return self._raised(left, right, Slot(slot.owner, "left"))
            case ast.BitAnd() | ast.BitOr() | ast.BitXor():
                return _truth(together(left, right) if _boolean(left) and _boolean(right) else None, (left, right))
            case _:
                kind = None
        return AbstractValue(kind, low, high, integral, left.infinite or right.infinite, left.touched or right.touched)

    def _raised(self, base: AbstractValue, exponent: AbstractValue, slot: Slot) -> AbstractValue:
        """base**exponent; the slot is the base's."""
        low, high = -math.inf, math.inf
        if exponent.low == exponent.high:
            if exponent.low < 0 or exponent.low != int(exponent.low):
                base = base._replace(touched=base.touched or exponent.touched)
                base = self.demand(slot, base, Need.POSITIVE if exponent.low < 0 else Need.NONNEGATIVE)
            low, high = powered(base, exponent.low)
        integral = base.integral and exponent.integral
        return AbstractValue(
            _numeric(together(base, exponent)),
            low,
            high,
            integral,
            base.infinite or exponent.infinite,
            base.touched or exponent.touched,
        )

    def _unary(self, node: ast.UnaryOp) -> AbstractValue:
        inner = self.value(node.operand)
        match node.op:
            case ast.USub():
                return inner._replace(kind=_numeric(inner.kind), low=-inner.high, high=-inner.low)
            case ast.UAdd():
                return inner._replace(kind=_numeric(inner.kind))
            case ast.Not():
                return inner._replace(kind=FLAG if inner.kind in (FLAG, SCALAR) else None, low=0.0, high=1.0)
            case _:
                return inner._replace(kind=inner.kind if _boolean(inner) else None, low=0.0, high=1.0)

    def _compare(self, node: ast.Compare) -> AbstractValue:
        parts = [self.value(part) for part in (node.left, *node.comparators)]
        ordered = len(parts) == 2 and isinstance(node.ops[0], _ORDERED)
        return _truth(compared(parts) if ordered else None, parts)

    def _all_of(self, node: ast.BoolOp) -> AbstractValue:
        parts = [self.value(part) for part in node.values]
        return _truth(FLAG if all(part.kind == FLAG for part in parts) else None, parts)

    def _choice(self, node: ast.IfExp) -> AbstractValue:
        test = self.value(node.test)
        either = joined(self.value(node.body), self.value(node.orelse))
        return either._replace(touched=either.touched or test.touched)

    def _attribute(self, node: ast.Attribute) -> AbstractValue:
        """np.inf and the like, `x.size` and `x.T`."""
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr="inf") if module in _NUMPY:
                return AbstractValue(SCALAR, infinite=True)
            case ast.Attribute(value=ast.Name(id=module), attr="pi" | "e") if module in _NUMPY:
                return scalar(2.0, 4.0)
        owner = self.value(node.value)
        if node.attr == "size" and owner.kind is not None and owner.kind.is_array:
            return scalar(0.0, integral=True)
        if node.attr == "T" and owner.kind is not None:
            return transposed(owner)
        return UNKNOWN._replace(touched=owner.touched)

    def _subscript(self, node: ast.Subscript) -> AbstractValue:
        owner = self.value(node.value)
        axes, touched = self._axes(node.slice)
        return part(owner, axes, touched=touched)

    def _axes(self, index: ast.expr) -> tuple[list[Axis | None], bool]:
        """What stands in brackets, and whether an edit reaches it."""
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        if isinstance(index, ast.Call) and function_name(index) == "ix_":
            values = [self.value(argument) for argument in index.args]
            picks = [picked(value) for value in values]
            return [pick and pick._replace(gathers=False) for pick in picks], any(value.touched for value in values)
        axes: list[Axis | None] = []
        touched = False
        for entry in parts:
            match entry:
                case ast.Slice(lower=None, upper=None, step=None):
                    axes.append(KEPT)
                case ast.Constant(value=None) | ast.Attribute(attr="newaxis"):
                    axes.append(NEW)
                case _:
                    value = self.value(entry)
                    axes.append(picked(value))
                    touched = touched or value.touched
        return axes, touched

    def _comprehension(self, node: ast.ListComp) -> AbstractValue:
        outer = dict(self.scope)
        for generator in node.generators:
            self._bind(generator.target, self._entry(generator.iter))
            for test in generator.ifs:
                self.value(test)
        entry = self.value(node.elt)
        self.scope = outer
        return UNKNOWN._replace(touched=entry.touched)

    def _entry(self, iterable: ast.expr) -> AbstractValue:
        """The value of a loop's variable."""
        whole = self.value(iterable)
        if whole.kind is not None and len(dimensions(whole.kind.shape)) == 1:
            return whole._replace(kind=whole.kind._replace(shape=""))
        if isinstance(iterable, ast.Call) and function_name(iterable) == "range":
            return scalar(integral=True)
        return UNKNOWN._replace(touched=whole.touched)

    def _bind(self, target: ast.expr, value: AbstractValue) -> None:
        match target:
            case ast.Name(id=name):
                self.scope[name] = value
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._bind(part, UNKNOWN._replace(touched=value.touched))
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                self.value(index)
                old = self.scope.get(name, UNKNOWN)
                self.scope[name] = joined(old, value._replace(kind=old.kind))._replace(integral=old.integral)

    def _call(self, node: ast.Call) -> AbstractValue:
        if isinstance(node.func, ast.Attribute) and not function_name(node):
            return self._method(node, self.value(node.func.value))
        values = [self.value(argument) for argument in node.args]
        for keyword in node.keywords:
            self.value(keyword.value)
        name = function_name(node)
        if name in {"max", "min"} and len(values) == 2:
            name = f"{name}imum"
        if name in ELEMENTWISE and len(values) == ELEMENTWISE[name].arity:
            return self._elementwise(node, name, values)
        return self._special(node, name, values)

    def _special(self, node: ast.Call, name: str, values: Sequence[AbstractValue]) -> AbstractValue:  # noqa: PLR0911 - one return per function
        match name, len(values):
            case "where", 3:
                return self._where(values)
            case "power", 2:
                return self._raised(values[0], values[1], Slot(node, "args", 0))
            case "outer", 2:
                return outer(values[0], values[1])
            case "int", 1:
                return values[0]._replace(integral=True)
            case _ if name in REDUCTIONS or name in LOCATING or name == "len":
                return self._statistic(name, values[0], node) if values else UNKNOWN
            case _ if name in _SAME_SHAPE and values:
                return values[0]._replace(touched=any(value.touched for value in values))
            case "transpose", 1:
                return transposed(values[0])
            case _ if name.removesuffix("_like") in _FILLED and values:
                return self._filled(node, name, values)
        return UNKNOWN._replace(touched=any(value.touched for value in values))

    def _elementwise(self, node: ast.Call, name: str, values: list[AbstractValue]) -> AbstractValue:
        function = ELEMENTWISE[name]
        if function.need is not None:
            values[-1] = self.demand(Slot(node, "args", len(values) - 1), values[-1], function.need)
        kind = together(*values)
        if kind is not None:
            kind = Kind(kind.shape, boolean=True) if function.boolean else _numeric(kind)
        low, high = function.range(values)
        integral = function.integral and not node.keywords and all(value.integral for value in values)
        return AbstractValue(kind, low, high, integral, any(v.infinite for v in values), any(v.touched for v in values))

    def _where(self, values: Sequence[AbstractValue]) -> AbstractValue:
        condition, yes, no = values
        kind = _numeric(together(condition, yes, no))
        either = joined(yes._replace(kind=kind), no._replace(kind=kind))
        return either._replace(kind=kind, touched=either.touched or condition.touched)

    def _filled(self, node: ast.Call, name: str, values: Sequence[AbstractValue]) -> AbstractValue:
        """np.zeros_like(a), and np.zeros(len(a)) and its kin, which have the shape of a."""
        like = name.endswith("_like")
        model = values[0] if like else self._length_of(node.args[0])
        entry = _FILLED[name.removesuffix("_like")] or (values[1] if len(values) > 1 else UNKNOWN)
        shaped = model.kind is not None and model.kind.is_array and entry.kind == SCALAR
        kind = Kind(model.kind.shape, boolean=False) if shaped and model.kind is not None else None
        integral = not node.keywords and (model.integral if like else name == "full" and entry.integral)
        return AbstractValue(kind, entry.low, entry.high, integral, entry.infinite, model.touched or entry.touched)

    def _length_of(self, node: ast.expr) -> AbstractValue:
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[inner]):
                return self.value(inner)
            case ast.Attribute(value=inner, attr="shape" | "size"):
                return self.value(inner)
            case ast.Subscript(value=ast.Attribute(value=inner, attr="shape")):
                return self.value(inner)
        return UNKNOWN

    def _statistic(self, name: str, value: AbstractValue, node: ast.Call, *, given: int = 1) -> AbstractValue:
        """A reduction, or the position of an extreme entry.

        `given` arguments come before the axis.
        """
        axis, keepdims = axis_of(node, given)
        if axis is UNREADABLE:
            return UNKNOWN._replace(touched=value.touched)
        return located(value, axis) if name in LOCATING else reduced(name, value, axis, keepdims=keepdims)

    def _method(self, node: ast.Call, owner: AbstractValue) -> AbstractValue:
        values = [self.value(argument) for argument in node.args]
        touched = owner.touched or any(value.touched for value in values)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        array = owner.kind is not None and owner.kind.is_array
        match method:
            case "norm" if values and owner.kind is None:  # np.linalg.norm
                return self._statistic(method, values[0], node)
            case "astype" if array and node.args:
                target = ast.unparse(node.args[0]).removeprefix("np.")
                return owner._replace(kind=_numeric(owner.kind), integral=_CASTS.get(target, owner.integral), touched=touched)
            case "copy" if array:
                return owner
            case "transpose" if array and not node.args:
                return transposed(owner)
            case _ if array and (method in REDUCTIONS or method in LOCATING):
                return self._statistic(method, owner, node, given=0)
        return UNKNOWN._replace(touched=touched)


def _numeric(kind: Kind | None) -> Kind | None:
    return None if kind is None else Kind(kind.shape, boolean=False, indexes=kind.indexes)


def _boolean(value: AbstractValue) -> bool:
    return value.kind is not None and value.kind.boolean


def _truth(kind: Kind | None, parts: Sequence[AbstractValue]) -> AbstractValue:
    kind = None if kind is None else Kind(kind.shape, boolean=True)
    return AbstractValue(kind, 0.0, 1.0, integral=True, touched=any(part.touched for part in parts))
