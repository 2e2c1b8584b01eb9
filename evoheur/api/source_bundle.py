"""One source of several modules: only what a few functions need, statement by statement.

So a file that stands alone holds the very code that runs here, not a second writing of it.
"""

import ast
import builtins
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evoheur.api.module_statements import (
    ImportedName,
    ModuleStatements,
    NotBundled,
    dotted_names,
    names_bound,
    read_module,
    source_imports,
)
from evoheur.code.program import read_program

__all__ = ["Bundled", "bundle"]

_BUILT_IN = frozenset(dir(builtins))
_COMPILER = (ImportedName("numba", "njit", "njit"), ImportedName("numba.extending", "overload", "overload"))
_WITHOUT_COMPILER = """
except ImportError:  # the same loops, only slower

    def njit(*_: object, **_options: object) -> Any:
        return lambda function: function

    overload = njit"""


@dataclass(frozen=True, kw_only=True)
class Bundled:
    """The source of what was wanted.

    Attributes:
        source: Imports first, then statements in an order in which each finds what it needs.
        names: Wanted name → name in the source, another one where it was taken.
    """

    source: str
    names: Mapping[str, str]


def bundle(wanted: Sequence[tuple[str, str]], *, given: Collection[str] = (), beside: str = "") -> Bundled:
    """Join what some names of modules need into one source.

    Statements at the top level of modules are taken whole, with the comments above them and the text below. Modules of others are
    imported; where numba is not installed, what it would compile runs as it is.

    Args:
        wanted: Modules of ours by their full names, and names that they bind.
        given: Names that are there already and are not looked for, in whatever module they are imported.
        beside: A source of which the result will be a part. Names that it binds are not bound again, but by the same import.

    Raises:
        NotBundled: A name would have to change that is a parameter, too; or the source beside binds what is imported or built in, or
            imports all that a module has.
    """
    work = _Bundle(frozenset(given), _Neighbour(beside))
    homes = {name: work.take(module, name) for module, name in wanted}
    source = work.source()
    return Bundled(source=source, names={name: work.name_of(*home) for name, home in homes.items()})


class _Neighbour:
    """The source beside: names that it binds, and those among them that are only imported."""

    def __init__(self, source: str) -> None:
        body = read_program(source).tree.body
        self.names = {name for statement in body for name in names_bound(statement, deep=True)}
        hidden = sorted(self.names & {"*", *_BUILT_IN})
        if hidden:
            raise NotBundled(f"The heuristic binds {', '.join(hidden)}, which could hide what is built in.")
        plain = [each for each in body if not isinstance(each, (ast.Import, ast.ImportFrom))]
        bound = {name for statement in plain for name in names_bound(statement, deep=True)}
        self.imports = {name: each for name, each in source_imports(source).items() if name not in bound}


class _Bundle:
    def __init__(self, given: frozenset[str], neighbour: _Neighbour) -> None:
        self.given = given
        self.neighbour = neighbour
        self.modules: dict[str, ModuleStatements] = {}
        self.seen: set[tuple[str, int]] = set()
        self.order: list[tuple[ModuleStatements, int]] = []
        self.imports: dict[str, ImportedName] = {}

    def take(self, module: str, name: str) -> tuple[str, str]:
        # Where the name is bound at last, after all that it needs has been taken.
        if module not in self.modules:
            self.modules[module] = read_module(module)
        found = self.modules[module]
        if name in found.ours:
            return self.take(*found.ours[name])
        if name not in found.places:
            raise NotBundled(f"{module} binds no {name!r} at its top level.")
        for place in [*found.places[name], *found.companions.get(name, ())]:
            if (module, place) in self.seen:
                continue
            self.seen.add((module, place))
            statement = found.body[place]
            read = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
            for needed in sorted(read - self.given - {name}):
                self._take_needed(found, needed)
            for at, own in sorted(set(dotted_names(found, statement).values())):
                self.take(at, own)
            self.order.append((found, place))
        return module, name

    def _take_needed(self, module: ModuleStatements, name: str) -> None:
        if name in module.others:
            known = self.imports.setdefault(name, module.others[name])
            if known != module.others[name]:
                raise NotBundled(
                    f"{module.name} means {module.others[name].line()!r} by {name!r}, another module {known.line()!r}."
                )
        elif name in module.ours:
            at, own = self.take(*module.ours[name])
            if own != name:
                raise NotBundled(f"{module.name} calls {at}.{own} {name!r}; import it by its own name.")
        elif name in module.places:
            self.take(module.name, name)

    def name_of(self, module: str, name: str) -> str:
        # In the joint source.
        found = self.modules.get(module)
        while found is not None and name in found.ours:
            module, name = found.ours[name]
            found = self.modules.get(module)
        return name if found is None else found.renamed.get(name, name)

    def source(self) -> str:
        there = self.neighbour
        for name, each in self.imports.items():
            if name in there.names and there.imports.get(name) != each:
                raise NotBundled(f"{each.line()!r} is needed, and the heuristic has a {name!r} of its own.")
        self._rename()
        statements = [self._text(module, place) for module, place in self.order]
        return "\n\n\n".join([_import_lines(self.imports.values()), *statements]) + "\n"

    def _rename(self) -> None:
        used = {*self.neighbour.names, *self.imports, *self.given, *_BUILT_IN, *(each.name for each in _COMPILER), "Any"}
        homes: dict[str, str] = {}
        for module, place in self.order:
            for bound in names_bound(module.body[place]):
                if bound not in used and homes.setdefault(bound, module.name) == module.name:
                    continue
                if bound not in module.renamed:
                    module.renamed[bound] = new = _free_name(bound, module, {*used, *homes})
                    homes[new] = module.name

    def _text(self, module: ModuleStatements, place: int) -> str:
        statement = module.body[place]
        changed = {**module.renamed, **{name: self.name_of(*home) for name, home in module.ours.items()}}
        changed = {old: new for old, new in changed.items() if old != new and old not in self.given}
        dotted = {written: self.name_of(*home) for written, home in dotted_names(module, statement).items()}
        lines = _with_names(module, statement, changed, dotted)
        first, last = _first_line(statement), statement.end_lineno or statement.lineno
        while first > 1 and lines[first - 2].startswith("#"):
            first -= 1
        match module.body[place + 1 : place + 2]:
            case [ast.Expr(value=ast.Constant(value=str()), lineno=below, end_lineno=end)]:  # the words below a constant
                return "\n".join(lines[first - 1 : last] + lines[below - 1 : end])
        return "\n".join(lines[first - 1 : last])


def _first_line(statement: ast.stmt) -> int:
    decorators: Iterable[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _free_name(name: str, module: ModuleStatements, used: Collection[str]) -> str:
    stem = f"{'_' if name.startswith('_') else ''}{module.name.rpartition('.')[2].strip('_')}_{name.strip('_')}"
    tries = [stem, *(f"{stem}_{number}" for number in range(2, 100))]
    return next(each for each in ([each.upper() for each in tries] if name.isupper() else tries) if each not in used)


def _with_names(
    module: ModuleStatements, statement: ast.stmt, changed: Mapping[str, str], dotted: Mapping[str, str]
) -> list[str]:
    # The module's lines, with names in the statement changed.
    lines = list(module.lines)
    edits: list[tuple[int, int, str, str]] = []
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and node.id in changed:
            edits.append((node.lineno, node.col_offset, node.id, changed[node.id]))
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in dotted:
            edits.append((node.lineno, node.col_offset, ast.unparse(node), dotted[ast.unparse(node)]))
        elif isinstance(node, ast.arg) and node.arg in changed:
            raise NotBundled(f"{module.name}: {node.arg!r} is a parameter in line {node.lineno} and a name that must change.")
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in changed:
            head = lines[node.lineno - 1].encode()
            edits.append((node.lineno, head.index(node.name.encode(), node.col_offset), node.name, changed[node.name]))
    for line, offset, old, new in sorted(edits, reverse=True):
        raw = lines[line - 1].encode()
        if raw[offset : offset + len(old)] != old.encode():  # before Python 3.12, within an f-string
            raise NotBundled(f"{module.name}: {old!r} in a text of line {line} must change, and its place is not known.")
        lines[line - 1] = (raw[:offset] + new.encode() + raw[offset + len(old) :]).decode()
    return lines


def _import_lines(imports: Collection[ImportedName]) -> str:
    compiled = [each for each in _COMPILER if each in imports]
    plain: set[str] = set()
    grouped: dict[str, set[str]] = {"typing": {"Any"}} if compiled else {}
    for each in imports:
        if each.attribute is None:
            plain.add(each.line())
        elif each not in _COMPILER:
            grouped.setdefault(each.module, set()).add(each.line().partition(" import ")[2])
    lines = [*sorted(plain), *(f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(grouped.items()))]
    tried = [f"    {each.line()}" for each in compiled]
    return "\n".join([*lines, "", "try:", *tried]) + _WITHOUT_COMPILER if compiled else "\n".join(lines)
