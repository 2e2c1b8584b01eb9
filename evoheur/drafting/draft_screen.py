"""Check of a draft's text before anything of it runs.

It is quick feedback for a model and its reader, not a security measure: that is the jail.
"""

import ast
from collections.abc import Iterator, Mapping

from evoheur.code.syntax import REFUSALS, copied, syntax_tree

__all__ = ["DRAFT_MODULES", "screen_draft"]

DRAFT_MODULES = (
    "__future__", "bisect", "collections", "collections.abc", "dataclasses", "enum", "evoheur.problem", "evoheur.textbook_rule",
    "fractions", "functools", "heapq", "itertools", "math", "numpy", "numpy.typing", "operator", "statistics", "typing",
)  # fmt: skip
"""What the files of a draft may import, besides one another."""

_OWN = ("problem", "textbook_rules", "generate")
_BUILTINS = frozenset(
    {
        "__import__",
        "breakpoint",
        "compile",
        "delattr",
        "eval",
        "exec",
        "exit",
        "globals",
        "input",
        "locals",
        "open",
        "quit",
        "setattr",
    }
)


def screen_draft(files: Mapping[str, str]) -> list[str]:
    """What is wrong with the text of a draft, in words for the model; empty if nothing is.

    Args:
        files: Name → source.
    """
    return [f"{name}: {fault}" for name, source in files.items() for fault in _faults(source)]


def _faults(source: str) -> Iterator[str]:
    try:
        tree = copied(syntax_tree(source))
    except SyntaxError as error:
        yield f"line {error.lineno}: {error.msg}; it does not parse"
        return
    except REFUSALS as error:
        yield f"{type(error).__name__}: {error}; it does not parse"
        return
    for node in ast.walk(tree):
        yield from _of_node(node)


def _of_node(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name not in DRAFT_MODULES:
                yield _foreign(node.lineno, alias.name)
    elif isinstance(node, ast.ImportFrom):
        if node.level > 1 or (node.level == 1 and (node.module or "") not in _OWN):
            yield f"line {node.lineno} imports from {'.' * node.level}{node.module or ''}; there are only .{', .'.join(_OWN)}"
        elif not node.level and node.module not in DRAFT_MODULES:
            yield _foreign(node.lineno, node.module or "")
    elif isinstance(node, ast.Name) and node.id in _BUILTINS:
        yield f"line {node.lineno} uses {node.id}, which no problem needs"
    elif isinstance(node, ast.Attribute) and node.attr.startswith("__") and node.attr != "__class__":
        yield f"line {node.lineno} uses {node.attr}, which no problem needs"


def _foreign(line: int, module: str) -> str:
    return f"line {line} imports {module!r}; a draft may import {', '.join(DRAFT_MODULES)}"
