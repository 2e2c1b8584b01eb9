"""Cutting of a module to what the wanted functions use.

Dropped are examples, tests, prints and other versions of the function.
"""

import ast
import builtins
import symtable
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evoheur.code.signature import FunctionNode
from evoheur.code.syntax import REFUSALS

__all__ = ["Part", "is_main_guard", "joined", "parts_of", "reachable", "unresolved"]

_DYNAMIC = frozenset({"eval", "exec", "globals"})


@dataclass(frozen=True, slots=True)
class Part:
    """One top-level statement with the comments above it.

    Attributes:
        node: Its syntax tree.
        text: Its source.
        binds: Global names it defines.
        changes: Global names whose objects it changes in place (`TABLE[0] = 1`, `TABLE.append(1)`).
        needs: Global names it uses, inside functions too.
    """

    node: ast.stmt
    text: str
    binds: frozenset[str]
    changes: frozenset[str]
    needs: frozenset[str]

    @property
    def function(self) -> tuple[str, FunctionNode] | None:
        """Name and tree of the function that it defines, if any.

        By `def` or as a lambda.
        """
        match self.node:
            case ast.FunctionDef(name=name):
                return name, self.node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
                return name, value
        return None

    @property
    def redefines(self) -> bool:
        """Whether it makes earlier definitions of the name it binds pointless."""
        return self.function is not None or isinstance(self.node, ast.ClassDef)

    @property
    def imports(self) -> bool:
        """Whether it is an import."""
        return isinstance(self.node, (ast.Import, ast.ImportFrom))

    @property
    def definition(self) -> bool:
        """Whether it only gives something a name."""
        return (
            isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign))
            or self.imports
        )

    @property
    def unconditional(self) -> bool:
        """Whether it must stay, whatever is used.

        True for `from __future__`, and for star imports, whose names are unknown.
        """
        match self.node:
            case ast.ImportFrom(module="__future__") | ast.ImportFrom(names=[ast.alias(name="*")]):
                return True
        return False


def parts_of(code: str, tree: ast.Module) -> list[Part]:
    """The top-level statements of a module.

    Those that only a deeper look finds invalid are left out.
    """
    parts = []
    for node, text in zip(tree.body, _texts(code, tree), strict=True):
        names = _names(text)
        if names is not None:
            binds, needs = names
            parts.append(Part(node=node, text=text, binds=binds, changes=_changes(node), needs=needs))
    return parts


def _texts(code: str, tree: ast.Module) -> list[str]:
    lines = code.split("\n")
    texts, previous = [], 0
    for node in tree.body:
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        last = node.end_lineno or node.lineno
        if first <= previous:  # two statements on one line
            return [ast.unparse(statement) for statement in tree.body]
        texts.append("\n".join(lines[previous:last]).strip("\n"))
        previous = last
    return texts


def _names(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            table = symtable.symtable(text, "<candidate>", "exec")
        except REFUSALS:
            return None
    symbols = table.get_symbols()
    binds = frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace())
    needs = {s.get_name() for s in symbols if s.is_referenced()}
    scopes = list(table.get_children())
    while scopes:
        scope = scopes.pop()
        needs.update(s.get_name() for s in scope.get_symbols() if s.is_global())
        scopes.extend(scope.get_children())
    return binds, frozenset(needs)


def _changes(node: ast.stmt) -> frozenset[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return frozenset()
    changed: set[str] = set()
    for inner in ast.walk(node):
        match inner:
            case (
                ast.Subscript(ctx=ast.Store() | ast.Del(), value=value) | ast.Attribute(ctx=ast.Store() | ast.Del(), value=value)
            ):
                changed.add(_root(value))
            case ast.Call(func=ast.Attribute(value=value)):
                changed.add(_root(value))
    return frozenset(changed - {""})


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def reachable(parts: Sequence[Part], wanted: Iterable[str], home: Sequence[Part]) -> list[Part]:
    """The parts that the wanted names need, in their order.

    They may need them directly or not; of a function defined twice only the last stays.

    Args:
        parts: The statements of a module.
        wanted: Names that must stay.
        home: The statements whose imports stay even if nothing uses them; not those that only dropped statements use.
    """
    candidates = _without_overridden(parts)
    kept = _needed(candidates, set(wanted))
    if any(candidates[number].needs & _DYNAMIC for number in kept):  # names may be used in ways no analysis sees
        kept.update(number for number, part in enumerate(candidates) if part.definition)
    dropped = {name for number, part in enumerate(candidates) if number not in kept for name in part.needs}
    unused = {id(part) for part in home if part.imports and not part.binds & dropped}
    return [part for number, part in enumerate(candidates) if number in kept or id(part) in unused]


def _needed(parts: Sequence[Part], needed: set[str]) -> set[int]:
    modules = {name for part in parts if part.imports for name in part.binds}
    kept: set[int] = set()
    grown = True
    while grown:
        grown = False
        for number, part in enumerate(parts):
            useful = part.binds & needed or (part.changes - modules) & needed or part.unconditional
            if number not in kept and useful and not is_main_guard(part.node):
                kept.add(number)
                needed |= part.needs
                grown = True
    return kept


def _without_overridden(parts: Sequence[Part]) -> list[Part]:
    last = {name: number for number, part in enumerate(parts) if part.redefines for name in part.binds}
    return [part for number, part in enumerate(parts) if not part.redefines or all(last[name] <= number for name in part.binds)]


def is_main_guard(node: ast.stmt) -> bool:
    """Whether a statement is for a module that is run as a program only."""
    return isinstance(node, ast.If) and any(isinstance(n, ast.Name) and n.id == "__name__" for n in ast.walk(node.test))


def unresolved(parts: Sequence[Part]) -> list[str]:
    """Global names that are used and nothing defines, sorted.

    Empty where a star import might define them.
    """
    if any(part.unconditional and not part.binds for part in parts):
        return []
    bound = {name for part in parts for name in part.binds}
    return sorted({name for part in parts for name in part.needs} - bound - set(dir(builtins)) - {"__name__", "__file__"})


def joined(texts: Sequence[str], definitions: Sequence[bool]) -> str:
    """Statements as one module, two blank lines around definitions.

    Args:
        texts: The statements.
        definitions: For each, whether it is a function or a class.
    """
    pieces: list[str] = []
    for number, text in enumerate(texts):
        if number:
            pieces.append("\n\n\n" if definitions[number] or definitions[number - 1] else "\n")
        pieces.append(text)
    return "".join(pieces) + "\n"
