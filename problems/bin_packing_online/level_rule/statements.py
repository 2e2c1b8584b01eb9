"""Abstract execution of statements and of the candidate's own functions."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from .calls import CallRules
from .expressions import bin_targets, is_whole, per_element
from .functions import assigned_names, bind_arguments, define, imported_names
from .values import (
    Array,
    Element,
    EmptyList,
    Facts,
    Function,
    Generated,
    Index,
    Masked,
    Named,
    NotALevelRule,
    PerBinList,
    Scalar,
    Series,
    Stale,
    State,
    Unwritten,
    Value,
    join,
    join_states,
)

__all__ = ["Statements"]

_DEEPEST_CALL = 8
_MOST_ROUNDS = 20


@dataclass
class _Loop:
    over_bins: bool
    breaks: State | None = None
    continues: State | None = None


@dataclass
class _Frame:
    """One call of one function: what it returned so far, and the loops it is in."""

    number: int
    returned: list[Value] = field(default_factory=list)
    loops: list[_Loop] = field(default_factory=list)


class Statements:
    """Executes functions of the candidate on abstract arguments.

    Args:
        facts: What holds for the whole analysis.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._expressions = CallRules(facts, self._inline).expressions
        self._frames: list[_Frame] = []

    def call(self, function: Function, names: dict[str, Value]) -> list[Value]:
        """Execute a function's body.

        Args:
            function: The function.
            names: Its arguments by name.

        Returns:
            The values it may return, at least one.

        Raises:
            NotALevelRule: Something is not understood, depends on more than one bin, or a path ends without a return.
        """
        if len(self._frames) >= _DEEPEST_CALL:
            raise NotALevelRule(f"line {function.node.lineno}: calls nested too deep, or recursion")
        self._facts.frames += 1
        frame = _Frame(self._facts.frames)
        self._frames.append(frame)
        end = self._block(function.node.body, State(names))
        self._frames.pop()
        if end is not None:
            raise NotALevelRule(f"line {function.node.lineno}: {function.node.name} may end without a return")
        return frame.returned

    def constant(self, node: ast.expr) -> Value:
        """The value of an expression that stands outside of every function; nothing is called.

        Raises:
            NotALevelRule: It is not built from numbers and texts.
        """
        if any(isinstance(inner, ast.Call) for inner in ast.walk(node)):
            raise NotALevelRule(f"line {node.lineno}: a call outside of the functions")
        value = self._expressions.evaluate(node, State())
        if isinstance(value, (Scalar, Series, Function, Named)):
            return value
        raise NotALevelRule(f"line {node.lineno}: a value outside of the functions that may change between calls")

    def _inline(self, function: Function, positional: list[Value], named: dict[str, Value], state: State) -> Value:
        if function.frame not in {0, self._frames[-1].number}:
            raise NotALevelRule(f"line {function.node.lineno}: {function.node.name} is called from another function")
        arguments = bind_arguments(function.node, positional, named)
        for value in arguments.values():
            if isinstance(value, (Masked, Generated, Function)):
                raise NotALevelRule(f"line {function.node.lineno}: an argument is no number and no array over the bins")
        outer = dict(state.names) if function.frame else {}
        for name in assigned_names(function.node.body):
            outer.pop(name, None)  # local to the function, hence not the enclosing one's
        returned = self.call(function, {**outer, **arguments})
        result = returned[0]
        for value in returned[1:]:
            result = join(result, value)
        if self._facts.in_bin_loop:
            return per_element([Element(), result], function.node)  # which return was taken may depend on the bin
        if isinstance(result, (Array, PerBinList, Scalar)):
            return Scalar() if isinstance(result, Scalar) else result
        raise NotALevelRule(f"line {function.node.lineno}: {function.node.name} returns no number and no array over the bins")

    def _block(self, statements: Sequence[ast.stmt], state: State | None) -> State | None:
        # None: every path has returned, or left for the next round of a loop.
        for statement in statements:
            if state is None:
                return None
            self._facts.step()
            rule = self._rules.get(type(statement))
            if rule is None:
                raise NotALevelRule(f"line {statement.lineno}: uses {type(statement).__name__}")
            state = rule(self, statement, state)
        return state

    def _bind(self, name: str, value: Value, state: State, line: int) -> None:
        if isinstance(value, Generated):
            raise NotALevelRule(f"line {line}: a generator is kept")
        if self._facts.in_bin_loop:
            # Under a condition on the bin even a constant becomes a function of the bin.
            value = _of_bin(value, line)
        if name in self._facts.index_names and name in state.names:
            self._facts.epoch += 1
        state.names[name] = value

    def _assign(self, node: ast.Assign | ast.AnnAssign, state: State) -> State:
        if node.value is None:
            raise NotALevelRule(f"line {node.lineno}: a declaration without a value")
        value = self._expressions.evaluate(node.value, state)
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if len(targets) > 1 and isinstance(value, (EmptyList, Unwritten)):
            raise NotALevelRule(f"line {node.lineno}: one list under two names")
        for target in targets:
            self._store(target, value, state)
        return state

    def _store(self, target: ast.expr, value: Value, state: State) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(name, value, state, target.lineno)
            case ast.Tuple(elts=elements):
                if not isinstance(value, Series) or len(value.entries) != len(elements):
                    raise NotALevelRule(f"line {target.lineno}: unpacks something else than a tuple of that length")
                for element, entry in zip(elements, value.entries, strict=True):
                    self._store(element, entry, state)
            case ast.Subscript(value=ast.Name(id=name)):
                self._store_entries(name, target, value, state)
            case _:
                raise NotALevelRule(f"line {target.lineno}: assigns to {type(target).__name__}")

    def _store_entries(self, name: str, target: ast.Subscript, value: Value, state: State) -> None:
        owner = state.names.get(name)
        if is_whole(target.slice) and isinstance(owner, (Array, Unwritten)) and isinstance(value, (Array, Scalar)):
            self._facts.change(owner)
            if isinstance(owner, Unwritten):
                state.names[name] = Array()
            return
        if isinstance(target.slice, ast.Slice):
            raise NotALevelRule(f"line {target.lineno}: assigns by position or order")
        index = self._expressions.evaluate(target.slice, state)
        match owner, index:
            case Unwritten(), Index():
                per_element([value], target)
                state.written |= {name}
            case ((Array() | PerBinList()), Index()):
                per_element([value], target)
                self._facts.change_entry(owner)
            case Array(), Array(boolean=True):
                same = Masked(ast.dump(target.slice), self._facts.epoch)
                if not isinstance(value, Scalar) and value != same:
                    raise NotALevelRule(f"line {target.lineno}: moves scores between bins")
                self._facts.change(owner)
            case _:
                raise NotALevelRule(f"line {target.lineno}: assigns by position or order")

    def _augmented(self, node: ast.AugAssign, state: State) -> State:
        target = node.target
        if isinstance(target, ast.Attribute):
            raise NotALevelRule(f"line {node.lineno}: assigns to Attribute")
        # Read as an expression, the target obeys the same rules as anywhere else.
        old = self._expressions.evaluate(target, state)
        new = self._expressions.operation(node.op, old, self._expressions.evaluate(node.value, state), node)
        if isinstance(target, ast.Subscript):
            self._store(target, new, state)
        elif isinstance(old, Array):
            self._facts.change(old)
            state.names[target.id] = Array(storage=old.storage, boolean=old.boolean)
        elif isinstance(old, (Scalar, Element, Masked)):
            self._bind(target.id, new, state, node.lineno)
        else:
            raise NotALevelRule(f"line {node.lineno}: changes a list or tuple")
        return state

    def _expression(self, node: ast.Expr, state: State) -> State:
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[entry], keywords=[]):
                if not isinstance(state.names.get(name), EmptyList) or not self._facts.in_bin_loop:
                    raise NotALevelRule(f"line {node.lineno}: appends outside of a loop over the bins")
                per_element([self._expressions.evaluate(entry, state)], node)
                count = state.appended.get(name, 0)
                state.appended[name] = count + 1 if count >= 0 else count
            case value:
                self._expressions.evaluate(value, state)
        return state

    def _if(self, node: ast.If, state: State) -> State | None:
        truth = self._expressions.condition(self._expressions.evaluate(node.test, state), node)
        if truth is not None:
            return self._block(node.body if truth else node.orelse, state)
        other = state.copy()
        return join_states(self._block(node.body, state), self._block(node.orelse, other))

    def _for(self, node: ast.For, state: State) -> State | None:
        if node.orelse:
            raise NotALevelRule(f"line {node.lineno}: uses for-else")
        bound = bin_targets(node.target, node.iter, state, self._expressions)
        if bound is None:
            return self._number_loop(node, state)
        if self._facts.in_bin_loop:
            raise NotALevelRule(f"line {node.lineno}: a loop over the bins inside another")
        self._facts.in_bin_loop = True
        # Twice, so that what the first round changes in place is known to the second.
        self._bin_round(node, bound, state)
        end = self._bin_round(node, bound, state)
        self._facts.in_bin_loop = False
        after = state.copy()
        for name in bound.keys() | assigned_names(node.body):
            after.names[name] = Stale("is left over from the last bin of a loop")
        for name in end.written:
            after.names[name] = Array()
        for name, count in end.appended.items():
            after.names[name] = PerBinList() if count == 1 else Stale("does not get one entry per bin")
        return after

    def _bin_round(self, node: ast.For, bound: dict[str, Value], state: State) -> State:
        start = State(dict(state.names))
        for name in assigned_names(node.body):
            start.names[name] = Stale("may be left over from another bin")
        start.names.update(bound)
        loop = _Loop(over_bins=True)
        self._frames[-1].loops.append(loop)
        end = join_states(self._block(node.body, start), loop.continues)
        self._frames[-1].loops.pop()
        if end is None:
            raise NotALevelRule(f"line {node.lineno}: a loop over the bins that never comes to its end")
        return end

    def _number_loop(self, node: ast.For, state: State) -> State | None:
        loop = _Loop(over_bins=False)
        for _ in range(_MOST_ROUNDS):
            changed = len(self._facts.touched)
            inner = state.copy()
            self._store(node.target, self._counted(node.iter, inner), inner)
            self._frames[-1].loops.append(loop)
            end = join_states(self._block(node.body, inner), loop.continues)
            self._frames[-1].loops.pop()
            after = join_states(state.copy(), end)
            if after == state and changed == len(self._facts.touched):
                return join_states(after, loop.breaks)
            assert after is not None
            state = after
        raise NotALevelRule(f"line {node.lineno}: a loop whose effect does not settle")

    def _counted(self, source: ast.expr, state: State) -> Value:
        # One entry of what a loop over numbers runs over: a function of the item, like the number of rounds.
        if isinstance(source, ast.Call) and isinstance(source.func, ast.Name) and not source.keywords:
            callee = self._expressions.evaluate(source.func, state)
            if callee == Named("builtins.range"):
                return per_element([self._expressions.evaluate(argument, state) for argument in source.args], source)
            if callee == Named("builtins.enumerate") and len(source.args) == 1:
                return Series((Scalar(), self._counted(source.args[0], state)))
            if callee == Named("builtins.zip"):
                return Series(tuple(self._counted(argument, state) for argument in source.args))
        value = self._expressions.evaluate(source, state)
        if not isinstance(value, Series) or not value.entries:
            raise NotALevelRule(f"line {source.lineno}: loops over something else than the bins or numbers")
        entry = value.entries[0]
        for other in value.entries[1:]:
            entry = join(entry, other)
        return entry

    def _leave(self, node: ast.Break | ast.Continue, state: State) -> None:
        loop = self._frames[-1].loops[-1]
        if isinstance(node, ast.Continue):
            loop.continues = join_states(loop.continues, state)
        elif loop.over_bins:
            raise NotALevelRule(f"line {node.lineno}: a loop over the bins that stops early")
        else:
            loop.breaks = join_states(loop.breaks, state)

    def _return(self, node: ast.Return, state: State) -> None:
        if node.value is None:
            raise NotALevelRule(f"line {node.lineno}: a return without a value")
        if any(loop.over_bins for loop in self._frames[-1].loops):
            raise NotALevelRule(f"line {node.lineno}: a loop over the bins that stops early")
        self._frames[-1].returned.append(self._expressions.evaluate(node.value, state))

    def _with(self, node: ast.With, state: State) -> State | None:
        for item in node.items:
            call = item.context_expr
            silent = (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and self._expressions.evaluate(call.func, state) == Named("numpy.errstate")
                and not call.args
                and all(isinstance(word.value, ast.Constant) and word.value.value == "ignore" for word in call.keywords)
            )
            if not silent or item.optional_vars is not None:
                raise NotALevelRule(f"line {node.lineno}: uses with")
        return self._block(node.body, state)

    def _define(self, node: ast.FunctionDef, state: State) -> State:
        if self._facts.in_bin_loop:
            raise NotALevelRule(f"line {node.lineno}: defines a function inside a loop over the bins")
        self._bind(node.name, define(node, frame=self._frames[-1].number), state, node.lineno)
        return state

    def _import(self, node: ast.Import | ast.ImportFrom, state: State) -> State:
        for name, value in imported_names(node).items():
            state.names[name] = value
        return state

    def _pass(self, _node: ast.Pass, state: State) -> State:
        return state

    _rules: ClassVar[dict[type[ast.stmt], Callable[..., State | None]]] = {
        ast.Assign: _assign,
        ast.AnnAssign: _assign,
        ast.AugAssign: _augmented,
        ast.Expr: _expression,
        ast.If: _if,
        ast.For: _for,
        ast.Break: _leave,
        ast.Continue: _leave,
        ast.Return: _return,
        ast.With: _with,
        ast.FunctionDef: _define,
        ast.Import: _import,
        ast.ImportFrom: _import,
        ast.Pass: _pass,
    }


def _of_bin(value: Value, line: int) -> Value:
    match value:
        case Scalar() | Element():
            return Element()
        case Index():
            return value
        case Series(entries=entries):
            return Series(tuple(_of_bin(entry, line) for entry in entries))
        case _:
            raise NotALevelRule(f"line {line}: a loop over the bins that keeps something else than numbers")
