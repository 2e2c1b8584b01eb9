"""Python's own functions and the methods of lists, sets and dicts, in the machine."""

from numba import njit

from .instructions import (
    ADD,
    ARRAY,
    BOOL,
    DICT,
    FLOAT,
    FUNCTIONS,
    INT,
    LIST,
    NEXT,
    NEXT_ITEM,
    NEXT_VALUE,
    NONE,
    NPINT,
    OBJECT,
    RANGE,
    SET,
    TUPLE,
)
from .memory import (
    STOPPED,
    Memory,
    allocated,
    appended,
    copied,
    give_up,
    index_of,
    kind_of,
    new_list,
    put_index,
    put_int,
    put_object,
)
from .scalar_kernels import COMPENSATED, combined, equals, is_before, is_true
from .sequence_kernels import begin, following
from .set_kernels import (
    add_entry,
    dict_place,
    discard_entry,
    merged,
    new_dict,
    new_set,
    set_copy,
    set_difference,
    set_intersection,
    store_in_dict,
)
from .sorting_kernels import list_order, sorted_list

__all__ = ["of_container"]

_LEN, _LIST, _TUPLE, _SET, _DICT, _COPY, _APPEND, _EXTEND, _POP, _ADD, _REMOVE, _DISCARD, _GET, _INDEX, _COUNT = (
    FUNCTIONS[name]
    for name in (
        *("len", "list", "tuple", "set", "dict", "copy", "append", "extend", "pop", "add", "remove", "discard", "get"),
        *("index", "count"),
    )
)
_KEYS, _VALUES, _ITEMS, _REVERSED, _UNION, _DIFFERENCE, _INTERSECTION, _UPDATE = (
    FUNCTIONS[name] for name in ("keys", "values", "items", "reversed", "union", "difference", "intersection", "update")
)
_SUM, _MIN, _MAX, _ANY, _ALL, _SORTED, _SORT, _SORTED_BY, _FIRST_BY, _ENUMERATE, _ZIP, _RANGE = (
    FUNCTIONS[name]
    for name in ("sum", "min", "max", "any", "all", "sorted", "sort", "sorted_by", "first_by", "enumerate", "zip", "range")
)


@njit(cache=True, nogil=True)
def of_container(memory: Memory, function: int, out: int, first: int, count: int) -> None:  # noqa: C901, PLR0912
    """Carry out a function whose operands stand in so many registers."""
    ints = memory.ints
    if function == _LEN:
        kind = kind_of(memory, first)
        if kind == 0:
            give_up(memory, 90)
        put_index(memory, out, ints[ints[first] + 1])
    elif function in (_APPEND, _EXTEND, _POP, _ADD, _REMOVE, _DISCARD, _UPDATE):
        _changed(memory, function, out, first, count)
    elif function in (_UNION, _DIFFERENCE, _INTERSECTION):
        _joined_sets(memory, function, out, first)
    elif function == _GET:
        _got(memory, out, first, count)
    elif function in (_INDEX, _COUNT):
        _found(memory, function, out, first)
    elif function in (_SUM, _MIN, _MAX, _ANY, _ALL):
        _folded(memory, function, out, first, count)
    elif function in (_SORTED, _SORT, _SORTED_BY, _FIRST_BY):
        _in_order(memory, function, out, first)
    elif function == _RANGE:
        _ranged(memory, out, first, count)
    elif function in (_ZIP, _ENUMERATE):
        _side_by_side(memory, function, out, first, count)
    elif function == _SET or (function == _COPY and kind_of(memory, first) == SET):
        _as_set(memory, out, first, count)
    elif function == _DICT or (function == _COPY and kind_of(memory, first) == DICT):
        _as_dict(memory, out, first, count)
    elif function in (_KEYS, _VALUES, _ITEMS):
        if kind_of(memory, first) != DICT:
            give_up(memory, 91)
        _listed(memory, NEXT_VALUE if function == _VALUES else NEXT_ITEM if function == _ITEMS else NEXT, out, first, LIST)
    elif function == _REVERSED:
        _reversed(memory, out, first)
    elif count == 0:
        put_object(memory, out, new_list(memory, TUPLE if function == _TUPLE else LIST, 0 if function == _TUPLE else 8))
    elif function == _COPY and kind_of(memory, first) == TUPLE:
        give_up(memory, 92)
    else:
        _listed(memory, NEXT, out, first, TUPLE if function == _TUPLE else LIST)


@njit(cache=True, nogil=True)
def _listed(memory: Memory, way: int, out: int, one: int, kind: int) -> None:
    at = allocated(memory, 3)
    begin(memory, at, one)
    head = new_list(memory, LIST, max(8, memory.ints[at + 1])) if memory.ints[STOPPED] == 0 else 0
    if head == 0:
        return
    while following(memory, way, at + 2, one, at):
        appended(memory, head, at + 2)
    memory.ints[head] = kind
    put_object(memory, out, head)


@njit(cache=True, nogil=True)
def _reversed(memory: Memory, out: int, one: int) -> None:
    if kind_of(memory, one) not in (LIST, TUPLE, ARRAY, RANGE):
        give_up(memory, 93)
        return
    _listed(memory, NEXT, out, one, LIST)
    ints = memory.ints
    if ints[STOPPED] != 0:
        return
    head, spare = ints[out], allocated(memory, 1)
    low, high = ints[head + 3], ints[head + 3] + ints[head + 1] - 1
    while low < high and spare:
        copied(memory, spare, low)
        copied(memory, low, high)
        copied(memory, high, spare)
        low, high = low + 1, high - 1


@njit(cache=True, nogil=True)
def _as_set(memory: Memory, out: int, one: int, count: int) -> None:
    if count and kind_of(memory, one) == SET:
        put_object(memory, out, set_copy(memory, memory.ints[one]))
        return
    head = new_set(memory)
    if head == 0:
        return
    if count:
        _add_all(memory, head, one)
    put_object(memory, out, head)


@njit(cache=True, nogil=True)
def _add_all(memory: Memory, head: int, one: int) -> None:
    at = allocated(memory, 3)
    if kind_of(memory, one) == SET:
        merged(memory, head, memory.ints[one])
        return
    if kind_of(memory, one) == DICT:
        give_up(memory, 94)  # CPython makes room for it first
        return
    begin(memory, at, one)
    while memory.ints[STOPPED] == 0 and following(memory, NEXT, at + 2, one, at):
        add_entry(memory, head, at + 2)


@njit(cache=True, nogil=True)
def _as_dict(memory: Memory, out: int, one: int, count: int) -> None:
    head, ints = new_dict(memory, 8), memory.ints
    if count and kind_of(memory, one) != DICT:
        give_up(memory, 95)
    if ints[STOPPED] != 0:
        return
    if count:
        other = ints[one]
        for i in range(ints[other + 1]):
            store_in_dict(memory, head, ints[other + 3] + i, ints[other + 4] + i)
    put_object(memory, out, head)


@njit(cache=True, nogil=True)
def _changed(memory: Memory, function: int, out: int, first: int, count: int) -> None:  # noqa: C901, PLR0912
    kind, head, value = kind_of(memory, first), memory.ints[first], first + 1
    ints, tags = memory.ints, memory.tags
    if kind == LIST and function == _APPEND:
        appended(memory, head, value)
    elif kind == LIST and function == _EXTEND:
        at = allocated(memory, 3)
        if kind_of(memory, value) == LIST and ints[value] == head:
            give_up(memory, 96)
        begin(memory, at, value)
        while ints[STOPPED] == 0 and following(memory, NEXT, at + 2, value, at):
            appended(memory, head, at + 2)
    elif kind == LIST and function in (_POP, _REMOVE):
        length, data = ints[head + 1], ints[head + 3]
        if function == _POP:
            place = index_of(memory, value, length) if count > 1 else length - 1
        else:
            place = 0
            while place < length and not equals(memory, data + place, value):
                place += 1
        if not 0 <= place < length or ints[STOPPED] != 0:
            give_up(memory, 97)
            return
        taken = allocated(memory, 1)
        copied(memory, taken, data + place)
        for i in range(place, length - 1):
            copied(memory, data + i, data + i + 1)
        ints[head + 1] = length - 1
        copied(memory, out, taken)
        if function == _POP:
            return
    elif kind == SET and function == _ADD:
        add_entry(memory, head, value)
    elif kind == SET and function in (_REMOVE, _DISCARD):
        if not discard_entry(memory, head, value) and function == _REMOVE:
            give_up(memory, 98)
    elif kind == SET and function == _UPDATE:
        _add_all(memory, head, value)
    else:
        give_up(memory, 99)
    tags[out] = NONE


@njit(cache=True, nogil=True)
def _joined_sets(memory: Memory, function: int, out: int, first: int) -> None:
    ints = memory.ints
    if kind_of(memory, first) != SET:
        give_up(memory, 100)
        return
    if function == _UNION:
        head = set_copy(memory, ints[first])
        if ints[STOPPED] == 0:
            _add_all(memory, head, first + 1)
    elif kind_of(memory, first + 1) != SET:
        give_up(memory, 101)
        return
    elif function == _DIFFERENCE:
        head = set_difference(memory, ints[first], ints[first + 1])
    else:
        head = set_intersection(memory, ints[first], ints[first + 1])
    put_object(memory, out, head)


@njit(cache=True, nogil=True)
def _got(memory: Memory, out: int, first: int, count: int) -> None:
    if kind_of(memory, first) != DICT:
        give_up(memory, 102)
        return
    head = memory.ints[first]
    entry = dict_place(memory, head, first + 1)
    if entry >= 0:
        copied(memory, out, memory.ints[head + 4] + entry)
    elif count > 2:
        copied(memory, out, first + 2)
    else:
        memory.tags[out] = NONE


@njit(cache=True, nogil=True)
def _found(memory: Memory, function: int, out: int, first: int) -> None:
    head, ints = memory.ints[first], memory.ints
    if kind_of(memory, first) not in (LIST, TUPLE):
        give_up(memory, 103)
        return
    count, place = 0, -1
    for i in range(ints[head + 1]):
        if equals(memory, ints[head + 3] + i, first + 1):
            count, place = count + 1, i if place < 0 else place
    if function == _INDEX and place < 0:
        give_up(memory, 104)
    put_index(memory, out, place if function == _INDEX else count)


@njit(cache=True, nogil=True)
def _folded(memory: Memory, function: int, out: int, first: int, count: int) -> None:
    # Two operands: where a sum starts, or what the least and the largest of nothing are.
    ints, tags, at = memory.ints, memory.tags, allocated(memory, 4)
    begin(memory, at, first)
    if ints[STOPPED] != 0:
        return
    best, found = at + 3, False
    put_int(memory, best, INT if function == _SUM else BOOL, int(function == _ALL))
    if count > 1:
        copied(memory, best, first + 1)
    while ints[STOPPED] == 0 and following(memory, NEXT, at + 2, first, at):
        if function == _SUM:
            if (COMPENSATED and tags[at + 2] == FLOAT) or tags[at + 2] == OBJECT:
                give_up(memory, 105)
            combined(memory, ADD, best, best, at + 2)
        elif function in (_ANY, _ALL):
            if is_true(memory, at + 2) == (function == _ANY):
                ints[best] = int(function == _ANY)
                break
        elif not found or (is_before(memory, at + 2, best) if function == _MIN else is_before(memory, best, at + 2)):
            copied(memory, best, at + 2)
        found = True
    if not found and function in (_MIN, _MAX) and count < 2:
        give_up(memory, 106)
    copied(memory, out, best)


@njit(cache=True, nogil=True)
def _in_order(memory: Memory, function: int, out: int, first: int) -> None:
    # Values, whether falling, and keys; where one by its key is wanted, "falling" says the largest.
    ints = memory.ints
    values = allocated(memory, 1)
    _listed(memory, NEXT, values, first, LIST)
    if ints[STOPPED] != 0 or (function == _SORT and kind_of(memory, first) != LIST):
        give_up(memory, 107)
        return
    falling, by_keys = is_true(memory, first + 1), function in (_SORTED_BY, _FIRST_BY)
    keys = ints[first + 2] if by_keys else ints[values]
    if ints[keys + 1] != ints[ints[values] + 1]:
        give_up(memory, 108)
    elif function == _FIRST_BY:
        best = ints[keys + 3]
        for i in range(1, ints[keys + 1]):
            key = ints[keys + 3] + i
            if is_before(memory, best, key) if falling else is_before(memory, key, best):
                best = key
        if ints[keys + 1] == 0:
            give_up(memory, 109)
        copied(memory, out, ints[ints[values] + 3] + best - ints[keys + 3])
    elif function == _SORT:
        order, old = list_order(memory, keys, falling), ints[values]
        for i in range(ints[old + 1] if ints[STOPPED] == 0 else 0):
            copied(memory, ints[ints[first] + 3] + i, ints[old + 3] + ints[order + 8 + i])
        memory.tags[out] = NONE
    else:
        sorted_list(memory, out, ints[values], keys, falling)


@njit(cache=True, nogil=True)
def _ranged(memory: Memory, out: int, first: int, count: int) -> None:
    ints = memory.ints
    for slot in range(first, first + count):
        if memory.tags[slot] not in (INT, NPINT) or abs(ints[slot]) > 2**40:
            give_up(memory, 110)
    begin_at, end = (0, ints[first]) if count == 1 else (ints[first], ints[first + 1])
    step = ints[first + 2] if count == 3 else 1
    head = allocated(memory, 4)
    if step == 0 or head == 0 or ints[STOPPED] != 0:
        give_up(memory, 111)
        return
    length = (end - begin_at + step - 1) // step if step > 0 else (begin_at - end - step - 1) // -step
    ints[head], ints[head + 1], ints[head + 2], ints[head + 3] = RANGE, max(0, length), begin_at, step
    put_object(memory, out, head)


@njit(cache=True, nogil=True)
def _side_by_side(memory: Memory, function: int, out: int, first: int, count: int) -> None:
    # A list of tuples: of a number from `start` on and a value, or of a value of each operand.
    ints, at = memory.ints, allocated(memory, 3 * max(count, 2))
    made = new_list(memory, LIST, 8)
    width = 2 if function == _ENUMERATE else count
    operands = 1 if function == _ENUMERATE else count
    if function == _ENUMERATE and count > 1 and memory.tags[first + 1] != INT:
        give_up(memory, 112)
    for k in range(operands):
        begin(memory, at + 3 * k, first + k)
    number = ints[first + 1] if function == _ENUMERATE and count > 1 else 0
    while ints[STOPPED] == 0:
        pair = new_list(memory, TUPLE, width)
        for k in range(operands):
            if pair == 0 or not following(memory, NEXT, pair + 4 + k + width - operands, first + k, at + 3 * k):
                put_object(memory, out, made)
                return
        if function == _ENUMERATE:
            put_index(memory, pair + 4, number)
        ints[pair + 1] = width
        put_object(memory, at + 2, pair)
        appended(memory, made, at + 2)
        number += 1
