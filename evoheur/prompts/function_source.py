"""Source of functions, with all that they need to run.

That is the imports, constants and helpers of a function's module without which it would not run on its own.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from evoheur.code.syntax import syntax_tree
from evoheur.errors import ConfigError

__all__ = ["FunctionSource", "needed_definitions", "one_file", "read_function"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSource:
    """A function as its author wrote it.

    Attributes:
        node: Its syntax tree, decorators included.
        module: The module that defines it.
        text: The whole function without its decorators.
        skeleton: Its header on one line, its docstring as written, and an ellipsis for a body.
    """

    node: ast.FunctionDef
    module: ModuleType
    text: str
    skeleton: str


def read_function(function: Callable[..., Any]) -> FunctionSource:
    """Find the source of a function.

    Raises:
        ConfigError: It was not written with `def` in a file.
    """
    module = inspect.getmodule(function)
    try:
        text = textwrap.dedent(inspect.getsource(function))
        node = syntax_tree(text).body[0]
    except (OSError, TypeError, SyntaxError) as error:
        raise ConfigError(
            f"The source of heuristic {function!r} cannot be read ({error}); write it with `def` in problem.py."
        ) from error
    if module is None or not isinstance(node, ast.FunctionDef):
        raise ConfigError(f"Heuristic {function!r} is no function written with `def` in a module; write it so in problem.py.")
    return FunctionSource(node=node, module=module, text=_lines(text, node), skeleton=_skeleton(text, node))


def needed_definitions(sources: Iterable[FunctionSource], *, bodies: bool) -> list[str]:
    """Source of the top-level statements that functions rely on.

    And of those that these rely on in turn, in the order of the module.

    Args:
        sources: The functions; what they need of each other is left out.
        bodies: True for all that they need to run, False for what their headers need.

    Raises:
        ConfigError: They need a relative import, which a file on its own cannot make.
    """
    sources = list(sources)
    own = {source.node.name for source in sources}
    needed: list[str] = []
    for source in sources:
        header = [source.node.args, *([source.node.returns] if source.node.returns else [])]
        names = _names_read([*header, *source.node.body] if bodies else header)
        needed.extend(_definitions(source.module, names, leave_out=own))
    return list(dict.fromkeys(needed))


def one_file(definitions: Iterable[str], functions: Iterable[str]) -> str:
    """Lay out a Python file of definitions and functions.

    Imports are on adjacent lines, everything else two blank lines apart.
    """
    imports: list[str] = []
    others: list[str] = []
    for text in definitions:
        (imports if text.startswith(("import ", "from ")) else others).append(text)
    return "\n\n\n".join(filter(None, ["\n".join(imports), *others, *functions]))


def _lines(text: str, node: ast.stmt, *, first: int | None = None) -> str:
    return "\n".join(text.splitlines()[(first or node.lineno) - 1 : node.end_lineno])


def _skeleton(text: str, node: ast.FunctionDef) -> str:
    bare = ast.FunctionDef(name=node.name, args=node.args, body=[ast.Pass()], decorator_list=[], returns=node.returns)
    header = ast.unparse(ast.fix_missing_locations(bare)).removesuffix("pass").rstrip()
    documentation = ast.get_source_segment(text, node.body[0]) if ast.get_docstring(node) is not None else None
    return "\n".join([header, *([f"    {documentation}"] if documentation else []), "    ..."])


def _definitions(module: ModuleType, names: set[str], *, leave_out: Collection[str]) -> list[str]:
    """Source of the top-level statements that bind `names`.

    With those that bind what these statements read, in the order of the module.
    """
    statements = list(_statements(inspect.getsource(module)))
    needed: set[str] = set()
    open_names = sorted(names)
    while open_names:
        name = open_names.pop()
        for bound, text, node in statements:
            if name == bound and text not in needed and name not in leave_out:
                _check_importable(node, name)
                needed.add(text)
                open_names.extend(sorted(_names_read([node])))
    return [text for _, text, _ in statements if text in needed]


def _statements(text: str) -> Iterator[tuple[str, str, ast.stmt]]:
    """Bound name, source and tree of every top-level statement.

    An import of several names is taken apart.
    """
    for node in syntax_tree(text).body:
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    yield alias.asname or alias.name.partition(".")[0], ast.unparse(ast.Import([alias])), node
            case ast.ImportFrom(names=aliases):
                for alias in aliases:
                    yield alias.asname or alias.name, ast.unparse(ast.ImportFrom(node.module, [alias], node.level)), node
            case ast.FunctionDef() | ast.ClassDef():
                yield node.name, _lines(text, node, first=min([node.lineno, *(d.lineno for d in node.decorator_list)])), node
            case ast.Assign() | ast.AnnAssign():
                for name in sorted(_names_stored(ast.walk(node))):
                    yield name, _lines(text, node), node
            case _:
                pass


def _check_importable(node: ast.stmt, name: str) -> None:
    if isinstance(node, ast.ImportFrom) and node.level:
        raise ConfigError(
            f"The heuristic needs {name!r} from the relative import {ast.unparse(node)!r}, but a candidate is a file on its own; "
            f"define {name!r} in problem.py or import it by its absolute name."
        )


def _names_read(nodes: Iterable[ast.AST]) -> set[str]:
    """Names that the nodes read and do not bind themselves."""
    parts = [part for node in nodes for part in ast.walk(node)]
    bound = _names_stored(parts) | {part.arg for part in parts if isinstance(part, ast.arg)}
    return {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)} - bound


def _names_stored(parts: Iterable[ast.AST]) -> set[str]:
    return {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
