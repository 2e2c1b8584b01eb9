"""A stepwise heuristic that is asked by compiled loops, and held against the candidate itself."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.flat_heuristics.numpy_loops import loop_addresses

from .instructions import ARRAY, NPFLOAT, NPINT
from .memory import (
    CODE,
    COMPILED,
    CONSTANTS,
    FUNCTION_TABLE,
    HEAP,
    KERNELS,
    LOOPS,
    SELF,
    SIZE,
    STOPPED,
    TAGS,
    TOP,
    Memory,
)
from .separate_kernels import kernel_addresses
from .step_translation import NotTranslated, Steps, translated

__all__ = ["LARGEST_INSTANCE", "AskedRoutine", "asked_routine"]

LARGEST_INSTANCE = 2**22
"""Words that an instance may fill, which is what a matrix of 2,048 nodes does; larger ones are Python's."""

_ROOM = 2**20
_FIRST_STRIDE, _STRIDE = 4, 32
_ALLOWED, _SHARE = 4, 8


class AskedRoutine:
    """One candidate in the machine.

    Now and then a question goes to both, the candidate and the machine: of the first instance every fourth, of the others every 32nd. Where
    they differ, or where the machine leaves more than an eighth of the questions to Python, it is asked no more.

    Attributes:
        steps: The instructions.
        memory: What they work on.
        plain_because: Why the machine is not asked; empty while it is.
    """

    def __init__(self, steps: Steps | None, plain_because: str = "") -> None:
        self.plain_because = plain_because
        self._steps = steps
        self._memory: Memory | None = None
        self._instances = 0
        self._asked, self._left = 0, 0

    @property
    def path(self) -> str:
        """What notes say of it."""
        return "plain" if self.plain_because else "machine"

    @property
    def steps(self) -> Steps:
        """The instructions; there are some while `plain_because` is empty."""
        assert self._steps is not None
        return self._steps

    @property
    def memory(self) -> Memory:
        """The memory, once something was laid out."""
        assert self._memory is not None
        return self._memory

    def lay_out(self, *arrays: NDArray[np.float64] | NDArray[np.int64]) -> list[int]:
        """Forget the instance before, and write what the next one shows all the time.

        Args:
            *arrays: Vectors and matrices. The machine never changes them.

        Returns:
            Where each is, for a register.
        """
        words = sum(array.size + 8 for array in (*arrays, *self._program()))
        self._make_room(HEAP + words + _ROOM)
        memory = self.memory
        memory.ints[TOP] = HEAP
        self._load()
        places = [self._put(array, NPINT if array.dtype.kind == "i" else NPFLOAT) for array in arrays]
        self._instances += 1
        return places

    def _program(self) -> tuple[NDArray[np.int64], ...]:
        return self.steps.code, self.steps.functions, self.steps.constants

    def _load(self) -> None:
        ints = self.memory.ints
        for word, array in zip((CODE, FUNCTION_TABLE, CONSTANTS), self._program(), strict=True):
            ints[word] = self._put(array.ravel(), NPINT) + 8
        first = int(ints[CONSTANTS])
        self.memory.tags[first : first + self.steps.kinds.size] = self.steps.kinds

    def _put(self, array: NDArray[np.float64] | NDArray[np.int64], dtype: int) -> int:
        memory = self.memory
        top, columns = int(memory.ints[TOP]), 0 if array.ndim == 1 else array.shape[1]
        memory.ints[top : top + 8] = (ARRAY, len(array), dtype, top + 8, columns or 1, columns, 1, 0)
        words = memory.ints if dtype == NPINT else memory.reals
        words[top + 8 : top + 8 + array.size] = array.ravel()
        memory.ints[TOP] = top + 8 + array.size
        return top

    def _make_room(self, words: int) -> None:
        if self._memory is not None and self._memory.ints.size >= words:
            return
        ints, tags, loops = np.empty(words, dtype=np.int64), np.empty(words, dtype=np.int8), loop_addresses().ravel()
        ints[SIZE], ints[SELF], ints[TAGS], ints[LOOPS] = words, ints.ctypes.data, tags.ctypes.data, loops.ctypes.data
        ints[KERNELS : KERNELS + kernel_addresses().size] = kernel_addresses()
        self._memory = Memory(ints, ints.view(np.float64), tags, loops)

    @property
    def handle(self) -> Any:
        """What kernels know the memory by: its address, or without a compiler itself."""
        return int(self.memory.ints[SELF]) if COMPILED else self.memory

    def next_shared(self, question: int) -> int:
        """The next question, this one or later, that both answer."""
        stride = _FIRST_STRIDE if self._instances <= 1 else _STRIDE
        return question + (self._instances - 1 - question) % stride

    def count(self, answered: int, left: int) -> None:
        """Count questions that the machine answered, and that it left to Python; it gives way if those are too many."""
        self._asked += answered + left
        self._left += left
        if self._left > _ALLOWED + self._asked // _SHARE:
            self.plain_because = (
                f"the machine gave up on {self._left} of {self._asked} questions (code {self.memory.ints[STOPPED]})"
            )

    def differ(self, question: int) -> None:
        """Have the machine asked no more, since it answered otherwise than the candidate."""
        self.plain_because = f"the machine answered question {question} otherwise"


@lru_cache(maxsize=2)
def _routine_of(code: str, function: str, arguments: int) -> AskedRoutine:
    try:
        return AskedRoutine(translated(code, function, arguments))
    except NotTranslated as refusal:
        return AskedRoutine(None, str(refusal))


def asked_routine(heuristic: Heuristic, arguments: int, words: int) -> AskedRoutine:
    """The machine for a candidate, the same one for all its instances.

    Args:
        heuristic: The candidate; its first function is asked.
        arguments: How many it is asked with.
        words: How many numbers the instance shows.
    """
    if not COMPILED:
        return AskedRoutine(None, "the compiler is off")
    if words > LARGEST_INSTANCE:
        return AskedRoutine(None, "the instance is too large")
    return _routine_of(heuristic.code, heuristic.entry.__name__, arguments)
