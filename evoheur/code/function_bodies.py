"""Writing functions anew with other bodies."""

import ast
import builtins
import textwrap
from collections.abc import Mapping, Sequence

from evoheur.code.syntax import expression, syntax_tree

__all__ = ["with_bodies"]

_KNOWN = frozenset(dir(builtins)) | {"np"}


def with_bodies(code: str, functions: Mapping[str, Sequence[str]], bodies: Mapping[str, str]) -> str | None:
    """Write functions of a module anew with other bodies.

    Args:
        code: A module that imports `np`, with the functions on top level; it is kept where a function is.
        functions: All functions that must be there, with the names of their parameters.
        bodies: Function → an expression to return, or lines of code.

    Returns:
        The source; None where a body is of no function that is there, or uses a name that it does not have.
    """
    if not set(bodies) <= set(functions):
        return None
    written = {name: _written(name, functions[name], body) for name, body in bodies.items()}
    if not all(_is_complete(source) for source in written.values()):
        return None
    if set(written) == set(functions):
        return "import numpy as np\n\n\n" + "\n\n".join(written[name] for name in functions)
    lines = code.splitlines(keepends=True)
    for node in reversed(syntax_tree(code).body):
        if isinstance(node, ast.FunctionDef) and node.name in written:
            lines[node.lineno - 1 : node.end_lineno] = [written[node.name]]
    return "".join(lines)


def _written(name: str, parameters: Sequence[str], body: str) -> str:
    try:
        expression(body)
    except SyntaxError:
        lines = textwrap.dedent(body).strip()
    else:
        lines = f"return {body}"
    return f"def {name}({', '.join(parameters)}):\n{textwrap.indent(lines, '    ')}\n"


def _is_complete(source: str) -> bool:
    """Whether all names that a function uses are its own, built in, or `np`."""
    nodes = list(ast.walk(syntax_tree(source)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return all(node.id in own or node.id in _KNOWN for node in names)
