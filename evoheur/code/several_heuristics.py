"""Sources with more than one heuristic, each in a scope of its own."""

import ast
import builtins
import textwrap
from collections.abc import Iterator, Mapping

from evoheur.code.signature import FunctionSignature, parameters_of
from evoheur.code.syntax import copied, syntax_tree

__all__ = ["maker_of", "taking_over"]

_BUILT_IN = frozenset(dir(builtins))
_LOOKS_AROUND = frozenset({"globals", "locals", "vars", "exec", "eval", "__name__", "__file__", "super"})
_INDENT = "    "


def maker_of(code: str, maker: str, functions: tuple[str, ...], *, words: str = "") -> str:
    """Write a function that makes a heuristic's functions, whatever else its source has.

    Args:
        code: Source that defines the functions on top level.
        maker: Name of the function that is written.
        functions: What it returns: the one, or a dictionary of several by name.
        words: Its docstring; a line.

    Returns:
        Source of a function without arguments.
    """
    docstring = [f'{_INDENT}"""{_in_docstring(words)}"""'] if words else []
    if _can_be_nested(syntax_tree(code)):
        made = functions[0] if len(functions) == 1 else f"{{{', '.join(f'{name!r}: {name}' for name in functions)}}}"
        body = [textwrap.indent(code.strip("\n"), _INDENT), "", f"{_INDENT}return {made}"]
    else:  # what it says of its own module holds in a module of its own only
        made = f"names[{functions[0]!r}]" if len(functions) == 1 else f"{{name: names[name] for name in {functions!r}}}"
        source = "\n".join(f"{_INDENT}{_INDENT}{line!r}" for line in code.strip("\n").splitlines(keepends=True))
        body = [
            f"{_INDENT}source = (\n{source}\n{_INDENT})",
            f'{_INDENT}names = {{"__name__": "heuristic"}}',
            f"{_INDENT}exec(source, names)",
            f"{_INDENT}return {made}",
        ]
    return "\n".join([f"def {maker}():", *docstring, *body]) + "\n"


def taking_over(first: str, then: str, signature: FunctionSignature, *, arrived: str, after: int) -> str:
    """Write a heuristic that does what one does for the first arrivals, and what another does from then on.

    Two formulas become one, so that what computes formulas fast still does.

    Args:
        first: Source of the one.
        then: Source of the other.
        signature: Of the function that both define.
        arrived: The parameter that counts arrivals, the one at hand included.
        after: How many arrivals are the first one's.
    """
    formulas = [_formula(code, signature, prefix) for code, prefix in ((first, "first"), (then, "then"))]
    head = f"def {signature.name}({', '.join(signature.parameters)}):"
    if all(formulas):
        lines = [line for formula in formulas if formula is not None for line in formula]
        body = [*lines, f"return np.where({arrived} <= {after}, first_scores, then_scores)"]
        return "\n".join(["import numpy as np", "", "", head, *(f"{_INDENT}{line}" for line in body)]) + "\n"
    makers = [maker_of(code, f"_make_{name}", (signature.name,)) for code, name in ((first, "first"), (then, "then"))]
    shown = ", ".join(signature.parameters)
    return "\n\n".join(
        [
            *makers,
            "_first = _make_first()\n_then = _make_then()\n",
            f"{head}\n{_INDENT}return _first({shown}) if {arrived} <= {after} else _then({shown})\n",
        ]
    )


def _in_docstring(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', "'")


def _can_be_nested(tree: ast.Module) -> bool:
    """Whether a module does in a function what it does by itself."""
    for node in ast.walk(tree):
        match node:
            case ast.Global() | ast.Nonlocal():
                return False
            case ast.ImportFrom(module="__future__") | ast.ImportFrom(names=[ast.alias(name="*")]):
                return False
            case ast.Name(id=name) if name in _LOOKS_AROUND:
                return False
            case ast.Constant(value=str() | bytes()) | ast.JoinedStr() if node.end_lineno != node.lineno:
                return False  # its lines would be indented, too
    return not any(name in _BUILT_IN for statement in tree.body for name in _stored(statement))


def _stored(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)


def _formula(code: str, signature: FunctionSignature, prefix: str) -> list[str] | None:
    """The lines of a heuristic that is one formula, with names of their own; else None.

    The last line is `PREFIX_scores = …`.
    """
    found = _alone(syntax_tree(code), signature)
    if found is None or not isinstance(found.body[-1], ast.Return):
        return None
    own = dict(zip(parameters_of(found), signature.parameters, strict=True))  # what the body calls something → its name now
    lines: list[str] = []
    for statement in found.body:
        match statement:
            case ast.Expr(value=ast.Constant(value=str())):
                continue
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                pass
            case ast.Return(value=ast.expr() as value) if statement is found.body[-1]:
                name = "scores"
            case _:
                return None
        written = _renamed(value, own)
        if written is None:
            return None
        lines.append(f"{prefix}_{name} = {written}")
        own[name] = f"{prefix}_{name}"
    return lines


def _alone(tree: ast.Module, signature: FunctionSignature) -> ast.FunctionDef | None:
    """The function, if nothing but imports of NumPy stands beside it and it takes what the signature has; else None."""
    modules: dict[str, str] = {}
    found: ast.FunctionDef | None = None
    for statement in tree.body:
        match statement:
            case ast.Import(names=names):
                modules |= {alias.asname or alias.name: alias.name for alias in names}
            case ast.ImportFrom(module="typing" | "numpy.typing"):  # for annotations, which formulas lose
                pass
            case ast.FunctionDef(name=signature.name) if found is None:
                found = statement
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case _:
                return None
    known = modules in ({}, {"np": "numpy"})
    return found if known and found is not None and _is_plain(found, signature) else None


def _is_plain(function: ast.FunctionDef, signature: FunctionSignature) -> bool:
    arguments = function.args
    plain = not (function.decorator_list or arguments.defaults or arguments.vararg or arguments.kwonlyargs or arguments.kwarg)
    return plain and len(parameters_of(function)) == len(signature.parameters)


def _renamed(value: ast.expr, own: Mapping[str, str]) -> str | None:
    """An expression with other names.

    None where it could change what it is given, or has a scope of its own.
    """
    tree = copied(value)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np")), keywords=[]) | ast.Call(func=ast.Name(), keywords=[]):
                pass
            case (
                ast.Call() | ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp() | ast.NamedExpr()
            ):
                return None
            case ast.Name(id=name) if name in own:
                node.id = own[name]
            case ast.Name(id=name) if name != "np" and name not in _BUILT_IN:
                return None
    return ast.unparse(tree)
