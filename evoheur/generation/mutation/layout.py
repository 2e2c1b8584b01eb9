"""Layout of edited functions: long formulas in named steps.

The steps become one formula again before the next edit. Edits work on whole formulas, so that nothing depends on where a line happened to
be broken. `spread` and `gathered` are inverse to each other as far as edits can tell.
"""

import ast
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from evoheur.code.program import read_program
from evoheur.code.syntax import copied, walked
from evoheur.generation.mutation.edit_sites import decisions
from evoheur.generation.mutation.known_functions import ELEMENTWISE, REDUCTIONS, function_name
from evoheur.generation.mutation.slots import Slot
from evoheur.generation.mutation.tree_building import catalogue, literal, name

__all__ = ["WIDTH", "gathered", "spread", "whole"]

WIDTH = 96
"""Longest line of a formula in characters, its indentation not counted."""

_LONGEST_STEP = 64
_SHORTEST_STEP = 20
_REPEATED = 5  # nodes; smaller parts are easier to read than a name for them

_WORDS: dict[type[ast.operator], str] = {
    ast.Add: "total",
    ast.Sub: "difference",
    ast.Mult: "product",
    ast.Div: "ratio",
    ast.FloorDiv: "quotient",
    ast.Mod: "remainder",
    ast.Pow: "power",
    ast.BitAnd: "condition",
    ast.BitOr: "condition",
}
_BINDING: dict[type[ast.operator], int] = {
    **dict.fromkeys((ast.Add, ast.Sub), 1),
    **dict.fromkeys((ast.Mult, ast.Div, ast.FloorDiv, ast.Mod), 2),
    ast.Pow: 3,
}
_SIGNS = (ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop)
_PURE = frozenset({*ELEMENTWISE, *REDUCTIONS, "where", "power", "ix_", "outer", "len", "argmin", "argmax"})
_STEMS = frozenset({*_WORDS.values(), *_PURE, "negative", "condition", "entries", "part"})
_STEP = re.compile(r"\b([a-z]\w*?)_\d+\b")


@lru_cache(maxsize=512)
def whole(code: str) -> str:
    """A file with its formulas whole, remembered.

    Parents come back many times.

    Raises:
        SyntaxError: It does not parse.
    """
    if not any(found[1] in _STEMS for found in _STEP.finditer(code)):
        return code
    return ast.unparse(gathered(read_program(code).editable_tree()))


def gathered(module: ast.Module) -> ast.Module:
    """Put the steps of formulas back into the formulas, in place."""
    reads = _reads(module)
    for body in _bodies(module):
        body[:] = _without_steps(body, reads)
    return module


def spread(module: ast.Module) -> ast.Module:
    """Break long formulas into named steps, in place.

    Long is what exceeds `WIDTH`; x + -1 becomes x - 1.
    """
    for node in walked(module):
        match node:
            case ast.BinOp(op=ast.Add() | ast.Sub() as op, right=ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as right)):
                node.op = ast.Sub() if isinstance(op, ast.Add) else ast.Add()
                node.right = right
    taken = _names(module)
    for body in _bodies(module):
        for position in range(len(body) - 1, -1, -1):
            slot = _formula(body[position])
            if slot is not None and _length(body[position]) > WIDTH:
                body[position:position] = _steps(slot, _length(body[position]) - _length(slot.get()), taken)
    return module


def _names(module: ast.Module) -> set[str]:
    """What a step must not be called."""
    taken: set[str] = set()
    for node in walked(module):
        match node:
            case ast.Name(id=identifier) | ast.FunctionDef(name=identifier) | ast.arg(arg=identifier):
                taken.add(identifier)
    return taken


def _bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every list of statements inside a function."""
    for node in walked(tree):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.ClassDef):
            yield from (held for field in ("body", "orelse") if isinstance(held := getattr(node, field, None), list))


def _formula(statement: ast.stmt) -> Slot | None:
    match statement:
        case ast.Assign(value=ast.expr()) | ast.AugAssign() | ast.Return(value=ast.expr()):
            return Slot(statement, "value")
    return None


def _reads(tree: ast.AST) -> dict[str, int]:
    """How often every name that looks like a step's is read."""
    counts: dict[str, int] = {}
    for node in walked(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and _is_step(node.id):
            counts[node.id] = counts.get(node.id, 0) + 1
    return counts


def _is_step(identifier: str) -> bool:
    found = _STEP.fullmatch(identifier)
    return found is not None and found[1] in _STEMS


def _without_steps(body: list[ast.stmt], reads: Mapping[str, int]) -> list[ast.stmt]:
    """Put steps into the statement right behind them.

    That is done if it is the only one that uses them.
    """
    kept: list[ast.stmt] = []
    steps: list[ast.Assign] = []
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=identifier)]) if _is_step(identifier):
                steps.append(statement)
                continue
        slot = _formula(statement)
        if steps and slot is not None and _are_all_here(steps, slot, reads):
            meanings: dict[str, ast.expr] = {}
            for step in steps:
                target = step.targets[0]
                if isinstance(target, ast.Name):
                    meanings[target.id] = _Inserter(meanings).visit(step.value)
            slot.put(_Inserter(meanings).visit(slot.get()))
            steps = []
        kept += [*steps, statement]
        steps = []
    return [*kept, *steps]


def _are_all_here(steps: list[ast.Assign], slot: Slot, reads: Mapping[str, int]) -> bool:
    names = [step.targets[0].id for step in steps if isinstance(step.targets[0], ast.Name)]
    here: dict[str, int] = {}
    for tree in (*(step.value for step in steps), slot.get()):
        for identifier, count in _reads(tree).items():
            here[identifier] = here.get(identifier, 0) + count
    return len(set(names)) == len(names) and all(here.get(identifier) == reads.get(identifier) for identifier in names)


class _Inserter(ast.NodeTransformer):
    """Replaces names by copies of what they stand for."""

    def __init__(self, meanings: Mapping[str, ast.expr]) -> None:
        self._meanings = meanings

    def visit_Name(self, node: ast.Name) -> ast.expr:
        meaning = self._meanings.get(node.id)
        return node if meaning is None else copied(meaning)


def _steps(slot: Slot, around: int, taken: set[str]) -> list[ast.stmt]:
    """Take parts out of a formula until it is short.

    First what occurs more than once, then the longest that fit a line.
    """
    steps: list[ast.Assign] = []
    formulas = [slot]
    while chosen := _repeated(formulas):
        steps.append(_taken_out(chosen, taken))
        formulas.append(Slot(steps[-1], "value"))
    for formula in formulas:  # grows by what is taken out
        while _length(formula.get()) + around > WIDTH and (longest := _longest(formula)) is not None:
            steps.append(_taken_out([longest], taken))
    return _in_order(steps)


def _repeated(formulas: list[Slot]) -> list[Slot]:
    """The places of the largest part that occurs more than once."""
    places: dict[str, list[Slot]] = {}
    sizes: dict[str, int] = {}
    for formula in formulas:
        parts = catalogue(formula.get())
        for place in _places(formula):
            part = parts[place.get()]
            if part.size >= _REPEATED:
                places.setdefault(part.text, []).append(place)
                sizes[part.text] = part.size
    # Equal code is equally pure, so one of the places tells.
    several = [text for text, found in places.items() if len(found) > 1 and _is_pure(found[0].get())]
    return places[max(several, key=sizes.__getitem__)] if several else []


def _longest(slot: Slot) -> Slot | None:
    ruler = _Ruler()
    lengths = [(ruler.length(place.get()), place) for place in _places(slot)]
    fitting = [(length, place) for length, place in lengths if _SHORTEST_STEP <= length <= _LONGEST_STEP]
    return max(fitting, key=lambda entry: entry[0])[1] if fitting else None


def _taken_out(places: list[Slot], taken: set[str]) -> ast.Assign:
    node = places[0].get()
    stem = _stem(node)
    identifier = next(f"{stem}_{count}" for count in itertools.count(1) if f"{stem}_{count}" not in taken)
    taken.add(identifier)
    for place in places:
        place.put(name(identifier))
    return ast.Assign([ast.Name(identifier, ast.Store())], node, lineno=0)


def _in_order(steps: list[ast.Assign]) -> list[ast.stmt]:
    """Put steps behind those that they use."""
    defined = {step.targets[0].id: step for step in steps if isinstance(step.targets[0], ast.Name)}
    ordered: dict[str, ast.stmt] = {}

    def add(identifier: str) -> None:
        if identifier not in ordered:
            for node in walked(defined[identifier].value):
                if isinstance(node, ast.Name) and node.id in defined:
                    add(node.id)
            ordered[identifier] = defined[identifier]

    for identifier in defined:
        add(identifier)
    return list(ordered.values())


def _places(slot: Slot) -> Iterator[Slot]:
    """The operands below a slot that are always computed.

    They are computed in any case and stand for one value; outermost first.
    """
    node = slot.get()
    match node:
        case ast.BinOp():
            inner = [Slot(node, "left"), Slot(node, "right")]
        case ast.UnaryOp() if literal(node) is None:
            inner = [Slot(node, "operand")]
        case ast.Compare(ops=[_]):
            inner = [Slot(node, "left"), Slot(node, "comparators", 0)]
        case ast.Call(args=arguments):
            method = isinstance(node.func, ast.Attribute) and not function_name(node)
            inner = [Slot(node.func, "value")] if method else []
            inner += [Slot(node, "args", position) for position in range(len(arguments))]
        case ast.Subscript(slice=ast.Compare() | ast.BinOp()):
            inner = [Slot(node, "slice")]
        case ast.Subscript(slice=ast.Call() as index) if decisions(index):
            inner = [Slot(node, "slice")]
        case _:
            inner = []
    for place in inner:
        if (
            isinstance(place.get(), (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Subscript))
            and literal(place.get()) is None
        ):
            yield place
            yield from _places(place)


def _is_pure(node: ast.expr) -> bool:
    """Whether it may be computed once instead of several times.

    It calls nothing but what always gives the same.
    """
    return all(
        function_name(part) in _PURE or (isinstance(part.func, ast.Attribute) and part.func.attr in {"astype", *REDUCTIONS})
        for part in walked(node)
        if isinstance(part, ast.Call)
    )


def _stem(node: ast.expr) -> str:
    match node:
        case ast.BinOp(op=op):
            return _WORDS.get(type(op), "part")
        case ast.Compare():
            return "condition"
        case ast.UnaryOp(op=ast.USub()):
            return "negative"
        case ast.Subscript():
            return "entries"
        case ast.Call() if function_name(node) in _STEMS:
            return function_name(node)
    return "part"


class _Ruler:
    """Measures about how many characters code has, without writing it.

    A tree that is measured must not change meanwhile.
    """

    def __init__(self) -> None:
        self._known: dict[ast.AST, int] = {}

    def length(self, node: ast.AST) -> int:
        """Characters of a node's code."""
        known = self._known.get(node)
        if known is None:
            known = self._known[node] = self._measured(node)
        return known

    def _listed(self, entries: Sequence[ast.AST]) -> int:
        return sum(self.length(entry) for entry in entries) + 2 * max(0, len(entries) - 1)

    def _measured(self, node: ast.AST) -> int:  # noqa: PLR0911 - one return per kind of node
        match node:
            case ast.Name(id=identifier):
                return len(identifier)
            case ast.Constant(value=value):
                return len(repr(value))
            case ast.Attribute(value=value, attr=attribute):
                return self.length(value) + len(attribute) + 1
            case ast.UnaryOp(operand=operand):
                return self.length(operand) + 1 + 2 * isinstance(operand, ast.BinOp)
            case ast.BinOp(left=left, op=op, right=right):
                own = _BINDING.get(type(op), 0)
                brackets = (_binding(left) < own) + (_binding(right) <= own)
                return self.length(left) + self.length(right) + 2 * brackets + 3
            case ast.Call(func=function, args=arguments, keywords=keywords):
                return self.length(function) + 2 + self._listed([*arguments, *keywords])
            case ast.keyword(arg=str() as argument, value=value):
                return len(argument) + 1 + self.length(value)
            case ast.Compare(left=left, comparators=[right]):
                return self.length(left) + self.length(right) + 4
            case ast.Tuple(elts=entries):
                return self._listed(entries)
            case ast.Return(value=ast.expr() as value):
                return len("return ") + self.length(value)
        children = [child for child in ast.iter_child_nodes(node) if not isinstance(child, _SIGNS)]
        return self._listed(children) + 2


def _length(node: ast.AST) -> int:
    return _Ruler().length(node)


def _binding(node: ast.expr) -> int:
    return _BINDING.get(type(node.op), 0) if isinstance(node, ast.BinOp) else max(_BINDING.values()) + 1
