"""Compiled loops that compute the scores of offered bins by formulas of levels, places and reductions.

What NumPy computes of all offered bins is computed in NumPy's order, so that scores are the heuristic's to the last bit. Bins that were
never opened differ in their places only: where that is enough, a column stands for a row of them.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import run_steps
from evoheur.problems.flat_heuristics.operations import CODES

from .offer_formula import COUNT, FIRST_PART, FIRST_REDUCTION, INPUTS, PLACE, REDUCTIONS

__all__ = ["ALL", "ENDS", "FIRST", "LAST", "TABLE", "Columns", "OfferProgram", "equal_before", "new_columns", "score_columns"]

ALL, FIRST, LAST, ENDS, TABLE = 0, 1, 2, 3, 4
"""Which bins of a row that was never opened are looked at: all, the first, the last (and then the first that equals it), the first and the
last, or the best by a table of their places."""

_SUM, _MEAN, _MIN, _MAX, _STD = (REDUCTIONS.index(name) for name in ("sum", "mean", "min", "max", "std"))
_FIRST_REDUCTION, _WHERE = CODES["amin"], CODES["where"]
_BLOCK = 128  # numbers that NumPy's pairwise sum adds without halving


class OfferProgram(NamedTuple):
    """The formulas of all sizes, laid out for compiled code; see `offer_formula.OfferFormula`.

    Attributes:
        capacity: Of every bin.
        structure: Of every size, shape (capacity + 1,); -1 where there is none.
        gaps: `ALL`, `FIRST`, `LAST`, `ENDS` or `TABLE` for every size, shape (capacity + 1,).
        begin: Where the numbers of a size begin, shape (capacity + 1,).
        numbers: Constants and parts, size by size.
        steps: Shape (structures, most steps, 4).
        counts: Steps, constants, parts and reductions of every structure, shape (structures, 4).
        reductions: Shape (structures, most reductions, 2).
        exact: Whether the order of adding does not matter for a part, shape (capacity + 1, most parts).
        loops: As `numpy_loops.loop_addresses` gives them.
    """

    capacity: int
    structure: NDArray[np.int64]
    gaps: NDArray[np.int64]
    begin: NDArray[np.int64]
    numbers: NDArray[np.float64]
    steps: NDArray[np.int64]
    counts: NDArray[np.int64]
    reductions: NDArray[np.int64]
    exact: NDArray[np.bool_]
    loops: NDArray[np.int64]


class Columns(NamedTuple):
    """Room for the offered bins of one item, a column for each that is looked at.

    Attributes:
        registers: Shape (most registers, most columns).
        filled: How many columns of a register hold the number in `held`, shape (most registers,); for what is the same in all columns.
        held: See `filled`.
        levels: Free space, shape (most columns,).
        places: Place of the first bin among the offered ones, and how many bins the column stands for, shape (2, most columns).
        squares: A number for every column, for variances.
        sums: Which number was last added so many times, and what that gave, shape (2, most columns).
        block: As many numbers as are added without halving, shape (128,).
        cursor: Where adding has got to: a column, and how many of its bins were added; shape (2,).
        scratch: As `Machine.scratch`.
    """

    registers: NDArray[np.float64]
    filled: NDArray[np.int64]
    held: NDArray[np.float64]
    levels: NDArray[np.int64]
    places: NDArray[np.int64]
    squares: NDArray[np.float64]
    sums: NDArray[np.float64]
    block: NDArray[np.float64]
    cursor: NDArray[np.int64]
    scratch: NDArray[np.int64]


def new_columns(program: OfferProgram, bins: int) -> Columns:
    """Room for so many bins."""
    rows = INPUTS + int(program.counts[:, 0].max()) + int(program.counts[:, 1].max())
    wide = bins + 2
    return Columns(
        registers=np.zeros((rows, wide)),
        filled=np.zeros(rows, dtype=np.int64),
        held=np.zeros(rows),
        levels=np.zeros(wide, dtype=np.int64),
        places=np.zeros((2, wide), dtype=np.int64),
        squares=np.zeros(wide),
        sums=np.full((2, wide), np.nan),
        block=np.zeros(_BLOCK),
        cursor=np.zeros(2, dtype=np.int64),
        scratch=np.zeros(8, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def score_columns(program: OfferProgram, room: Columns, size: int, columns: int, offered: int) -> int:
    """Compute the scores of the columns of one item.

    Args:
        program: With a formula for the size.
        room: With levels and places of the columns.
        size: Of the item.
        columns: How many there are.
        offered: How many bins they stand for.

    Returns:
        The register with the scores.
    """
    structure = program.structure[size]
    counts = program.counts
    steps, constants, parts, reductions = counts[structure, 0], counts[structure, 1], counts[structure, 2], counts[structure, 3]
    width, begin = program.capacity + 1 - size, program.begin[size]
    numbers, registers, levels, places = program.numbers, room.registers, room.levels, room.places
    filled, held = room.filled, room.held
    for column in range(columns):
        registers[PLACE, column] = places[0, column]
    _fill(registers, filled, held, COUNT, offered, columns)
    for part in range(parts):
        first = begin + constants + part * width - size
        for column in range(columns):
            registers[FIRST_PART + part, column] = numbers[first + levels[column]]
    for row in range(reductions):
        what, part = program.reductions[structure, row, 0], program.reductions[structure, row, 1]
        reduced = _reduced(what, registers[FIRST_PART + part], room, columns, offered, program.exact[size, part])
        _fill(registers, filled, held, FIRST_REDUCTION + row, reduced, columns)
    for constant in range(constants):
        _fill(registers, filled, held, INPUTS + constant, numbers[begin + constant], columns)
    rows = INPUTS + constants + steps
    run_steps(program.steps[structure, :steps], registers[:rows], program.loops, room.scratch, columns)
    return int(rows - 1)


@njit(cache=True, nogil=True, inline="always")
def _fill(
    registers: NDArray[np.float64], filled: NDArray[np.int64], held: NDArray[np.float64], row: int, number: float, columns: int
) -> None:
    # Most such numbers are those of the item before.
    same = held[row] == number and (number != 0.0 or math.copysign(1.0, held[row]) == math.copysign(1.0, number))
    already = filled[row] if same else 0
    for column in range(already, columns):
        registers[row, column] = number
    filled[row] = max(columns, already)
    held[row] = number


@njit(cache=True, nogil=True, error_model="numpy")
def _reduced(what: int, numbers: NDArray[np.float64], room: Columns, columns: int, offered: int, exact: bool) -> float:
    if what in (_MIN, _MAX):
        best = numbers[0]
        for column in range(1, columns):
            number = numbers[column]
            if (number > best) if what == _MAX else (number < best):
                best = number
        return float(best)
    total = 0.0
    if exact:
        for column in range(columns):
            total += numbers[column] * room.places[1, column]
    else:
        room.cursor[:] = 0
        total += _pairwise_sum(numbers, room.places[1], room.sums, room.block, room.cursor, offered)
    if what == _SUM:
        return total
    mean = total / offered
    if what == _MEAN:
        return mean
    for column in range(columns):
        away = numbers[column] - mean
        room.squares[column] = away * away
    room.cursor[:] = 0
    variance = (0.0 + _pairwise_sum(room.squares, room.places[1], room.sums, room.block, room.cursor, offered)) / offered
    return float(np.sqrt(variance)) if what == _STD else variance


@njit(cache=True, nogil=True)
def _pairwise_sum(
    numbers: NDArray[np.float64],
    times: NDArray[np.int64],
    sums: NDArray[np.float64],
    block: NDArray[np.float64],
    cursor: NDArray[np.int64],
    count: int,
) -> float:
    # The next numbers, each so many times, in the order in which NumPy adds numbers that lie side by side.
    column, done = cursor[0], cursor[1]
    number = numbers[column]
    alike = times[column] - done >= count
    if alike and sums[0, count] == number:  # a row of new bins is halved into parts of few lengths
        cursor[1] += count
        return float(sums[1, count])
    if count > _BLOCK:
        half = count // 2
        half -= half % 8
        total = _pairwise_sum(numbers, times, sums, block, cursor, half)
        total += _pairwise_sum(numbers, times, sums, block, cursor, count - half)
        if alike:
            sums[0, count], sums[1, count] = number, total
        return float(total)
    if alike:
        cursor[1] += count
        block[:count] = number
        sums[0, count], sums[1, count] = number, _block_sum(block, count)
        return float(sums[1, count])
    single = done == 0
    for place in range(column, min(column + count, times.size)):
        single = single and times[place] == 1
    if single:
        cursor[0] += count
        return _block_sum(numbers[column:], count)
    for place in range(count):
        while done == times[column]:
            column += 1
            done = 0
        block[place] = numbers[column]
        done += 1
    cursor[0], cursor[1] = column, done
    return _block_sum(block, count)


@njit(cache=True, nogil=True)
def _block_sum(numbers: NDArray[np.float64], count: int) -> float:
    if count < 8:
        total = -0.0
        for place in range(count):
            total += numbers[place]
        return total
    r0, r1, r2, r3 = numbers[0], numbers[1], numbers[2], numbers[3]
    r4, r5, r6, r7 = numbers[4], numbers[5], numbers[6], numbers[7]
    whole = count - count % 8
    for place in range(8, whole, 8):
        r0 += numbers[place]
        r1 += numbers[place + 1]
        r2 += numbers[place + 2]
        r3 += numbers[place + 3]
        r4 += numbers[place + 4]
        r5 += numbers[place + 5]
        r6 += numbers[place + 6]
        r7 += numbers[place + 7]
    total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    for place in range(whole, count):
        total += numbers[place]
    return float(total)


@njit(cache=True, nogil=True)
def equal_before(program: OfferProgram, room: Columns, size: int, best: int) -> int:
    """How far before the last bin of a row of new ones the first is that has the same score.

    Args:
        program: By whose formula scores do not fall along the row.
        room: With scores.
        size: Of the item.
        best: The column of that last bin, which is not alone.
    """
    structure = program.structure[size]
    steps, constants = program.counts[structure, 0], program.counts[structure, 1]
    rows = INPUTS + constants + steps
    row = room.registers[:rows]
    wanted, last = row[rows - 1, best], row[PLACE, best]
    for each in range(rows):  # the column of that bin, twice: one alone is computed like a single bin, otherwise for some powers
        row[each, 0] = row[each, 1] = row[each, best]
        room.filled[each] = 0
    low, high = 0, room.places[1, best] - 1  # steps back: at the one it is the same, beyond the other it is not known to be
    reach = 1
    while low < high:
        middle = min(low + reach, high)
        row[PLACE, 0] = row[PLACE, 1] = last - middle
        begin = 0
        for step in range(steps + 1):  # what is reduced over all bins stays
            if step == steps or _FIRST_REDUCTION <= program.steps[structure, step, 0] < _WHERE:
                if step > begin:
                    above = INPUTS + constants + step
                    run_steps(program.steps[structure, begin:step], row[:above], program.loops, room.scratch, 2)
                begin = step + 1
        score = row[rows - 1, 0]
        if score == wanted or (np.isnan(score) and np.isnan(wanted)):
            low = middle
            reach *= 2
        else:
            high = middle - 1
            reach = max(1, (high - low + 1) // 2)
    return low
