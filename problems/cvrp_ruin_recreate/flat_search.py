"""A search by two heuristics that are formulas, computed as a whole by compiled code."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.unit_free import unit_free
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.kernels import Machine, run_steps
from evoheur.problems.flat_heuristics.operations import ARITY, CODES
from evoheur.problems.flat_heuristics.translation import translate
from evoheur.problems.returned_numbers import BadAnswer, real_numbers

from .insertion_places import insert_at_best, keep_or_go_back, show_places
from .leaving_customers import remove_customers, show_customers
from .route_table import (
    BACK,
    COUNTS,
    CUSTOMER_READS,
    CUSTOMER_ROWS,
    CUSTOMER_SCALARS,
    LEFT,
    PLACE_READS,
    PLACE_ROWS,
    PLACE_SCALARS,
    PLACED,
    RECORD,
    SPACING,
    WANTED,
    SearchArrays,
)
from .search_by_views import begun, leave_and_come_back, mean_spacing, places_at_most, search_by_views
from .start import listed_routes

__all__ = ["flat_function", "search_by_formulas", "small_instance"]

_NAMES = ("leaving", "placing")
_SHAPES = ((CUSTOMER_SCALARS, CUSTOMER_ROWS), (PLACE_SCALARS, PLACE_ROWS))
_ASKED = 8  # calls of each function on which a translation is tried


@np.errstate(over="ignore")  # keys of noise go round, which is said where numba is off
def search_by_formulas(
    leaving: FlatHeuristic | Callable[..., Any], placing: FlatHeuristic, instance: CvrpInstance, *, iterations: int, seed: int
) -> list[list[int]] | None:
    """Search with two flat heuristics, or with one of places and any of what leaves.

    There is one call of the latter where places have ten.

    Returns:
        The routes that `search_by_views` finds; None where the score of a place, or of what leaves if it is flat, is NaN.

    Raises:
        BadAnswer: Scores of what leaves are unusable, if it is not flat.
    """
    arrays, places = begun(instance, iterations=iterations, seed=seed), placing.machine(places_at_most(instance))
    arrays.table[PLACE_READS, :PLACE_ROWS] = _rows_read(placing)
    if isinstance(leaving, FlatHeuristic):
        customers = leaving.machine(instance.customers)
        customers.registers[SPACING] = mean_spacing(instance.distances)
        arrays.table[CUSTOMER_READS, :CUSTOMER_ROWS] = _rows_read(leaving)
        return listed_routes(arrays.kept[RECORD]) if _search(arrays, customers, places) else None

    def come_back() -> None:
        if not _come_back(arrays, places):
            raise _NoNumber

    try:
        return leave_and_come_back(leaving, come_back, arrays)
    except _NoNumber:
        return None


class _NoNumber(Exception):
    """A score of a place is NaN."""


def _rows_read(flat: FlatHeuristic) -> NDArray[np.bool_]:
    arity, read = {CODES[name]: operands for name, operands in ARITY.items()}, np.zeros(flat.inputs, dtype=np.bool_)
    for code, *operands in flat.steps.tolist():
        read[[operand for operand in operands[: arity[code]] if operand < flat.inputs]] = True
    return read


@njit(cache=True, nogil=True)
def _search(arrays: SearchArrays, leaving: Machine, placing: Machine) -> bool:
    # From the beginning to the end. Arrays are taken out of tuples once, as taking one out counts references to it.
    table, kept, lengths, distances, _, near, terms, source = arrays
    steps, registers, loops, scratch = leaving
    customers, scores, home = registers[:CUSTOMER_ROWS], registers[registers.shape[0] - 1, : near.shape[1]], distances[0]
    while table[COUNTS, BACK] < table[COUNTS, WANTED]:
        show_customers(table, customers, distances, near, terms[0], source)
        run_steps(steps, registers, loops, scratch, near.shape[1])
        if not remove_customers(table, scores, home, source) or not _come_back(arrays, placing):
            return False
        keep_or_go_back(table, kept, lengths, distances, terms)
    return True


@njit(cache=True, nogil=True)
def _come_back(arrays: SearchArrays, placing: Machine) -> bool:
    # One after the other; whether all scores are numbers.
    table, _, _, distances, reverse, _, terms, source = arrays
    steps, registers, loops, scratch = placing
    rows = registers[:PLACE_ROWS]
    while table[COUNTS, PLACED] < table[COUNTS, LEFT]:
        columns = show_places(table, rows, distances, reverse, terms, source)
        run_steps(steps, registers, loops, scratch, columns)
        if not insert_at_best(table, registers, columns):
            return False
    return True


def flat_function(heuristic: Heuristic, name: str) -> FlatHeuristic:
    """Translate one function of a candidate, and see that the translation gives the scores that it gives.

    Args:
        heuristic: The candidate.
        name: "leaving" or "placing".

    Raises:
        NotFlat: It is no flat heuristic; the message begins with the name.
    """
    place = _NAMES.index(name)
    scalars, rows = _SHAPES[place]
    try:
        flat = translate(heuristic.code, name, (False,) * scalars + (True,) * (rows - scalars), beside=_NAMES)
    except (SyntaxError, RecursionError) as error:
        raise NotFlat(f"{name}: its source cannot be read ({type(error).__name__})") from error
    except NotFlat as error:
        raise NotFlat(f"{name}: {error}") from error
    with np.errstate(all="ignore"):
        for shown in _shown()[place]:
            try:
                scores = real_numbers(heuristic.functions[name](*(np.copy(each)[()] for each in shown)), shown[-1].shape, name)
            except BadAnswer as error:
                raise NotFlat(f"{name}: {error}") from error
            if flat.scores(shown).tobytes() != scores.tobytes():
                raise NotFlat(f"{name}: its scores are not those of its translation")
    return flat


def small_instance() -> CvrpInstance:
    """Twelve customers, some of them without demand or in one place."""
    source = np.random.RandomState(5)
    return CvrpInstance(
        name="small",
        family="small",
        metric="EUCLIDEAN",
        coordinates=source.randint(0, 9, size=(13, 2)).astype(np.float64),
        demands=np.array([0, *source.randint(0, 5, size=12)], dtype=np.int64),
        capacity=11,
    )


@cache
def _shown() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    # What the functions are shown in some calls, when customers near each other leave and come back where they add least.
    calls: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]] = ([], [])

    def recorder(place: int, score: Callable[..., Any]) -> Callable[..., Any]:
        def record(*shown: Any) -> Any:
            calls[place].append(tuple(np.copy(each)[()] for each in shown))
            return score(*shown)

        return record

    near = recorder(0, lambda *shown: 5.0 * shown[1] - shown[5])
    least = recorder(1, lambda *shown: -shown[3])
    search_by_views(near, least, unit_free(small_instance()), iterations=20, seed=1)
    return calls[0][:: -(-len(calls[0]) // _ASKED)], calls[1][:: -(-len(calls[1]) // _ASKED)]
