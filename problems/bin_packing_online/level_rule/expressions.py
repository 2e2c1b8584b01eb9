"""Abstract evaluation of expressions other than calls."""

import ast
from collections.abc import Callable, Sequence
from functools import reduce
from typing import ClassVar, Protocol

from .values import (
    Array,
    Element,
    EmptyList,
    Facts,
    Generated,
    Index,
    Length,
    Limits,
    Masked,
    MixedArray,
    Named,
    NotALevelRule,
    PerBinList,
    Scalar,
    Series,
    Shape,
    Stale,
    State,
    Unwritten,
    Value,
    join,
)
from .vocabulary import CONSTANTS

__all__ = ["BUILTINS", "Calls", "Expressions", "bin_targets", "combined", "is_whole", "per_element", "site"]

BUILTINS = frozenset(
    {"abs", "bool", "enumerate", "float", "int", "len", "list", "max", "min", "pow", "range", "round", "tuple", "zip"}
)


class Calls(Protocol):
    """What evaluates calls."""

    def __call__(self, node: ast.Call, state: State) -> Value:
        """The value of a call; raises NotALevelRule."""


class Expressions:
    """Evaluates expressions; the one effect that some have (`out=`) is noted in the facts.

    Args:
        facts: What holds for the whole analysis.
        calls: Evaluates calls.
    """

    def __init__(self, facts: Facts, calls: Calls) -> None:
        self._facts = facts
        self._calls = calls

    def evaluate(self, node: ast.expr, state: State) -> Value:
        """The value of an expression.

        Raises:
            NotALevelRule: It is not understood, or depends on more than one bin.
        """
        self._facts.step()
        rule = self._rules.get(type(node))
        if rule is None:
            raise NotALevelRule(f"line {node.lineno}: uses {type(node).__name__}")
        return rule(self, node, state)

    def _constant(self, node: ast.Constant, _state: State) -> Value:
        if node.value is Ellipsis:
            raise NotALevelRule(f"line {node.lineno}: uses ...")
        return Scalar()

    def _name(self, node: ast.Name, state: State) -> Value:
        if node.id in state.names:
            value = state.names[node.id]
        elif node.id in self._facts.names:
            value = self._facts.names[node.id]
        elif node.id in BUILTINS:
            value = Named(f"builtins.{node.id}")
        else:
            raise NotALevelRule(f"line {node.lineno}: uses {node.id!r}")
        if isinstance(value, Stale):
            raise NotALevelRule(f"line {node.lineno}: {node.id!r} {value.reason}")
        if isinstance(value, (EmptyList, Unwritten)):
            raise NotALevelRule(f"line {node.lineno}: {node.id!r} is used before it has an entry for every bin")
        return value

    def _unary(self, node: ast.UnaryOp, state: State) -> Value:
        operand = self.evaluate(node.operand, state)
        if isinstance(node.op, ast.Not):
            truth = self.condition(operand, node)
            return Element() if isinstance(operand, Element) else Scalar(truth=None if truth is None else not truth)
        return combined([operand], node, boolean=isinstance(node.op, ast.Invert) and _is_boolean(operand))

    def _binary(self, node: ast.BinOp, state: State) -> Value:
        left, right = self.evaluate(node.left, state), self.evaluate(node.right, state)
        return self.operation(node.op, left, right, node)

    def operation(self, op: ast.operator, left: Value, right: Value, node: ast.expr | ast.stmt) -> Value:
        """The value of `left op right`; a new array if it is one."""
        if isinstance(op, ast.MatMult):
            raise NotALevelRule(f"line {node.lineno}: uses @")
        if isinstance(op, ast.Mult) and isinstance(left, Series) and isinstance(right, Length) and len(left.entries) == 1:
            per_element(left.entries, node)
            return PerBinList()
        logical = isinstance(op, (ast.BitAnd, ast.BitOr, ast.BitXor)) and _is_boolean(left) and _is_boolean(right)
        result = combined([left, right], node, boolean=logical)
        # Whole numbers are exact and floats round monotonically, so taking the item off every entry leaves the order as it was.
        if isinstance(op, ast.Sub) and isinstance(left, Array) and self._facts.is_rising(left) and right == Scalar(is_item=True):
            return Array(rising=True, storage=frozenset({site(node)}))
        return result

    def _compare(self, node: ast.Compare, state: State) -> Value:
        values = [self.evaluate(operand, state) for operand in (node.left, *node.comparators)]
        if len(values) == 2 and isinstance(values[0], Length):
            return Scalar(truth=_compare_length(node))
        for op, value in zip(node.ops, values[1:], strict=True):
            if isinstance(op, (ast.Is, ast.IsNot)) and not all(isinstance(value, Scalar) for value in values):
                raise NotALevelRule(f"line {node.lineno}: compares by identity")
            if isinstance(op, (ast.In, ast.NotIn)):
                if not isinstance(value, Series) or len(values) != 2:
                    raise NotALevelRule(f"line {node.lineno}: searches something else than a tuple or list")
                return per_element([values[0], *value.entries], node)
        if len(values) > 2:
            return per_element(values, node)  # a chain asks for truth values, which an array has not
        return combined(values, node, boolean=True)

    def _bool_op(self, node: ast.BoolOp, state: State) -> Value:
        return per_element([self.evaluate(operand, state) for operand in node.values], node)

    def _if_exp(self, node: ast.IfExp, state: State) -> Value:
        test = self.evaluate(node.test, state)
        truth = self.condition(test, node)
        if truth is not None:
            return self.evaluate(node.body if truth else node.orelse, state)
        values = [self.evaluate(node.body, state), self.evaluate(node.orelse, state)]
        if isinstance(test, Element):
            return per_element([test, *values], node)
        result = join(*values)
        if isinstance(result, Stale):
            raise NotALevelRule(f"line {node.lineno}: the value {result.reason}")
        return result

    def condition(self, value: Value, node: ast.AST) -> bool | None:
        """The truth of a condition where it is the same in every call, else None.

        Raises:
            NotALevelRule: It depends on more than one bin.
        """
        match value:
            case Scalar(truth=truth):
                return truth
            case Element():
                return None
            case Length():
                return True  # an unopened bin is always offered
            case _:
                raise NotALevelRule(f"line {getattr(node, 'lineno', '?')}: a condition depends on all bins at once")

    def _attribute(self, node: ast.Attribute, state: State) -> Value:
        owner = self.evaluate(node.value, state)
        match owner:
            case Named(name=name) if name in {"numpy", "math"}:
                full = f"{name}.{node.attr}"
                return Scalar() if full in CONSTANTS else Named(full)
            case Array() if node.attr == "size":
                return Length()
            case Array() if node.attr == "shape":
                return Shape()
            case Limits() if node.attr in {"eps", "max", "min", "tiny"}:
                return Scalar()
            case _:
                raise NotALevelRule(f"line {node.lineno}: uses .{node.attr}")

    def _subscript(self, node: ast.Subscript, state: State) -> Value:
        if isinstance(node.value, ast.Name) and node.value.id in state.written:
            owner: Value = Array()  # np.empty whose entry for this bin is written: as good as any other
            if not isinstance(self.evaluate(node.slice, state), Index):
                raise NotALevelRule(f"line {node.lineno}: {node.value.id!r} is used before it has an entry for every bin")
        else:
            owner = self.evaluate(node.value, state)
        if isinstance(owner, Array) and is_whole(node.slice):
            return owner
        if isinstance(node.slice, ast.Slice):
            raise NotALevelRule(f"line {node.lineno}: picks bins by position or order")
        index = self.evaluate(node.slice, state)
        match owner, index:
            case ((Array() | PerBinList()), Index()):
                return Element()
            case Array(), Array(boolean=True) if not self._facts.in_bin_loop:
                return Masked(ast.dump(node.slice), self._facts.epoch)
            case Shape(), Scalar():  # one-dimensional, so any index that does not raise is the length
                return Length()
            case Series(entries=entries), Scalar() if entries:
                return reduce(join, entries)
            case Series(entries=entries), Element():
                return per_element([Element(), *entries], node)
            case _:
                raise NotALevelRule(f"line {node.lineno}: picks bins by position or order")

    def _display(self, node: ast.Tuple | ast.List, state: State) -> Value:
        if isinstance(node, ast.List) and not node.elts:
            return EmptyList()
        entries = tuple(self.evaluate(entry, state) for entry in node.elts)
        if any(isinstance(entry, (EmptyList, Unwritten, Generated)) for entry in entries):
            raise NotALevelRule(f"line {node.lineno}: keeps an unfinished list or array where two names could reach it")
        return Series(entries)

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp, state: State) -> Value:
        generator = node.generators[0]
        if len(node.generators) > 1 or generator.ifs or generator.is_async:
            raise NotALevelRule(f"line {node.lineno}: a comprehension with several loops or a filter")
        bound = bin_targets(generator.target, generator.iter, state, self)
        if bound is None or self._facts.in_bin_loop:
            raise NotALevelRule(f"line {node.lineno}: a comprehension over something else than the bins")
        inner = state.copy()
        inner.names.update(bound)
        self._facts.in_bin_loop = True
        try:
            per_element([self.evaluate(node.elt, inner)], node)
        finally:
            self._facts.in_bin_loop = False
        return PerBinList() if isinstance(node, ast.ListComp) else Generated()

    def _call(self, node: ast.Call, state: State) -> Value:
        return self._calls(node, state)

    _rules: ClassVar[dict[type[ast.expr], Callable[..., Value]]] = {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.UnaryOp: _unary,
        ast.BinOp: _binary,
        ast.Compare: _compare,
        ast.BoolOp: _bool_op,
        ast.IfExp: _if_exp,
        ast.Attribute: _attribute,
        ast.Subscript: _subscript,
        ast.Tuple: _display,
        ast.List: _display,
        ast.ListComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.Call: _call,
    }


def site(node: ast.AST) -> str:
    """Names the place where an expression stands."""
    return f"{getattr(node, 'lineno', 0)}:{getattr(node, 'col_offset', 0)}:{type(node).__name__}"


def is_whole(index: ast.expr) -> bool:
    """Whether an index is `[:]` or `[...]`, which means the whole array."""
    if isinstance(index, ast.Slice):
        return index.lower is None and index.upper is None and index.step is None
    return isinstance(index, ast.Constant) and index.value is Ellipsis


def combined(values: Sequence[Value], node: ast.AST, *, boolean: bool = False) -> Value:
    """The value of an elementwise operation; a new array if it is one.

    Raises:
        NotALevelRule: The operands do not belong together bin by bin.
    """
    kinds = {type(value) for value in values}
    if kinds <= {Scalar, Element}:
        return Element() if Element in kinds else Scalar()
    if kinds <= {Array, Scalar}:
        return Array(boolean=boolean)
    masked = {value for value in values if isinstance(value, Masked)}
    if kinds <= {Masked, Scalar} and len(masked) == 1:
        return masked.pop()
    line = getattr(node, "lineno", "?")
    names = ", ".join(sorted(kind.__name__ for kind in kinds))
    raise NotALevelRule(f"line {line}: an operation on {names} is not bin by bin")


def per_element(values: Sequence[Value], node: ast.AST) -> Value:
    """The value of an operation on single numbers.

    Raises:
        NotALevelRule: An operand is no single number.
    """
    if all(isinstance(value, (Scalar, Element)) for value in values):
        return Element() if any(isinstance(value, Element) for value in values) else Scalar()
    raise NotALevelRule(f"line {getattr(node, 'lineno', '?')}: uses all bins at once where one number is wanted")


def bin_targets(target: ast.expr, source: ast.expr, state: State, expressions: Expressions) -> dict[str, Value] | None:
    """What the targets of a loop are bound to if it runs over the bins once each and in order, else None.

    Raises:
        NotALevelRule: It does, but the targets are not plain names, or the source is not understood.
    """
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Name):
        callee = expressions.evaluate(source.func, state)
        if callee == Named("builtins.range"):
            counts = [expressions.evaluate(argument, state) for argument in source.args]
            from_zero = len(source.args) == 2 and isinstance(source.args[0], ast.Constant) and source.args[0].value == 0
            if counts and isinstance(counts[-1], Length) and (len(counts) == 1 or from_zero):
                return {_plain(target): Index()}
            return None
        if callee in {Named("builtins.enumerate"), Named("builtins.zip")}:
            return _joint_targets(target, source, state, expressions)
    value = expressions.evaluate(source, state)
    if isinstance(value, (Array, PerBinList)):
        return {_plain(target): Element()}
    if isinstance(value, MixedArray):
        raise NotALevelRule(f"line {source.lineno}: loops over an array whose type depends on the bins offered")
    return None


def _joint_targets(target: ast.expr, source: ast.Call, state: State, expressions: Expressions) -> dict[str, Value] | None:
    counted = isinstance(source.func, ast.Name) and source.func.id == "enumerate"
    if source.keywords or not isinstance(target, ast.Tuple) or (counted and len(source.args) != 1):
        return None
    targets = target.elts[1:] if counted else target.elts
    if len(targets) != len(source.args):
        return None
    parts = [bin_targets(*pair, state, expressions) for pair in zip(targets, source.args, strict=True)]
    bound: dict[str, Value] = {_plain(target.elts[0]): Index()} if counted else {}
    for part in parts:
        if part is None:
            return None
        bound.update(part)
    return bound


def _plain(target: ast.expr) -> str:
    if not isinstance(target, ast.Name):
        raise NotALevelRule(f"line {target.lineno}: a loop over the bins unpacks its entries")
    return target.id


def _is_boolean(value: Value) -> bool:
    return isinstance(value, Array) and value.boolean


def _compare_length(node: ast.Compare) -> bool:
    # At least one bin is always offered, so that comparisons with 0 are decided; nothing else about the length is.
    right = node.comparators[0]
    if isinstance(right, ast.Constant) and type(right.value) is int and right.value == 0:
        match node.ops[0]:
            case ast.Eq() | ast.LtE() | ast.Lt():
                return False
            case ast.NotEq() | ast.Gt() | ast.GtE():
                return True
            case _:
                pass
    raise NotALevelRule(f"line {node.lineno}: compares the number of bins")
