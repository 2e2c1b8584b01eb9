"""Formulas made ready for the compiled loop, and the two ways of running it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.numpy_loops import loop_addresses
from evoheur.problems.flat_heuristics.operations import ARITY, CODES

from .gap_direction import gap_direction
from .level_formula_packing import pack_level_formulas
from .offer_formula import MOST_PARTS, PLACE, REDUCTIONS, OfferFormula
from .offer_kernels import ALL, FIRST, Columns, OfferProgram, new_columns, score_columns
from .offer_packing import begun_bins, pack_offers, place_table

__all__ = ["OfferPacking", "offer_program", "scores_of_offer"]

_NAMES = tuple(CODES)


def offer_program(formulas: Sequence[OfferFormula | None], bins: int, *, packs: bool = True) -> OfferProgram:
    """Lay formulas out for compiled code.

    Args:
        formulas: For the sizes from 1 to the capacity; None for a size without one.
        bins: How many a stream has.
        packs: Whether streams are to be packed, in which most new bins need not be looked at.
    """
    capacity = len(formulas)
    structures: dict[tuple[bytes, bytes, int, int], tuple[int, OfferFormula]] = {}
    structure = np.full(capacity + 1, -1, dtype=np.int64)
    gaps, begin = np.zeros(capacity + 1, dtype=np.int64), np.zeros(capacity + 1, dtype=np.int64)
    exact = np.zeros((capacity + 1, MOST_PARTS), dtype=np.bool_)
    numbers: list[NDArray[np.float64]] = [np.empty(0)]
    place = 0
    looked_at: dict[bytes, NDArray[np.float64]] = {}
    for size, formula in enumerate(formulas, start=1):
        if formula is None:
            continue
        key = (formula.flat.steps.tobytes(), formula.reductions.tobytes(), formula.flat.constants.size, len(formula.parts))
        structure[size] = structures.setdefault(key, (len(structures), formula))[0]
        gaps[size] = gap_direction(formula, bins, looked_at) if packs else ALL
        begin[size] = place
        numbers += [formula.flat.constants, formula.parts.ravel()]
        place += formula.flat.constants.size + formula.parts.size
        exact[size, : len(formula.parts)] = _exact(formula.parts, bins)
    some = [formula for _, formula in structures.values()]
    steps = np.zeros((len(some), max((len(each.flat.steps) for each in some), default=0), 4), dtype=np.int64)
    reductions = np.zeros((len(some), max((len(each.reductions) for each in some), default=0), 2), dtype=np.int64)
    counts = np.zeros((len(some), 4), dtype=np.int64)
    for row, each in enumerate(some):
        steps[row, : len(each.flat.steps)] = each.flat.steps
        reductions[row, : len(each.reductions)] = each.reductions
        counts[row] = len(each.flat.steps), each.flat.constants.size, len(each.parts), len(each.reductions)
    return OfferProgram(
        capacity, structure, gaps, begin, np.concatenate(numbers), steps, counts, reductions, exact, loop_addresses()
    )


def scores_of_offer(program: OfferProgram, size: int, bins: NDArray[np.int64]) -> NDArray[np.float64]:
    """The scores of bins by the formula of a size.

    Args:
        program: With a formula for it, for more than so many bins.
        size: Of the item.
        bins: Free space of each, from the size to the capacity, shape (bins,).
    """
    room = new_columns(program, bins.size)
    room.levels[: bins.size] = bins
    room.places[0, : bins.size] = np.arange(bins.size)
    room.places[1, : bins.size] = 1
    row = score_columns(program, room, size, bins.size, bins.size)
    return room.registers[row, : bins.size].copy()


class OfferPacking:
    """Packs streams with so many bins by formulas.

    Args:
        formulas: For the sizes from 1 to the capacity.
        bins: How many each stream has.
    """

    def __init__(self, formulas: Sequence[OfferFormula | None], bins: int) -> None:
        self.bins = bins
        self._program = offer_program(formulas, bins)
        self._room: Columns = new_columns(self._program, max(bins, len(formulas)))
        self._placeless = all(_is_placeless(self._program, size) for size in range(1, len(formulas) + 1))
        self._table = place_table(self._program, bins)

    def pack(self, items: NDArray[np.int64], *, nan_wins: bool) -> NDArray[np.int64] | None:
        """Pack a stream as the protocol would.

        Args:
            items: Sizes in order of arrival, each in 1..capacity.
            nan_wins: Whether the first NaN wins; else it is a fault of the heuristic.

        Returns:
            Bin of each item; None if an item has a size without a formula, or NaN would win and must not.
        """
        if (self._program.structure[items] < 0).any():
            return None
        self._room.filled[:] = 0
        if self._placeless:
            assignment, unscored = pack_level_formulas(items, self.bins, self._program, self._room)
        else:
            begun = begun_bins(items, self.bins)
            assignment, unscored = pack_offers(items, self.bins, self._program, self._room, begun, self._table)
        return assignment if nan_wins or unscored < 0 else None


def _is_placeless(program: OfferProgram, size: int) -> bool:
    # Whether scores are by level, and so is all that is reduced.
    structure = program.structure[size]
    if structure < 0:
        return True
    steps, _, _, reductions = program.counts[structure].tolist()
    ordered = {REDUCTIONS.index(name) for name in ("std", "var")}
    extremes = {REDUCTIONS.index(name) for name in ("min", "max")}
    return (
        program.gaps[size] == FIRST
        and not any(PLACE in operands[: ARITY[_NAMES[code]]] for code, *operands in program.steps[structure, :steps].tolist())
        and all(
            what in extremes or (what not in ordered and program.exact[size, part])
            for what, part in program.reductions[structure, :reductions].tolist()
        )
    )


def _exact(parts: NDArray[np.float64], bins: int) -> NDArray[np.bool_]:
    # Whole numbers whose sums are whole numbers below 2**53: then the order of adding does not matter.
    with np.errstate(all="ignore"):
        exact: NDArray[np.bool_] = (
            np.isfinite(parts).all(axis=1)
            & (parts == np.rint(parts)).all(axis=1)
            & (np.abs(parts).max(axis=1, initial=0.0) * bins < 2.0**53)
        )
    return exact
