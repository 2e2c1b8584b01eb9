"""Ruin and recreate on routes as lists."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks.naive.routes import Routes, length, merged
from tests.benchmarks.naive.tours import between
from tests.benchmarks.naive.views import by_reach

__all__ = ["ruin_recreate"]

_BLINK, _DEVIATION, _MOST = 0.01, 0.005, 20
_MASK = 2**64 - 1


class _Blinks:
    """Marsaglia's xorshift, as the frame draws its blinks."""

    def __init__(self, state: int) -> None:
        self.state = state

    def overlooks(self) -> bool:
        self.state ^= self.state << 13 & _MASK
        self.state ^= self.state >> 7
        self.state ^= self.state << 17 & _MASK
        return (self.state >> 11) / 2**53 < _BLINK


def ruin_recreate(
    rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], source: np.random.Generator, effort: int
) -> float:
    """From the savings solution; kept is what is little longer than the record."""
    search = _Search(instance)
    n = search.n
    blinks = _Blinks(int(source.integers(1, 2**63, size=1, dtype=np.uint64)[0]))
    home = search.distances[:, 0]
    current = merged((home[:, None] + home[None, :] - search.distances)[1:, 1:], search.demands, search.capacity)
    current = [route if route[0] <= route[-1] else route[::-1] for route in current]  # decides which places are looked at first
    best, record = current, length(current, search.distances)
    seeds = source.integers(1, n + 1, size=effort).tolist()
    counts = source.integers(1, min(_MOST, n) + 1, size=effort).tolist()
    for iteration in range(effort):
        scores = np.asarray(rules["removal_scores"](*search.shown(current, seeds[iteration]), source.random(n + 1)))[1:]
        chosen = [int(c) + 1 for c in np.argsort(-scores, kind="stable")[: counts[iteration]] if scores[c] > -np.inf]
        routes = [[node for node in route if node not in chosen] for route in current]
        routes = [route for route in routes if route]
        if chosen:
            told = search.costs(routes, chosen)
            order = np.argsort(-np.asarray(rules["insertion_scores"](*told, source.random(len(chosen)))), kind="stable")
            for place in order:
                search.insert(routes, chosen[place], blinks)
        total = length(routes, search.distances)
        if total < record * (1.0 + _DEVIATION * (1.0 - iteration / effort)):
            current = routes
            if total < record:
                best, record = routes, total
    return length(best, search.priced)


class _Search:
    def __init__(self, instance: Mapping[str, Any]) -> None:
        self.priced = between(instance["coordinates"])
        self.distances = by_reach(self.priced, self.priced[0, 1:])
        self.rows: list[list[float]] = self.distances.tolist()
        self.demands: list[int] = list(instance["demands"])
        self.capacity: int = instance["capacity"]
        self.n = len(self.demands) - 1

    def shown(self, routes: Routes, seed: int) -> tuple[Any, ...]:
        numbers, following, gains = (np.zeros(self.n + 1, dtype=kind) for kind in (int, int, float))
        for number, route in enumerate(routes):
            for before, node, after in zip([0, *route], route, [*route[1:], 0], strict=False):
                numbers[node], following[node] = number, after
                gains[node] = self.rows[before][node] + self.rows[node][after] - self.rows[before][after]
        return seed, self.distances[seed], np.array(self.demands) / self.capacity, numbers, following, gains

    def costs(self, routes: Routes, chosen: list[int]) -> tuple[Any, ...]:
        cheapest, regrets = [], []
        for node in chosen:
            alone = 2.0 * self.rows[0][node]
            places = [
                min(
                    self.rows[a][node] + self.rows[node][b] - self.rows[a][b]
                    for a, b in zip([0, *route], [*route, 0], strict=True)
                )
                for route in routes
                if self._load(route) + self.demands[node] <= self.capacity
            ]
            first, second = sorted([*places, alone, alone if not places else np.inf])[:2]
            cheapest.append(first)
            regrets.append(second - first)
        demands = np.array(self.demands)[chosen] / self.capacity
        return demands, self.distances[0, chosen], np.array(cheapest), np.array(regrets)

    def insert(self, routes: Routes, node: int, blinks: _Blinks) -> None:
        row, best, found = self.rows[node], 2.0 * self.rows[0][node], None
        fits = [route for route in routes if self._load(route) + self.demands[node] <= self.capacity]
        for other, place, route in sorted((other, place, one) for one in fits for place, other in enumerate(one)):
            before = route[place - 1] if place else 0
            cost = row[before] + row[other] - self.rows[before][other]
            if cost < best and not blinks.overlooks():
                best, found = cost, (route, place)
            if place == len(route) - 1:
                cost = row[other] + row[0] - self.rows[other][0]
                if cost < best and not blinks.overlooks():
                    best, found = cost, (route, place + 1)
        if found is None:
            routes.append([node])
        else:
            found[0].insert(found[1], node)

    def _load(self, route: list[int]) -> int:
        return sum(self.demands[node] for node in route)
