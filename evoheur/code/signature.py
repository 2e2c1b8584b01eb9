"""The signature: functions and parameters that a reply must define.

They are named as the problem's are.
"""

import ast
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["FunctionNode", "FunctionSignature", "accepts", "parameters_of", "signatures_of"]

FunctionNode: TypeAlias = ast.FunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class FunctionSignature:
    """A function that a candidate must define.

    Attributes:
        name: Its name.
        parameters: The names of its positional parameters, in order; a candidate may name them otherwise.
    """

    name: str
    parameters: tuple[str, ...]

    @classmethod
    def from_callable(cls, function: Callable[..., Any]) -> "FunctionSignature":
        """Read name and positional parameters of a live function."""
        positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        parameters = inspect.signature(function).parameters.values()
        return cls(name=function.__name__, parameters=tuple(p.name for p in parameters if p.kind in positional))

    @classmethod
    def from_node(cls, node: ast.FunctionDef) -> "FunctionSignature":
        """Read name and positional parameters of a parsed function."""
        return cls(name=node.name, parameters=parameters_of(node))

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.parameters)})"


def signatures_of(functions: Iterable[Callable[..., Any]]) -> tuple[FunctionSignature, ...]:
    """The signatures of a problem's functions (`Problem.functions()`), in their order."""
    return tuple(FunctionSignature.from_callable(function) for function in functions)


def parameters_of(node: FunctionNode) -> tuple[str, ...]:
    """The names of a parsed function's positional parameters, in order."""
    return tuple(argument.arg for argument in (*node.args.posonlyargs, *node.args.args))


def accepts(node: FunctionNode, count: int) -> bool:
    """Whether a parsed function takes this many positional arguments.

    Defaults and *args are allowed.
    """
    arguments = node.args
    total = len(parameters_of(node))
    if any(default is None for default in arguments.kw_defaults):  # a keyword-only parameter that must be given
        return False
    return total - len(arguments.defaults) <= count and (count <= total or arguments.vararg is not None)
