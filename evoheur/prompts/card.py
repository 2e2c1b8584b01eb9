"""The problem card: what a prompt says about a problem.

It is read off the problem's own code: there is no second place to describe it.
"""

import inspect
import re
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evoheur.errors import ConfigError
from evoheur.problem import Problem
from evoheur.prompts.function_source import FunctionSource, needed_definitions, one_file, read_function

__all__ = ["FunctionCard", "MatrixCard", "ProblemCard"]

_SECTION = re.compile(r"^(?:Args|Attributes|Examples?|Notes?|Raises|References?|Returns):\s*$", re.MULTILINE)
_ARGUMENT = re.compile(r"^ {4}(\w+): ", re.MULTILINE)
_MATRIX = re.compile(r"\bshape \(([a-z_]+), ([a-z_]+)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCard:
    """Matrices of one shape that a function takes or returns, as its docstring says.

    Attributes:
        names: The parameters' names; "return" for the result.
        rows: What its rows stand for, such as "customers".
        columns: What its columns stand for.
    """

    names: tuple[str, ...]
    rows: str
    columns: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCard:
    """One function that evolves.

    Attributes:
        name: Its name.
        parameters: Names of its parameters, in order.
        arrays: Those of its parameters that are annotated as NumPy arrays.
        returns_array: Whether its result is annotated as a NumPy array.
        docstring: Its docstring without indentation; empty if there is none.
        matrices: Those of its arrays, the result last, whose docstring gives a shape such as "(cities, cities)"; by shape.
    """

    name: str
    parameters: tuple[str, ...]
    arrays: tuple[str, ...]
    returns_array: bool
    docstring: str
    matrices: tuple[MatrixCard, ...] = ()

    @property
    def call(self) -> str:
        """Name and parameters, such as "priority(item, bins)"."""
        return f"{self.name}({', '.join(self.parameters)})"

    @property
    def anonymous(self) -> "FunctionCard":
        """The card without docstring and telling names.

        Parameters x1, x2, … stand in place of names that tell what they are.
        """
        renamed = {parameter: f"x{place}" for place, parameter in enumerate(self.parameters, 1)}
        arrays = tuple(renamed[parameter] for parameter in self.arrays)
        return replace(self, parameters=tuple(renamed.values()), arrays=arrays, docstring="", matrices=())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemCard:
    """One problem as prompts describe it.

    Attributes:
        title: The problem class's name in words.
        description: The class docstring up to its first section such as "Args:", without indentation.
        functions: The functions that evolve, in the order they are shown.
        skeleton: Headers, annotated as in the source, and docstrings, each with an ellipsis for a body, below the imports and type aliases
            that the annotations need.
        code: The functions with their bodies, below the imports, constants and helpers they need: a file that runs on its own, and
            the first candidate.
        structured: Whether the answer is to be JSON.
    """

    title: str
    description: str
    functions: tuple[FunctionCard, ...]
    skeleton: str
    code: str
    structured: bool = False

    @property
    def anonymous(self) -> "ProblemCard":
        """The card for a method which hides the problem.

        All that it may tell: the functions' names, which candidates must keep, and how they are called.
        """
        functions = tuple(function.anonymous for function in self.functions)
        skeleton = "\n\n\n".join(f"def {function.call}:\n    ..." for function in functions)
        return replace(self, title="", description="", functions=functions, skeleton=skeleton, code="")

    @classmethod
    def from_problem(cls, problem: Problem[Any]) -> "ProblemCard":
        """Read the card off a problem.

        Raises:
            ConfigError: The problem has no docstring, a function's source cannot be read or cannot stand alone, or an annotation names
                nothing.
        """
        kind = type(problem)
        description = _SECTION.split(inspect.cleandoc(kind.__doc__ or ""), maxsplit=1)[0].strip()
        if not description:
            raise ConfigError(f"{kind.__module__}.{kind.__name__} has no docstring, which is what the model is told; write one.")
        # What is assigned may be wrapped: a staticmethod inside a tuple, a numba dispatcher, a decorated function.
        functions = [inspect.unwrap(getattr(function, "py_func", function)) for function in problem.functions()]
        sources = [read_function(function) for function in functions]
        return cls(
            title=_words(kind.__name__),
            description=description,
            functions=tuple(_function_card(function, source) for function, source in zip(functions, sources, strict=True)),
            skeleton=one_file(needed_definitions(sources, bodies=False), (source.skeleton for source in sources)),
            code=one_file(needed_definitions(sources, bodies=True), (source.text for source in sources)),
        )


def _function_card(function: Callable[..., Any], source: FunctionSource) -> FunctionCard:
    name = source.node.name
    try:
        hints = typing.get_type_hints(function)
    except NameError as error:
        raise ConfigError(f"An annotation of heuristic {name!r} names nothing: {error}; import it in problem.py.") from error
    parameters = tuple(inspect.signature(function).parameters)
    docstring = inspect.getdoc(function) or ""
    return FunctionCard(
        name=name,
        parameters=parameters,
        arrays=tuple(parameter for parameter in parameters if _is_array(hints.get(parameter))),
        returns_array=_is_array(hints.get("return")),
        docstring=docstring,
        matrices=tuple(_matrices(docstring)),
    )


def _matrices(docstring: str) -> Iterator[MatrixCard]:
    arguments, _, result = docstring.partition("\nReturns:")
    pieces = _ARGUMENT.split(arguments)  # what comes before, then name and text of each argument
    shapes: dict[tuple[str, str], list[str]] = {}
    for name, text in [*zip(pieces[1::2], pieces[2::2], strict=True), ("return", result)]:
        found = _MATRIX.search(text)
        if found is not None:
            shapes.setdefault((found[1], found[2]), []).append(name)
    for (rows, columns), names in shapes.items():
        yield MatrixCard(names=tuple(names), rows=rows, columns=columns)


def _is_array(hint: object) -> bool:
    return (typing.get_origin(hint) or hint) is np.ndarray


def _words(name: str) -> str:
    """Turn "OnlineBinPacking" into "Online bin packing" and "GuidedTSP" into "Guided TSP"."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    return " ".join(part if place == 0 or part.isupper() else part.lower() for place, part in enumerate(parts))
