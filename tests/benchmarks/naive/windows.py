"""Insertion within time windows, with lists: every schedule is walked from the depot on, for every insertion that could be."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.benchmarks.naive.tours import between
from tests.benchmarks.naive.views import by_reach

__all__ = ["timely_insertion"]


@dataclass(frozen=True, kw_only=True)
class Day:
    """An instance as vehicles and rules see it, in mean distances from the depot."""

    distances: Any
    travel: Any
    demands: Sequence[int]
    capacity: int
    ready: Sequence[float]
    due: Sequence[float]
    service: Sequence[float]


def timely_insertion(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """The length of routes by one rule, which sees all insertions before each."""
    lengths = between(instance["coordinates"])
    unit = math.fsum(lengths[0, 1:]) / (len(lengths) - 1)
    day = Day(
        distances=by_reach(lengths, lengths[0, 1:]),
        travel=lengths / unit,
        demands=instance["demands"],
        capacity=instance["capacity"],
        ready=[time / unit for time in instance["ready_times"]],
        due=[time / unit for time in instance["due_times"]],
        service=[time / unit for time in instance["service_times"]],
    )
    customers = range(1, len(day.demands))
    spacing = sum(min(lengths[one, other] for other in customers if other != one) for one in customers) / len(customers) / unit
    routes: list[list[int]] = []
    while waiting := [customer for customer in customers if not any(customer in route for route in routes)]:
        known = [row for customer in waiting for row in _insertions(day, routes, customer)]
        views = np.array([row[1:] for row in known]).T
        share = (len(customers) - len(waiting)) / len(customers)
        scores = rules["insertion_scores"](share, spacing, day.due[0] - day.ready[0], *views)
        routes = known[int(np.argmax(scores))][0]
    return math.fsum(lengths[one, two] for route in routes for one, two in zip([0, *route], [*route, 0], strict=True))


def _insertions(day: Day, routes: list[list[int]], customer: int) -> list[tuple[Any, ...]]:
    # The routes afterwards, and what a rule is told.
    found, least = [], []
    for number, route in enumerate(routes):
        here = [
            _told(day, route, place, customer, len(routes) - 1 - number)
            for place in range(len(route) + 1)
            if _begins(day, [*route[:place], customer, *route[place:]]) is not None
        ]
        found += [([*routes[:number], row[0], *routes[number + 1 :]], *row[1:]) for row in here]
        least += [min(row[2] for row in here)] if here else []
    found.append(([*routes, [customer]], *_told(day, [], 0, customer, 0)[1:]))
    least = sorted([*least, found[-1][2]])
    regret = least[1] - least[0] if len(least) > 1 else 0.0
    return [(after, home, detour, detour - least[0], regret, *others) for after, home, detour, *others in found]


def _told(day: Day, route: list[int], place: int, customer: int, newer: int) -> tuple[Any, ...]:
    after = [*route[:place], customer, *route[place:]]
    stops, distances = [0, *route, 0], day.distances
    before, behind = stops[place], stops[place + 1]
    then, earlier = _begins(day, after), _begins(day, route) or [day.ready[0], day.ready[0]]
    assert then is not None
    arrival = then[place] + day.service[before] + day.travel[before, customer]
    return (
        after,
        distances[0, customer],
        distances[before, customer] + distances[customer, behind] - (distances[before, behind] if route else 0.0),
        distances[before, customer],
        then[place + 2] - earlier[place + 1],
        then[place + 1] - arrival,
        day.due[customer] - arrival,
        _latest(day, after, place + 1) - then[place + 2],
        day.due[customer] - day.ready[customer],
        (day.capacity - sum(day.demands[each] for each in after)) / day.capacity,
        len(route),
        newer,
        float(place == len(route)),
        float(not route),
    )


def _begins(day: Day, route: list[int]) -> list[float] | None:
    # When each stop begins, the depot's first and last; None where a load or a time is too much.
    if sum(day.demands[each] for each in route) > day.capacity:
        return None
    begins = [day.ready[0]]
    for before, here in zip([0, *route], [*route, 0], strict=True):
        arrival = begins[-1] + day.service[before] + day.travel[before, here]
        begins.append(max(arrival, day.ready[here]) if here else arrival)
        if begins[-1] > day.due[here] + 1e-10 * day.due[0]:
            return None
    return begins


def _latest(day: Day, route: list[int], place: int) -> float:
    # When the stop at a place could begin at the latest.
    latest, behind = day.due[0], 0
    for here in reversed(route[place:]):
        latest = min(day.due[here], latest - day.travel[here, behind] - day.service[here])
        behind = here
    return latest
