"""What is known about a function's variables while it is translated."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .kinds import Array, Base, Kind, Refused, Scalar, joined

__all__ = ["Scope", "Term", "as_base", "as_float", "call", "converted"]


@dataclass(frozen=True, slots=True)
class Term:
    """A translated expression: what it can be, and the code that computes it."""

    kind: Kind
    code: ast.expr


@dataclass(slots=True)
class Scope:
    """The variables of one function.

    Attributes:
        names: The module's names.
        variables: All that the function assigns, its parameters among them.
        kinds: What each variable can be, over the whole function; grows until a pass finds nothing new.
        assigned: Variables that surely have a value here; None where no way leads.
        answers: What the function returns.
    """

    names: Mapping[str, Any]
    variables: frozenset[str]
    kinds: dict[str, Kind]
    assigned: set[str] | None = field(default_factory=set)
    answers: list[Kind] = field(default_factory=list)

    def assign(self, name: str, term: Term) -> list[ast.stmt]:
        """Note that a variable gets a value."""
        known = self.kinds.get(name)
        self.kinds[name] = kind = term.kind if known is None else joined(known, term.kind)
        if self.assigned is not None:
            self.assigned.add(name)
        return [ast.Assign(targets=[ast.Name(local(name), ast.Store())], value=converted(term, kind))]

    def read(self, name: str) -> Term:
        """The value of a variable.

        Raises:
            Refused: It may have none here.
        """
        if name not in self.kinds or (self.assigned is not None and name not in self.assigned):
            raise Refused(f"{name} may have no value yet")
        return Term(self.kinds[name], ast.Name(local(name), ast.Load()))


def local(name: str) -> str:
    """The name of a variable in the translation, where no name of ours can be meant."""
    return f"v_{name}"


def call(function: str, *arguments: ast.expr) -> ast.expr:
    """A call of one of the exact functions, or of what else the translation may call."""
    return ast.Call(func=ast.Name(function, ast.Load()), args=list(arguments), keywords=[])


def converted(term: Term, kind: Kind) -> ast.expr:
    """The code of a value that goes into a variable of a kind which includes the value's."""
    if isinstance(kind, Array) or not isinstance(term.kind, Scalar):
        return term.code
    if kind.base in {"float", "mixed"}:
        return as_float(term)
    if kind.optional and not term.kind.optional:
        return call("some", term.code)
    return term.code


def as_float(term: Term) -> ast.expr:
    """The code of a number as a float.

    Raises:
        Refused: It is no number.
    """
    if not isinstance(term.kind, Scalar) or term.kind.base not in {"int", "float", "mixed"} or term.kind.optional:
        raise Refused("something else than a number where a number is needed")
    if term.kind.base != "int":
        return term.code
    if isinstance(term.code, ast.Constant) and isinstance(term.code.value, int) and abs(term.code.value) <= 2**53:
        return ast.Constant(float(term.code.value))
    return call("to_float", term.code)


def as_base(term: Term, base: Base) -> ast.expr:
    """The code of a value that goes into an array.

    Raises:
        Refused: NumPy would have to change the value.
    """
    if base == "float":
        return as_float(term)
    if not isinstance(term.kind, Scalar) or term.kind.base != base or term.kind.optional:
        raise Refused(f"something else than {base} in an array of {base}")
    return term.code
