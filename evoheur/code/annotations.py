"""Annotations, which have no effect on what a heuristic does.

The interpreter reads them all the same when a function is defined, and a name that is not there ends the program.
"""

import ast
import builtins
import typing
from collections.abc import Iterator, Sequence

from evoheur.code.program import read_program
from evoheur.code.syntax import children, compiles

__all__ = ["names_beyond_annotations", "with_annotations_unread"]

_UNREAD = "from __future__ import annotations\n"
_NUMPY = frozenset({
    "ndarray", "number", "integer", "floating", "generic", "bool_", "float16", "float32", "float64", "int8", "int16", "int32", "int64",
    "uint8", "uint16", "uint32", "uint64", "intp", "inexact", "signedinteger", "unsignedinteger", "dtype",
})  # fmt: skip

_NUMPY_TYPING = frozenset({"NDArray", "ArrayLike", "DTypeLike"})
_INDEXED = frozenset({"list", "tuple", "dict", "set", "type", "frozenset"})


def with_annotations_unread(code: str) -> str:
    """Have the interpreter pass over annotations, where one may name nothing.

    Then the source begins with the import that says so; else it is as it was.

    Args:
        code: Source that compiles.
    """
    program = read_program(code)
    bound = {name for part in program.parts for name in part.binds}
    if all(_is_there(annotation, bound) for annotation in _annotations(program.tree)):
        return code
    body = program.tree.body
    if any(isinstance(node, ast.ImportFrom) and node.module == "__future__" and _names_annotations(node) for node in body):
        return code
    unread = _beginning_with_import(code, body) if ast.get_docstring(program.tree, clean=False) is not None else _UNREAD + code
    return unread if compiles(unread) is None else code  # an annotation may do what only one that is read may


def _beginning_with_import(code: str, body: Sequence[ast.stmt]) -> str:
    first = body[0].end_lineno or 1  # nothing but a docstring may stand above
    lines = code.splitlines(keepends=True)
    return code if len(body) > 1 and body[1].lineno == first else "".join([*lines[:first], _UNREAD, *lines[first:]])


def names_beyond_annotations(code: str) -> frozenset[str]:
    """The names that a source reads elsewhere than in annotations.

    Args:
        code: Source that compiles.
    """
    tree = read_program(code).tree
    unread = {id(node) for annotation in _annotations(tree) for node in ast.walk(annotation)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in unread)


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    """The annotations that the interpreter reads; those of a function's variables it passes over."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, local = waiting.pop()
        match node:
            case ast.arg(annotation=ast.expr() as annotation):
                yield annotation
            case ast.AnnAssign(annotation=annotation) if not local:
                yield annotation
            case ast.FunctionDef(returns=ast.expr() as returns) | ast.AsyncFunctionDef(returns=ast.expr() as returns):
                yield returns
        within = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or (
            local and not isinstance(node, ast.ClassDef)
        )
        waiting += [(child, within) for child in children(node)]


def _names_annotations(node: ast.ImportFrom) -> bool:
    return any(alias.name == "annotations" for alias in node.names)


def _is_there(annotation: ast.expr, bound: set[str]) -> bool:
    """Whether all that an annotation names is known to be there.

    A name that the module binds is trusted, by itself or with an index.
    """
    match annotation:
        case ast.Subscript(value=value, slice=index):
            indexed = not isinstance(value, ast.Name) or value.id in bound or value.id in _INDEXED
            return indexed and _is_there(value, bound) and _is_there(index, bound)
        case ast.Tuple(elts=entries) | ast.List(elts=entries):
            return all(_is_there(entry, bound) for entry in entries)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_there(left, bound) and _is_there(right, bound)
    return isinstance(annotation, ast.Constant) or _is_known(annotation, bound)


def _is_known(named: ast.expr, bound: set[str]) -> bool:
    match named:
        case ast.Name(id=name):
            return name in bound or hasattr(builtins, name)
        case ast.Attribute(value=ast.Name(id=module), attr=attribute):
            known = {"np": _NUMPY, "numpy": _NUMPY, "npt": _NUMPY_TYPING, "typing": typing.__all__}
            return module in bound and attribute in known.get(module, ())
    return False
