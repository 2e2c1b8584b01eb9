"""What the names of a candidate's module stand for, before any of its functions is translated."""

import ast
from dataclasses import dataclass, field

__all__ = ["CalledFunction", "ModuleNames", "NotTranslated", "assigned_names", "refused"]

_MODULES = ("numpy", "math")


class NotTranslated(Exception):
    """A heuristic that the machine cannot carry out; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class CalledFunction:
    """A function that may be called.

    Attributes:
        node: Its source.
        captured: Variables of the function around it that it reads; further arguments.
        around: Functions that it may call by name.
    """

    node: ast.FunctionDef | ast.Lambda
    captured: tuple[str, ...] = ()
    around: dict[str, "CalledFunction"] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        """Names of the arguments in their order, without those captured."""
        arguments = self.node.args
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
            raise refused(self.node, "arguments that are not plain")
        return [argument.arg for argument in arguments.args]


@dataclass(frozen=True, slots=True)
class ModuleNames:
    """The names of a module.

    Attributes:
        modules: Name → `numpy` or `math`.
        imported: Name → (module, name in it).
        functions: By name.
        constants: Expressions of the names that are assigned once.
    """

    modules: dict[str, str] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    functions: dict[str, CalledFunction] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: ast.Module) -> "ModuleNames":
        """Read the statements of a module."""
        names = cls()
        seen: set[str] = set()
        for statement in tree.body:
            names.read_import(statement)
            if isinstance(statement, ast.FunctionDef):
                _once(statement, statement.name, seen)
                if not statement.decorator_list:
                    names.functions[statement.name] = CalledFunction(statement, around=names.functions)
            elif isinstance(statement, ast.Assign) and all(isinstance(target, ast.Name) for target in statement.targets):
                for target in statement.targets:
                    assert isinstance(target, ast.Name)
                    _once(statement, target.id, seen)
                    names.constants[target.id] = statement.value
            elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
                _once(statement, statement.target.id, seen)
                names.constants[statement.target.id] = statement.value
            elif not isinstance(statement, ast.Import | ast.ImportFrom) and not _is_text(statement):
                raise refused(statement, "only imports, functions and numbers may stand beside the heuristic")
        for node in ast.walk(tree):
            if isinstance(node, ast.Global | ast.Nonlocal):
                raise refused(node, "it changes variables of what is around it")
        return names

    def read_import(self, statement: ast.stmt) -> None:
        """Note what an import brings; names from other modules mean nothing here."""
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name in _MODULES:
                    self.modules[alias.asname or alias.name] = alias.name
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if alias.name == "*":
                    raise refused(statement, "an import of all names")
                self.imported[alias.asname or alias.name] = (statement.module or "", alias.name)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _once(node: ast.stmt, name: str, seen: set[str]) -> None:
    if name in seen:
        raise refused(node, f"the name {name} is given twice")
    seen.add(name)


def refused(node: ast.AST, why: str) -> NotTranslated:
    """The refusal of something, with the line where it stands."""
    return NotTranslated(f"line {getattr(node, 'lineno', 0)}: {why}")


def assigned_names(body: list[ast.stmt]) -> list[str]:
    """Names that the statements of a function assign, in order, without those of functions and comprehensions in it."""
    found: dict[str, None] = {}
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = None
        waiting.extend(reversed(list(ast.iter_child_nodes(node))))
    return list(found)
