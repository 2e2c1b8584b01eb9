"""Compiles translated functions, and knows what that costs."""

import ast
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher

from .exact import FUNCTIONS
from .kinds import PYTHON_INT, Array
from .translation import Translation, translate

__all__ = ["compile_for", "cost", "measure"]

_SPECIMEN = """
def specimen(here, nodes, distances):
    best, least = -1, float("inf")
    for node in nodes:
        score = distances[here, node]
        for other in nodes:
            if other != node and distances[node, other] < score:
                score -= 0.5 * distances[node, other]
        if score < least:
            best, least = node, score
    return best
"""


_SPECIMEN_CODE = next(part for part in compile(_SPECIMEN, "specimen", "exec").co_consts if isinstance(part, CodeType))
_CAUTION = 1.5


@dataclass(slots=True)
class _Measured:
    seconds: float = 0.5


_measured = _Measured()  # filled before any fork; children inherit it


def compile_for(translation: Translation, arguments: Sequence[Any]) -> Callable[..., Any]:
    """Compile a function for arguments like these."""
    namespace: dict[str, Any] = {"np": np, **FUNCTIONS}
    exec(compile(translation.source, "compiled heuristic", "exec"), namespace)  # noqa: S102 - our own translation
    compiled: Callable[..., Any] = numba.njit(error_model="python", boundscheck=True)(namespace[translation.name])
    if isinstance(compiled, Dispatcher):  # else numba's compiler is switched off, and it is the translation itself
        compiled.compile(tuple(numba.typeof(argument) for argument in arguments))  # type: ignore[no-untyped-call]
        compiled.disable_compile()
    return compiled


def measure() -> None:
    """Compile a specimen, so that later compiling is as quick as it gets and what it costs is known.

    The first time also loads what all compiling needs, so what is measured is rather too much; candidates are longer, though.
    """
    function = ast.parse(_SPECIMEN).body[0]
    assert isinstance(function, ast.FunctionDef)
    translation = translate(function, [PYTHON_INT, Array("int", 1), Array("float", 2)], {"float": float})
    arguments = [0, np.zeros(1, dtype=np.int64), np.zeros((1, 1))]
    start = time.process_time()
    compile_for(translation, arguments)
    _measured.seconds = time.process_time() - start


def cost(function: FunctionType) -> float:
    """Seconds that compiling a function is expected to take: as much more than the specimen as it is longer, and half as much again."""
    length = len(function.__code__.co_code) / len(_SPECIMEN_CODE.co_code)
    return _CAUTION * max(1.0, length) * _measured.seconds
