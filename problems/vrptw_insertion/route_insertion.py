"""The frame: routes that grow by insertion, with a rule that is asked for every customer."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.proved_translation import proved_translation
from evoheur.problems.returned_numbers import BadAnswer, highest
from evoheur.problems.routing.length_units import in_units
from evoheur.problems.vrptw.instance import TimeWindowInstance
from evoheur.problems.vrptw.kernels import empty_routes, listed

from .kernels import SCALARS, VIEWS, Insertions, insert_by_formula, show_insertions, take

__all__ = ["ARGUMENTS", "flat_insertion", "routes_by_asking", "routes_by_formula", "small_instance"]

ARGUMENTS = (False,) * SCALARS + (True,) * VIEWS
"""Of each argument of a rule, whether it is a vector."""

_MOST_CUSTOMERS = 400  # for which a formula's registers still have a place in memory: half their square is a column each
_ASKED = 8  # calls on which a translation is tried


def routes_by_asking(score: Callable[..., Any], instance: TimeWindowInstance) -> list[list[int]]:
    """Insert customer after customer where any rule says.

    What has the highest score is done, the first on ties, in the order of `show_insertions`.

    Args:
        score: (the three numbers, the fifteen views) → scores. The views are written anew before every call, so they are the rule's own to
            change.
        instance: Whose windows are kept.

    Returns:
        Routes as lists of customers, in the order in which they were opened.

    Raises:
        BadAnswer: Scores are unusable; says after how many insertions.
    """
    state, views, scalars = _begun(instance), np.empty((VIEWS, _room(instance))), _scalars(instance)
    rows = tuple(views)
    for routed in range(instance.customers):
        filled = show_insertions(state, views)
        try:
            answer = score(routed / instance.customers, *scalars[1:].tolist(), *(row[:filled] for row in rows))
            chosen = highest(answer, filled, "insertion_scores")
        except BadAnswer as error:
            raise BadAnswer(f"after {routed} insertions: {error}") from error
        take(state, chosen)
    return listed(state.routes)


def routes_by_formula(flat: FlatHeuristic, instance: TimeWindowInstance) -> list[list[int]] | None:
    """The routes that `routes_by_asking` finds; None where a score is NaN, and for very many customers."""
    if instance.customers > _MOST_CUSTOMERS:
        return None
    state = _begun(instance)
    numbers = insert_by_formula(state, _scalars(instance), flat.machine(_room(instance)))
    return listed(state.routes) if numbers else None


def flat_insertion(heuristic: Heuristic) -> FlatHeuristic:
    """Translate a candidate, and see that the translation gives the scores that it gives.

    Raises:
        NotFlat: It is no flat heuristic.
    """
    return proved_translation(heuristic, ARGUMENTS, _shown())


def small_instance() -> TimeWindowInstance:
    """Twelve customers, some of them in one place, half of them with windows."""
    source = np.random.RandomState(5)
    ready = source.randint(0, 40, size=13) * (source.uniform(size=13) < 0.5)
    ready[0] = 0
    return TimeWindowInstance(
        name="small",
        family="small",
        metric="EUCLIDEAN",
        coordinates=source.randint(0, 9, size=(13, 2)).astype(np.float64),
        demands=np.array([0, *source.randint(0, 5, size=12)], dtype=np.int64),
        capacity=11,
        service_times=np.array([0.0, *([2.0] * 12)]),
        ready_times=ready.astype(np.float64),
        due_times=np.where(ready > 0, ready + 15.0, 80.0),
    )


def _begun(instance: TimeWindowInstance) -> Insertions:
    waiting = np.ones(instance.customers + 1, dtype=np.bool_)
    waiting[0] = False
    return Insertions(
        routes=empty_routes(instance.customers),
        windows=instance.windows,
        distances=in_units(instance.distances, instance.unit),
        waiting=waiting,
        pairs=np.empty((3, _room(instance)), dtype=np.int64),
        least=np.empty(instance.customers + 1),
    )


def _room(instance: TimeWindowInstance) -> int:
    # Each of w waiting customers has a place behind each of n - w others, one behind the depot in as many routes, and a route of its own.
    customers = instance.customers
    return max(waiting * (2 * (customers - waiting) + 1) for waiting in range(customers + 1)) + 1


def _scalars(instance: TimeWindowInstance) -> NDArray[np.float64]:
    between = instance.distances[1:, 1:].copy()
    np.fill_diagonal(between, np.inf)
    spacing = float(between.min(axis=1).mean()) if len(between) > 1 else 0.0
    horizon = float(instance.due_times[0] - instance.ready_times[0])
    return np.array([0.0, *in_units(np.array([spacing, horizon]), instance.unit).tolist()])


@cache
def _shown() -> list[tuple[Any, ...]]:
    # What a rule that inserts well is shown, in some of the calls.
    calls: list[tuple[Any, ...]] = []

    def record(*shown: Any) -> Any:
        calls.append(tuple(np.copy(each)[()] for each in shown))
        home, detour, opening = shown[SCALARS], shown[SCALARS + 1], shown[-1]
        return home - detour - 9 * opening

    routes_by_asking(record, small_instance())
    return calls[:: max(1, len(calls) // _ASKED)]
