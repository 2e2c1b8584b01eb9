"""One question to a program, answered by Python and by the machine."""

import math
from typing import Any

import numba
import numpy as np

from evoheur.problems.stepwise_heuristics.asked import AskedRoutine
from evoheur.problems.stepwise_heuristics.instructions import (
    ARRAY,
    BOOL,
    DICT,
    FLOAT,
    INT,
    LIST,
    NONE,
    NPBOOL,
    NPFLOAT,
    NPINT,
    OBJECT,
    RANGE,
    SET,
    TUPLE,
)
from evoheur.problems.stepwise_heuristics.memory import (
    FUEL,
    REGISTERS,
    STOPPED,
    Memory,
    memory_at,
    put_float,
    put_int,
    put_object,
)
from evoheur.problems.stepwise_heuristics.run_loop import carry_out
from evoheur.problems.stepwise_heuristics.step_translation import translated

GAVE_UP = "gave up"

_SCALARS = {BOOL: bool, INT: int, NPBOOL: np.bool_, NPINT: np.int64}


@numba.njit(cache=True)
def asked_once(handle: Any, first: int, second: int, number: float, fuel: int) -> int:
    """Ask with a vector, a matrix and a number."""
    memory = memory_at(handle)
    memory.ints[FUEL] = fuel
    put_object(memory, REGISTERS + 3, first)
    put_object(memory, REGISTERS + 4, second)
    put_float(memory, REGISTERS + 5, FLOAT, number)
    put_int(memory, REGISTERS + 6, INT, 3)
    return carry_out(memory)


def by_machine(code: str, vector: Any, matrix: Any, number: float) -> Any:
    """What `f(vector, matrix, number, 3)` of a program returns, or `GAVE_UP`."""
    asked = AskedRoutine(translated(code, "f"))
    first, second = asked.lay_out(vector, matrix)
    out = asked_once(asked.handle, first, second, number, 10_000_000)
    return GAVE_UP if asked.memory.ints[STOPPED] else read(asked.memory, out)


def by_python(code: str, vector: Any, matrix: Any, number: float) -> Any:
    """What the same call returns in Python."""
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    with np.errstate(all="ignore"):
        return namespace["f"](vector.copy(), matrix, number, 3)


def read(memory: Memory, slot: int) -> Any:
    """A value of the machine as Python has it."""
    tag, word = int(memory.tags[slot]), int(memory.ints[slot])
    if tag == NONE:
        return None
    if tag in _SCALARS:
        return _SCALARS[tag](word)
    if tag in (FLOAT, NPFLOAT):
        number = float(memory.reals[slot])
        return number if tag == FLOAT else np.float64(number)
    assert tag == OBJECT, f"a value of kind {tag}"
    return _read_object(memory, word)


def _read_object(memory: Memory, head: int) -> Any:
    kind, length, *rest = (int(each) for each in memory.ints[head : head + 8])
    if kind in (LIST, TUPLE):
        values = [read(memory, rest[1] + place) for place in range(length)]
        return values if kind == LIST else tuple(values)
    if kind == RANGE:
        return range(rest[0], rest[0] + length * rest[1], rest[1])
    if kind == SET:
        return [read(memory, slot) for slot in range(rest[1], rest[1] + rest[0] + 1) if memory.tags[slot] > 0]
    if kind == DICT:
        return [(read(memory, rest[1] + place), read(memory, rest[2] + place)) for place in range(length)]
    assert kind == ARRAY
    words = memory.reals if rest[0] == NPFLOAT else memory.ints
    dtype = {NPBOOL: np.bool_, NPINT: np.int64, NPFLOAT: np.float64}[rest[0]]
    shape = (length,) if rest[3] == 0 else (length, rest[3])
    made: Any = np.empty(shape, dtype=dtype)
    for place in np.ndindex(*shape):
        made[place] = words[rest[1] + place[0] * rest[2] + (place[1] * rest[4] if rest[3] else 0)]
    return made


def alike(one: Any, two: Any) -> bool:
    """Whether two values are the same in kind, order and every bit."""
    if isinstance(one, set | frozenset):
        one = list(one)
    if isinstance(one, dict):
        one = list(one.items())
    if isinstance(one, np.ndarray):
        return (
            isinstance(two, np.ndarray) and one.shape == two.shape and one.dtype == two.dtype and one.tobytes() == two.tobytes()
        )
    if type(one) is not type(two):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(two) and all(alike(a, b) for a, b in zip(one, two, strict=True))
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(two)
    return bool(one == two) and (not isinstance(one, float) or math.copysign(1.0, one) == math.copysign(1.0, two))
