"""Sets and dicts of the machine.

A set of whole numbers is laid out as CPython lays it out, because programs go through sets, and the order of that is where elements are.
The rules are those of CPython's `setobject.c`, the same from 3.7 on but for one, which is looked at. A dict is in the order of insertion.
"""

from numba import njit

from .instructions import DICT, INT, NPINT, OBJECT, SET, TUPLE
from .memory import Memory, allocated, copied, give_up, kind_of
from .scalar_kernels import equals

__all__ = [
    "add_entry", "dict_place", "discard_entry", "in_set", "merged", "new_dict", "new_set", "set_copy", "set_difference", "set_intersection",
    "store_in_dict",
]  # fmt: skip

_SMALLEST, _LINEAR_PROBES, _PERTURB_SHIFT, _MANY = 8, 9, 5, 50000
_REMOVED = -1


def _reuses_removed() -> bool:
    # Whether this Python puts a new element where another one was removed; some versions do.
    numbers = {0, 1, 2}
    numbers.discard(0)
    numbers.add(8)
    return next(iter(numbers)) == 8


_REUSED = _reuses_removed()


@njit(cache=True, nogil=True)
def new_set(memory: Memory) -> int:
    """An empty set: kind, length, mask, first word of the table, slots that are or were in use."""
    head = allocated(memory, 5)
    if head == 0:
        return 0
    table = _new_table(memory, _SMALLEST)
    memory.ints[head] = SET
    memory.ints[head + 1] = 0
    memory.ints[head + 2] = _SMALLEST - 1
    memory.ints[head + 3] = table
    memory.ints[head + 4] = 0
    return head


@njit(cache=True, nogil=True)
def _new_table(memory: Memory, size: int) -> int:
    table = allocated(memory, size)
    if table != 0:
        for slot in range(table, table + size):
            memory.tags[slot] = 0
    return table


@njit(cache=True, nogil=True)
def _key(memory: Memory, slot: int) -> int:
    # Hashes of whole numbers from 0 on are the numbers themselves.
    if memory.tags[slot] not in (INT, NPINT) or memory.ints[slot] < 0 or memory.ints[slot] >= 2**60:
        return give_up(memory, 20)
    return int(memory.ints[slot])


@njit(cache=True, nogil=True)
def _place(memory: Memory, head: int, key: int, fresh: bool) -> int:
    # The slot of a key, or the empty one where it belongs; without looking for the key if it is known to be new.
    ints, tags = memory.ints, memory.tags
    mask, table = ints[head + 2], ints[head + 3]
    perturb, i, removed = key, key & mask, 0
    while True:
        last = i + _LINEAR_PROBES if i + _LINEAR_PROBES <= mask else i
        for slot in range(table + i, table + last + 1):
            if not fresh and tags[slot] > 0 and ints[slot] == key:
                return int(slot)
            if tags[slot] == 0:
                return int(removed if removed and not fresh else slot)
            if tags[slot] == _REMOVED and _REUSED:
                removed = slot
        perturb >>= _PERTURB_SHIFT
        i = (i * 5 + 1 + perturb) & mask


@njit(cache=True, nogil=True)
def _resize(memory: Memory, head: int, least: int) -> None:
    ints, tags = memory.ints, memory.tags
    size = _SMALLEST
    while size <= least:
        size *= 2
    old, length = ints[head + 3], ints[head + 2] + 1
    table = _new_table(memory, size)
    if table == 0:
        return
    ints[head + 2], ints[head + 3], ints[head + 4] = size - 1, table, ints[head + 1]
    for slot in range(old, old + length):
        if tags[slot] > 0:
            copied(memory, _place(memory, head, ints[slot], True), slot)


@njit(cache=True, nogil=True)
def in_set(memory: Memory, head: int, slot: int) -> bool:
    """Whether a set has the value of a slot."""
    return bool(memory.tags[_place(memory, head, _key(memory, slot), False)] > 0)


@njit(cache=True, nogil=True)
def add_entry(memory: Memory, head: int, slot: int) -> None:
    """Add the value of a slot to a set, unless it is in it."""
    ints = memory.ints
    place = _place(memory, head, _key(memory, slot), False)
    if memory.tags[place] > 0 or ints[1] != 0:
        return
    reused = memory.tags[place] == _REMOVED
    copied(memory, place, slot)
    ints[head + 1] += 1
    if reused:
        return
    ints[head + 4] += 1
    if ints[head + 4] * 5 >= ints[head + 2] * 3:
        _resize(memory, head, _roomy(ints[head + 1]))


@njit(cache=True, nogil=True)
def _roomy(used: int) -> int:
    return used * 2 if used > _MANY else used * 4


@njit(cache=True, nogil=True)
def discard_entry(memory: Memory, head: int, slot: int) -> bool:
    """Take the value of a slot out of a set; whether it was in it."""
    place = _place(memory, head, _key(memory, slot), False)
    if memory.tags[place] <= 0 or memory.ints[1] != 0:
        return False
    memory.tags[place] = _REMOVED
    memory.ints[head + 1] -= 1
    return True


@njit(cache=True, nogil=True)
def merged(memory: Memory, head: int, other: int) -> None:
    """Add all of another set to a set."""
    ints, tags = memory.ints, memory.tags
    if head == other or ints[other + 1] == 0:
        return
    if (ints[head + 4] + ints[other + 1]) * 5 >= ints[head + 2] * 3:
        _resize(memory, head, (ints[head + 1] + ints[other + 1]) * 2)
    if ints[1] != 0:
        return
    first, length, empty = ints[other + 3], ints[other + 2] + 1, ints[head + 4] == 0
    if empty and ints[head + 2] == ints[other + 2] and ints[other + 4] == ints[other + 1]:
        for i in range(length):
            copied(memory, ints[head + 3] + i, first + i)
    for slot in range(first, first + length):
        if tags[slot] <= 0:
            continue
        if not empty:
            add_entry(memory, head, slot)
        elif ints[head + 2] != ints[other + 2] or ints[other + 4] != ints[other + 1]:
            copied(memory, _place(memory, head, ints[slot], True), slot)
    if empty:
        ints[head + 1] = ints[head + 4] = ints[other + 1]


@njit(cache=True, nogil=True)
def set_copy(memory: Memory, other: int) -> int:
    """A copy of a set."""
    head = new_set(memory)
    if memory.ints[1] == 0:
        merged(memory, head, other)
    return head


@njit(cache=True, nogil=True)
def set_difference(memory: Memory, one: int, two: int) -> int:
    """What is in the first set and not in the second."""
    ints, tags = memory.ints, memory.tags
    head = set_copy(memory, one) if ints[one + 1] >> 2 > ints[two + 1] else new_set(memory)
    if ints[1] != 0:
        return 0
    if ints[one + 1] >> 2 > ints[two + 1]:
        for slot in range(ints[two + 3], ints[two + 3] + ints[two + 2] + 1):
            if tags[slot] > 0:
                discard_entry(memory, head, slot)
        if ints[head + 4] - ints[head + 1] > ints[head + 2] // 4:
            _resize(memory, head, _roomy(ints[head + 1]))
        return head
    for slot in range(ints[one + 3], ints[one + 3] + ints[one + 2] + 1):
        if tags[slot] > 0 and not in_set(memory, two, slot):
            add_entry(memory, head, slot)
    return head


@njit(cache=True, nogil=True)
def set_intersection(memory: Memory, one: int, two: int) -> int:
    """What is in both sets, in the order of the smaller."""
    ints = memory.ints
    head = new_set(memory)
    if ints[two + 1] > ints[one + 1]:
        one, two = two, one
    for slot in range(ints[two + 3], ints[two + 3] + ints[two + 2] + 1):
        if ints[1] == 0 and memory.tags[slot] > 0 and in_set(memory, one, slot):
            add_entry(memory, head, slot)
    return head


@njit(cache=True, nogil=True)
def new_dict(memory: Memory, capacity: int) -> int:
    """An empty dict: kind, length, capacity, first words of keys and values, mask, first word of the index."""
    head = allocated(memory, 7)
    keys = allocated(memory, 2 * capacity)
    index = _new_table(memory, 2 * capacity)
    if keys == 0 or index == 0:
        return give_up(memory, 1)
    ints = memory.ints
    for slot in range(index, index + 2 * capacity):
        ints[slot] = 0
    ints[head], ints[head + 1], ints[head + 2], ints[head + 3] = DICT, 0, capacity, keys
    ints[head + 4], ints[head + 5], ints[head + 6] = keys + capacity, 2 * capacity - 1, index
    return head


@njit(cache=True, nogil=True)
def _dict_hash(memory: Memory, slot: int) -> int:
    if kind_of(memory, slot) == TUPLE:
        head, mixed = memory.ints[slot], 17
        for i in range(memory.ints[head + 1]):
            mixed = (mixed * 31 + _key(memory, memory.ints[head + 3] + i)) & 0xFFFFFFFF
        return mixed
    return _key(memory, slot)


@njit(cache=True, nogil=True)
def _index_place(memory: Memory, head: int, slot: int) -> int:
    ints = memory.ints
    mask, index = ints[head + 5], ints[head + 6]
    i = (_dict_hash(memory, slot) * 40503) & mask
    while ints[index + i] != 0 and ints[1] == 0:
        entry = ints[head + 3] + ints[index + i] - 1
        if (memory.tags[entry] == OBJECT) == (memory.tags[slot] == OBJECT) and equals(memory, entry, slot):
            break
        i = (i + 1) & mask
    return int(index + i)


@njit(cache=True, nogil=True)
def dict_place(memory: Memory, head: int, slot: int) -> int:
    """The number of a key's entry; -1 where there is none."""
    return int(memory.ints[_index_place(memory, head, slot)]) - 1


@njit(cache=True, nogil=True)
def store_in_dict(memory: Memory, head: int, key: int, value: int) -> None:
    """Set the value of a key; a dict that is full moves to twice the room."""
    ints = memory.ints
    entry = dict_place(memory, head, key)
    if entry < 0 and ints[head + 1] == ints[head + 2]:
        larger = new_dict(memory, 2 * ints[head + 2])
        for i in range(ints[head + 1] if ints[1] == 0 else 0):
            store_fresh(memory, larger, ints[head + 3] + i, ints[head + 4] + i)
        for i in range(7):
            ints[head + i] = ints[larger + i]
    if ints[1] != 0:
        return
    if entry < 0:
        store_fresh(memory, head, key, value)
    else:
        copied(memory, ints[head + 4] + entry, value)


@njit(cache=True, nogil=True)
def store_fresh(memory: Memory, head: int, key: int, value: int) -> None:
    """Set the value of a key that a dict does not have, and has room for."""
    ints = memory.ints
    place = _index_place(memory, head, key)
    copied(memory, ints[head + 3] + ints[head + 1], key)
    copied(memory, ints[head + 4] + ints[head + 1], value)
    ints[head + 1] += 1
    ints[place] = ints[head + 1]
