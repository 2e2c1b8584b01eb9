"""Roles of a function's arguments: their shapes, and which are positions.

As far as the function's docstring and its first body tell. A city or a customer is an integer like a capacity, but nothing can be added to
it; it serves to look things up. Nothing about any problem is written down here: an argument is a position if the body puts it into square
brackets, if its description says "index", or if it is described by the same noun as one that is.
"""

import ast
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evoheur.generation.mutation.known_functions import function_name
from evoheur.generation.mutation.named_shapes import ANY_SHAPE, dimensions, shape_of

__all__ = ["Roles", "Uses", "documented", "documented_shapes", "roles_of", "uses_in"]

_SHAPE = re.compile(r"\bshape\s+(\([^)]*\))", re.IGNORECASE)
_ENTRY = re.compile(r"^\s*(\w+)(?:\s*\([^)]*\))?:\s+(.*)")
_NAMED = re.compile(r"\b(?:index|indices|indexes|positions?)\b(?! of the largest)", re.IGNORECASE)
_NO_NOUNS = frozenset(
    {"as", "at", "by", "for", "from", "how", "in", "is", "not", "of", "on", "still", "that", "to", "what", "when", "where", "which", "with"}
)  # fmt: skip
_ARTICLES = frozenset(
    {"a", "all", "an", "current", "each", "every", "first", "its", "last", "next", "number", "numbers", "the", "their"}
)
_SQUARE = ("n", "n")  # the shape of what has two axes and no documented shape


@dataclass(frozen=True, slots=True)
class Roles:
    """What is known of a function's arguments beside their types.

    Attributes:
        shapes: Shape of each array by parameter, and of the result under "return".
        positions: For parameters whose numbers are positions, the dimension that they are positions in.
        corners: Whole numbers that the body looks things up with, such as a depot's 0, with the dimension they belong to.
    """

    shapes: Mapping[str, str]
    positions: Mapping[str, str]
    corners: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Uses:
    """How a body looks things up.

    Attributes:
        axes: Of each array, how many axes its subscripts show at least.
        lookups: (array, axis, what stands there), where that is a name or a whole number.
    """

    axes: dict[str, int] = field(default_factory=dict)
    lookups: list[tuple[str, int, str | int]] = field(default_factory=list)


def roles_of(function: Callable[..., Any], body: ast.FunctionDef | None, integers: Iterable[str]) -> Roles:
    """Put together what docstring and body tell.

    Args:
        function: The problem's function.
        body: Its syntax tree; None if there is no source.
        integers: The parameters that hold whole numbers, alone or in arrays: only those can be positions.
    """
    text = inspect.getdoc(function) or ""
    shapes = {name: shape_of(dimensions(shape)) for name, shape in documented_shapes(text).items()}
    uses = uses_in(body) if body is not None else Uses()
    for name, count in uses.axes.items():
        if count == len(_SQUARE) and name not in shapes:
            shapes[name] = shape_of(_SQUARE)
    whole = set(integers)
    positions: dict[str, str] = {}
    corners: dict[tuple[int, str], None] = {}
    for array, axis, index in uses.lookups:
        names = dimensions(shapes.get(array, ANY_SHAPE))
        if axis >= len(names) or shapes.get(array, ANY_SHAPE) == ANY_SHAPE:
            continue
        if isinstance(index, int):
            if len(names) == len(_SQUARE) and len(set(names)) == 1:
                corners[index, names[axis]] = None
        elif index in whole:
            positions.setdefault(index, names[axis])
    _by_description(documented(text), whole, positions, shapes)
    for name in positions:  # a list of positions nobody gave a shape has a length of its own
        shapes.setdefault(name, f"({name},)")
    return Roles(shapes, positions, tuple(corners))


def documented_shapes(text: str) -> dict[str, str]:
    """Shapes by parameter, and by "return", from a docstring in Google style."""
    shapes: dict[str, str] = {}
    for name, line in _lines(text):
        if name and (shape := _SHAPE.search(line)):
            shapes.setdefault(name, shape.group(1).replace(" ", ""))
    return shapes


def documented(text: str) -> dict[str, str]:
    """Descriptions by parameter, and by "return", on one line each."""
    described: dict[str, str] = {}
    for name, line in _lines(text):
        if name:
            described[name] = f"{described.get(name, '')} {line.strip()}".strip()
    return described


def _lines(text: str) -> Iterator[tuple[str, str]]:
    current = ""
    for line in text.splitlines():
        if line.strip() in {"Returns:", "Yields:"}:
            current = "return"
        elif current != "return" and (entry := _ENTRY.match(line)):
            current = entry.group(1)
            yield current, entry.group(2)
            continue
        yield current, line


def uses_in(body: ast.FunctionDef) -> Uses:
    """Collect the subscripts of names, `a[i][j]` and `a[i, j]` alike."""
    uses = Uses()
    for node in ast.walk(body):
        if isinstance(node, ast.Subscript):
            array, indices = _chain(node)
            if array:
                uses.axes[array] = max(uses.axes.get(array, 0), len(indices))
                uses.lookups.extend((array, axis, named) for axis, index in enumerate(indices) for named in _named(index))
    return uses


def _chain(node: ast.expr) -> tuple[str, list[ast.expr]]:
    match node:
        case ast.Name(id=name):
            return name, []
        case ast.Subscript(value=inner, slice=index):
            name, before = _chain(inner)
            if isinstance(index, ast.Call) and function_name(index) == "ix_":
                return name, [*before, *index.args]
            return name, [*before, *(index.elts if isinstance(index, ast.Tuple) else [index])]
    return "", []


def _named(index: ast.expr) -> list[str | int]:
    match index:
        case ast.Name(id=name):
            return [name]
        case ast.Constant(value=int() as number) if not isinstance(number, bool):
            return [number]
    return []


def _by_description(described: Mapping[str, str], whole: set[str], positions: dict[str, str], shapes: Mapping[str, str]) -> None:
    """Take those for positions too whose description says so.

    They are called positions, or by the same noun as one that is.
    """
    known = {name: _head(described.get(name, "")) for name in positions}
    dimension = Counter(name for shape in shapes.values() for name in dimensions(shape) if not name.isdigit()).most_common(1)
    for name in sorted(whole - set(positions)):
        text = described.get(name, "")
        alike = [positions[other] for other, head in known.items() if head & _head(text)]
        if alike:
            positions[name] = alike[0]
        elif _NAMED.search(text.partition(".")[0]) and dimension:
            positions[name] = dimension[0][0]


def _head(text: str) -> frozenset[str]:
    """The noun that a description begins with.

    {"city"} for "The city where the tour ends"; nothing if it begins otherwise.
    """
    for word in re.findall(r"[a-z]+|[^\sa-z]", text.lower()):
        if word in _NO_NOUNS or not word.isalpha():
            break
        if word not in _ARTICLES:
            return frozenset({_singular(word)})
    return frozenset()


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
