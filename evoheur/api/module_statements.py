"""The top level of a module, statement by statement: what each binds, and what it takes from elsewhere."""

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evoheur.code.program import read_program
from evoheur.code.syntax import syntax_tree
from evoheur.errors import EvoheurError

__all__ = ["ImportedName", "ModuleStatements", "NotBundled", "dotted_names", "names_bound", "read_module", "source_imports"]

_OWN = "evoheur"


class NotBundled(EvoheurError):
    """A source cannot be joined with others; says where and why."""


@dataclass(frozen=True)
class ImportedName:
    """What a name is imported from.

    Attributes:
        module: Its full name.
        attribute: Of the module; None for the module itself.
        name: In the module that imports it.
    """

    module: str
    attribute: str | None
    name: str

    def line(self) -> str:
        """The import as a statement."""
        if self.attribute is None:
            return f"import {self.module}" if self.name == self.module else f"import {self.module} as {self.name}"
        return f"from {self.module} import {self.attribute}" + (f" as {self.name}" if self.name != self.attribute else "")


@dataclass
class ModuleStatements:
    """A module of ours.

    Attributes:
        name: Its full name.
        lines: Of its source.
        body: Its statements.
        places: Name → statements that bind it, imports left out.
        companions: Name → functions that a decorator registers for it, as numba's `overload` does.
        ours: Name → module of ours that it is imported from, and its name there.
        whole: Name → module of ours that is imported as such.
        others: Name → what is imported from elsewhere.
        renamed: Name → another one that it gets in a joint source.
    """

    name: str
    lines: list[str]
    body: list[ast.stmt]
    places: dict[str, list[int]] = field(default_factory=dict)
    companions: dict[str, list[int]] = field(default_factory=dict)
    ours: dict[str, tuple[str, str]] = field(default_factory=dict)
    whole: dict[str, str] = field(default_factory=dict)
    others: dict[str, ImportedName] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)


def read_module(name: str) -> ModuleStatements:
    """Read a module of ours without importing it.

    Raises:
        NotBundled: There is none of that name.
    """
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise NotBundled(f"There is no module {name}.")
    text = Path(found.origin).read_text(encoding="utf-8-sig")
    package = name if found.submodule_search_locations else name.rpartition(".")[0]
    module = ModuleStatements(name, text.splitlines(), syntax_tree(text).body)
    for place, statement in enumerate(module.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            _note_import(module, statement, package)
        else:
            for bound in names_bound(statement):
                module.places.setdefault(bound, []).append(place)
            for served in _registered_for(statement):
                module.companions.setdefault(served, []).append(place)
    return module


def source_imports(source: str) -> dict[str, ImportedName]:
    """What the top level of a source imports by absolute names."""
    module = ModuleStatements("source", [], read_program(source).tree.body)
    for statement in module.body:
        if isinstance(statement, ast.Import) or (isinstance(statement, ast.ImportFrom) and not statement.level):
            _note_import(module, statement, "")
    return module.others


def names_bound(statement: ast.stmt, *, deep: bool = False) -> Iterator[str]:
    """Names that a statement binds in its own scope.

    Args:
        statement: Any.
        deep: Whether imports and compound statements count; "*" stands for all that a module has.
    """
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            if deep:
                yield from (alias.asname or alias.name.split(".")[0] for alias in names)
        case ast.Assign(targets=targets):
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            yield name
        case _ if deep:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id
                elif isinstance(node, ast.stmt) and node is not statement:
                    yield from names_bound(node, deep=True)
        case _:
            return


def dotted_names(module: ModuleStatements, statement: ast.stmt) -> dict[str, tuple[str, str]]:
    """What a statement takes from modules of ours that are imported as such.

    Returns:
        As it is written, "kernels.join" → the module's full name, and the name in it.
    """
    return {
        f"{node.value.id}.{node.attr}": (module.whole[node.value.id], node.attr)
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in module.whole
    }


def _registered_for(statement: ast.stmt) -> Iterator[str]:
    for decorator in statement.decorator_list if isinstance(statement, ast.FunctionDef) else ():
        if isinstance(decorator, ast.Call):
            yield from (each.id for each in decorator.args if isinstance(each, ast.Name))


def _note_import(module: ModuleStatements, statement: ast.Import | ast.ImportFrom, package: str) -> None:
    for alias in statement.names:
        name = alias.asname or alias.name
        if isinstance(statement, ast.Import):
            module.others[name] = ImportedName(alias.name, None, name)
            continue
        source = importlib.util.resolve_name("." * statement.level + (statement.module or ""), package)
        if source.split(".")[0] != _OWN:
            module.others[name] = ImportedName(source, alias.name, name)
        elif _is_module(f"{source}.{alias.name}"):
            module.whole[name] = f"{source}.{alias.name}"
        else:
            module.ours[name] = (source, alias.name)


def _is_module(name: str) -> bool:
    package, _, last = name.rpartition(".")
    found = importlib.util.find_spec(package)
    return found is not None and any((Path(place) / f"{last}.py").is_file() for place in found.submodule_search_locations or ())
