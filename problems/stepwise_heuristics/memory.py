"""The memory of the machine that carries out stepwise heuristics.

One array of words, of which each is a whole number or a float, and a kind for each word. First come words of the machine's own, then the
registers of the functions at work, then what an instance shows, then what one call makes, which is forgotten after it.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import config, njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from .instructions import ARRAY, BOOL, FLOAT, INT, NPFLOAT, NPINT, OBJECT

__all__ = [
    "HEAP",
    "SPARE",
    "Memory",
    "allocated",
    "give_up",
    "memory_at",
    "new_array",
    "new_list",
    "put_float",
    "put_int",
    "put_object",
    "real",
]

TOP, STOPPED, FUEL, SIZE, SELF, CODE, FUNCTION_TABLE, CONSTANTS, SCRATCH = range(9)
TAGS, LOOPS, KERNELS = 16, 17, 18
REGISTERS, HEAP = 24, 4096
"""First word of the registers, and first word after them."""
SPARE = 64
"""Words at the end that are never given out, so that the first words of an object may be written without asking."""
EXACT = 2**53
COMPILED: bool = not config.DISABLE_JIT  # type: ignore[attr-defined]  # it is reloaded untyped


class Memory(NamedTuple):
    """The machine's memory, and NumPy's loops; pointers in compiled code, which knows no arrays but these.

    Attributes:
        ints: The words as whole numbers.
        reals: The same words as floats.
        tags: The kinds of the words' values, where they have one.
        loops: As `flat_heuristics.numpy_loops.loop_addresses` gives them, row by row.
    """

    ints: NDArray[np.int64]
    reals: NDArray[np.float64]
    tags: NDArray[np.int8]
    loops: NDArray[np.int64]


def _pointer(to: Any) -> Any:
    # Words at an address. A pointer is one number, where an array is seven that every call would pass.
    @intrinsic
    def words(_context: Any, _address: Any) -> Any:
        def code(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], target.get_value_type(signature.return_type))

        return types.CPointer(to)(types.int64), code  # type: ignore[no-untyped-call]

    return words


_whole_words, _real_words, _kinds = (_pointer(each) for each in (types.int64, types.float64, types.int8))


@njit(cache=True, nogil=True)
def _memory_at(address: int) -> Memory:
    ints = _whole_words(address)
    return Memory(ints, _real_words(address), _kinds(ints[TAGS]), _whole_words(ints[LOOPS]))


def _same(memory: Memory) -> Memory:
    return memory


memory_at = _memory_at if COMPILED else _same
"""The memory at an address; without a compiler, what stands for the address is the memory."""


@njit(cache=True, nogil=True)
def give_up(memory: Memory, reason: int) -> int:
    """Stop the machine: it cannot do exactly what Python would do, or Python would raise.

    Returns:
        0, a word that may be written.
    """
    if memory.ints[STOPPED] == 0:
        memory.ints[STOPPED] = reason
    return 0


@njit(cache=True, nogil=True)
def allocated(memory: Memory, words: int) -> int:
    """The first of so many fresh words; 0 where there are not as many left."""
    first = memory.ints[TOP]
    if words < 0 or first + words > memory.ints[SIZE] - SPARE:
        return give_up(memory, 1)
    memory.ints[TOP] = first + words
    return int(first)


@njit(cache=True, nogil=True)
def put_int(memory: Memory, slot: int, tag: int, number: int) -> None:
    """Write a whole number or a truth value."""
    memory.ints[slot] = number
    memory.tags[slot] = tag


@njit(cache=True, nogil=True)
def put_float(memory: Memory, slot: int, tag: int, number: float) -> None:
    """Write a float."""
    memory.reals[slot] = number
    memory.tags[slot] = tag


@njit(cache=True, nogil=True)
def put_object(memory: Memory, slot: int, place: int) -> None:
    """Write the place of an object."""
    memory.ints[slot] = place
    memory.tags[slot] = OBJECT


@njit(cache=True, nogil=True)
def copied(memory: Memory, slot: int, source: int) -> None:
    """Copy a value."""
    memory.ints[slot] = memory.ints[source]
    memory.tags[slot] = memory.tags[source]


@njit(cache=True, nogil=True)
def real(memory: Memory, slot: int) -> float:
    """A number as a float; gives up where that is not exact, or it is no number."""
    tag = memory.tags[slot]
    if tag in (FLOAT, NPFLOAT):
        return float(memory.reals[slot])
    number = memory.ints[slot]
    if tag < BOOL or tag >= OBJECT or number > EXACT or number < -EXACT:
        give_up(memory, 2)
        return 0.0
    return float(number)


@njit(cache=True, nogil=True)
def new_list(memory: Memory, kind: int, capacity: int) -> int:
    """An empty list or tuple: kind, length, capacity, first word."""
    head = allocated(memory, 4 + capacity)
    if head == 0:
        return 0
    memory.ints[head] = kind
    memory.ints[head + 1] = 0
    memory.ints[head + 2] = capacity
    memory.ints[head + 3] = head + 4
    return head


@njit(cache=True, nogil=True)
def new_array(memory: Memory, dtype: int, rows: int, columns: int) -> int:
    """An array that is not filled: kind, rows, dtype, first word, stride of rows, columns, stride of columns, writable.

    Columns are 0 for a vector, whose entries are its rows.
    """
    head = allocated(memory, 8 + rows * max(columns, 1))
    if head == 0:
        return 0
    memory.ints[head] = ARRAY
    memory.ints[head + 1] = rows
    memory.ints[head + 2] = dtype
    memory.ints[head + 3] = head + 8
    memory.ints[head + 4] = max(columns, 1)
    memory.ints[head + 5] = columns
    memory.ints[head + 6] = 1
    memory.ints[head + 7] = 1
    return head


@njit(cache=True, nogil=True)
def appended(memory: Memory, head: int, source: int) -> None:
    """Append a value to a list, which moves to twice the room where it is full."""
    ints = memory.ints
    length, capacity = ints[head + 1], ints[head + 2]
    if length == capacity:
        room = allocated(memory, max(8, 2 * capacity))
        if room == 0:
            return
        old = ints[head + 3]
        for i in range(length):
            copied(memory, room + i, old + i)
        ints[head + 2] = max(8, 2 * capacity)
        ints[head + 3] = room
    copied(memory, ints[head + 3] + length, source)
    ints[head + 1] = length + 1


@njit(cache=True, nogil=True)
def kind_of(memory: Memory, slot: int) -> int:
    """The kind of the object that a register holds; 0 if it holds none."""
    return int(memory.ints[memory.ints[slot]]) if memory.tags[slot] == OBJECT else 0


@njit(cache=True, nogil=True)
def index_of(memory: Memory, slot: int, length: int) -> int:
    """A place in a sequence, counted from its end if negative; gives up where there is none."""
    number = memory.ints[slot]
    if memory.tags[slot] not in (INT, NPINT):
        return give_up(memory, 3)
    if number < 0:
        number += length
    if number < 0 or number >= length:
        return give_up(memory, 4)
    return int(number)


@njit(cache=True, nogil=True)
def put_index(memory: Memory, slot: int, number: int) -> None:
    """Write a length or a place, which are Python's whole numbers."""
    put_int(memory, slot, INT, number)
