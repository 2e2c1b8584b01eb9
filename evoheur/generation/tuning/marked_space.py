"""Spaces of heuristics: code with marked alternatives and ranges.

`choice(a, b, ...)` stands for one of its arguments, `number(low, high)` for a real number between two bounds. Both are calls, so that code
with markers is Python. The idea is X-evolve's (Zhai et al. 2025, arXiv:2508.07932): one reply is many heuristics, and a cheap search finds
the best of them.
"""

import ast
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from evoheur.code.program import read_program
from evoheur.code.syntax import walked
from evoheur.generation.refusals import Reason, refusal
from evoheur.generation.tuning.tunable_constants import rounded
from evoheur.request import Failure

__all__ = ["MOST_MARKERS", "Filling", "MarkedSpace", "Marker", "marked_space", "unwanted_markers"]

MOST_MARKERS = 24
"""Markers in one reply; a search of some dozens of evaluations does not get far with more."""

_NAMES = ("choice", "number")
_WHOLE = re.compile(r"[\w.]+")
_CALLED = re.compile(r"\b(?:choice|number)\s*\(")

Filling = tuple[int | float, ...]
"""One value for each marker, in order: the place of an alternative, from 0, or a number."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A marked place in a source.

    Attributes:
        start: Its first byte in the UTF-8 source.
        stop: The byte behind it.
        line: Where it stands, from 1.
        alternatives: What a `choice` may become, as source; empty for a `number`.
        low: Least value of a `number`.
        high: Largest value of a `number`.
    """

    start: int
    stop: int
    line: int
    alternatives: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0

    def text(self, value: float) -> str:
        """What stands in its place, in parentheses where it could be torn apart."""
        if self.alternatives:
            chosen = self.alternatives[int(value)]
            return chosen if _WHOLE.fullmatch(chosen) else f"({chosen})"
        return f"({self.bounded(value)!r})" if value < 0 else repr(self.bounded(value))

    def bounded(self, value: float) -> float:
        """A number with four significant digits, within the bounds."""
        return min(self.high, max(self.low, rounded(value)))


@dataclass(frozen=True, slots=True)
class MarkedSpace:
    """All heuristics that one source with markers stands for.

    Attributes:
        code: The source.
        markers: In the order they stand there; at least one.
    """

    code: str
    markers: tuple[Marker, ...]
    choices: tuple[int, ...] = field(init=False)
    """Places of the `choice` markers among all."""
    numbers: tuple[int, ...] = field(init=False)
    """Places of the `number` markers among all."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", tuple(place for place, each in enumerate(self.markers) if each.alternatives))
        object.__setattr__(self, "numbers", tuple(place for place, each in enumerate(self.markers) if not each.alternatives))

    @property
    def combinations(self) -> int:
        """How many ways there are to make all choices; 1 where there is none."""
        return math.prod(len(self.markers[place].alternatives) for place in self.choices)

    def combination(self, ordinal: int) -> Filling:
        """One way to make all choices, numbers in the middle of their ranges.

        Args:
            ordinal: 0 for the first alternatives; the last marker changes fastest.
        """
        found: list[int | float] = [(marker.low + marker.high) / 2 for marker in self.markers]
        for place in reversed(self.choices):
            ordinal, found[place] = divmod(ordinal, len(self.markers[place].alternatives))
        return tuple(found)

    def filled(self, filling: Filling) -> str:
        """The source without markers; layout and comments stay."""
        source = self.code.encode()
        for marker, value in reversed(list(zip(self.markers, filling, strict=True))):
            source = source[: marker.start] + marker.text(value).encode() + source[marker.stop :]
        return source.decode()


def unwanted_markers(code: str) -> Failure | None:
    """Why code with markers is refused where nothing fills them; None if it has none.

    Args:
        code: Source that parses.
    """
    call = next(_marked(code), None)
    if call is None:
        return None
    return refusal(
        Reason.MARKERS,
        f"line {call.lineno} of the code leaves a choice open ({ast.unparse(call)[:80]}), and nothing in this run makes it: write one "
        "alternative out, or switch on the configuration's `fill`",
    )


def marked_space(code: str) -> MarkedSpace | Failure | None:
    """The space that code stands for; None if it has no markers, or why they cannot be filled.

    Args:
        code: Source that parses.
    """
    calls = list(_marked(code))
    if not calls:
        return None
    if len(calls) > MOST_MARKERS:
        return refusal(Reason.MARKERS, f"the code has {len(calls)} markers, more than the {MOST_MARKERS} that are filled")
    lines = [0]
    for line in code.encode().split(b"\n"):
        lines.append(lines[-1] + len(line) + 1)
    markers = []
    for call in calls:
        fault = _fault(call) or (None if _stands_there(call, code, lines) else "a marker within a string cannot be filled")
        if fault is not None:
            return refusal(Reason.MARKERS, f"line {call.lineno} of the code, {ast.unparse(call)[:80]}: {fault}")
        markers.append(_marker(call, code, lines))
    markers.sort(key=lambda marker: marker.start)
    for outer, inner in pairwise(markers):
        if inner.start < outer.stop:
            return refusal(
                Reason.MARKERS, f"line {inner.line} of the code has a marker within another one; write them side by side"
            )
    return MarkedSpace(code, tuple(markers))


def _marked(code: str) -> Iterator[ast.Call]:
    """Calls of marker names that the code does not bind itself."""
    if not _CALLED.search(code):  # spares the parser all ordinary code
        return
    nodes = walked(read_program(code).tree)
    own = {name for node in nodes for name in _bound(node)}
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NAMES and node.func.id not in own:
            yield node


def _bound(node: ast.AST) -> Sequence[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return (name,)
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.arg(arg=name):
            return (name,)
        case ast.alias(name=name, asname=other):
            return (other or name,)
    return ()


def _fault(call: ast.Call) -> str | None:
    if call.keywords or any(isinstance(each, ast.Starred) for each in call.args):
        return "a marker takes its alternatives or bounds one by one, without names and stars"
    if isinstance(call.func, ast.Name) and call.func.id == "choice":
        return None if len(call.args) > 1 else "a choice has at least two alternatives"
    bounds = [_literal(each) for each in call.args]
    low, high = bounds if len(bounds) == 2 else (None, None)
    if low is None or high is None:
        return "a number has two bounds, which are written as finite numbers"
    return None if low < high else f"the lower bound {low:g} is not below the upper bound {high:g}"


def _stands_there(call: ast.Call, code: str, lines: Sequence[int]) -> bool:
    start, stop = _place(call, lines)  # before Python 3.12 that of an expression in a formatted string is another one
    return re.match(rb"(choice|number)\s*\(", code.encode()[start:stop]) is not None


def _literal(node: ast.expr) -> float | None:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _literal(operand)
            return None if inner is None else -inner
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    return None


def _marker(call: ast.Call, code: str, lines: Sequence[int]) -> Marker:
    start, stop = _place(call, lines)
    if isinstance(call.func, ast.Name) and call.func.id == "choice":
        source = code.encode()
        places = [_place(each, lines) for each in call.args]
        return Marker(start, stop, call.lineno, tuple(source[first:last].decode() for first, last in places))
    low, high = (_literal(each) for each in call.args)
    assert low is not None, "faults were looked for"
    assert high is not None, "faults were looked for"
    return Marker(start, stop, call.lineno, (), low, high)


def _place(node: ast.expr, lines: Sequence[int]) -> tuple[int, int]:
    assert node.end_lineno is not None, "a parsed node has an end"
    assert node.end_col_offset is not None, "a parsed node has an end"
    return lines[node.lineno - 1] + node.col_offset, lines[node.end_lineno - 1] + node.end_col_offset
