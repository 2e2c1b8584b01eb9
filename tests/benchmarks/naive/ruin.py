"""Ruin and recreate on routes as lists: by views of customers and places, and by order."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks.naive.adding import added
from tests.benchmarks.naive.routes import Routes, length, merged
from tests.benchmarks.naive.tours import between
from tests.benchmarks.naive.views import by_reach

__all__ = ["ruin_by_order", "ruin_recreate"]

_BLINK, _DEVIATION, _MOST = 0.01, 0.005, 20
_MASK = 2**64 - 1
_TOGETHER, _PER_ITERATION = 40, 10


class _Xorshift:
    """Marsaglia's generator, and Steele, Lea & Flood's numbers that go by a key and a number."""

    def __init__(self, state: int) -> None:
        self.state = state

    def draw(self) -> float:
        self.state ^= self.state << 13 & _MASK
        self.state ^= self.state >> 7
        self.state ^= self.state << 17 & _MASK
        return (self.state >> 11) / 2**53

    def key(self) -> int:
        self.draw()
        return self.state

    def overlooks(self) -> bool:
        return self.draw() < _BLINK


def _noise(key: int, number: int) -> float:
    bits = key + (number + 1) * 0x9E3779B97F4A7C15 & _MASK
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & _MASK
    return ((bits ^ bits >> 31) >> 11) / 2**53


def ruin_recreate(
    rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], source: np.random.Generator, effort: int
) -> float:
    """From the savings solution; kept is what is little longer than the record."""
    search = _Search(instance)
    home = search.distances[:, 0]
    current = merged((home[:, None] + home[None, :] - search.distances)[1:, 1:], search.demands, search.capacity)
    current = [route if route[0] <= route[-1] else route[::-1] for route in current]
    best = _Views(search, rules, int(source.integers(2**62))).searched(current, _PER_ITERATION * effort)
    return length(best, search.priced)


class _Views:
    def __init__(self, search: "_Search", rules: Mapping[str, Callable[..., Any]], seed: int) -> None:
        self.search, self.rules, self.source = search, rules, _Xorshift(2 * seed + 1)
        self.left_at = dict.fromkeys(range(1, search.n + 1), 0)
        for _ in range(10):
            self.source.draw()
        others = [[search.rows[one][two] for two in range(1, search.n + 1) if two != one] for one in range(1, search.n + 1)]
        self.spacing = float(np.mean([min(row) for row in others]))

    def searched(self, current: Routes, wanted: int) -> Routes:
        best, back = current, 0
        shortest = self.length(current)
        while back < wanted:
            progress = back / wanted
            ranked, seen = self.customers(current, progress, back)
            chosen = self.chosen(np.asarray(self.rules["leaving"](*seen), dtype=float))
            routes = [[node for node in route if node not in chosen] for route in ranked]
            self.left_at |= dict.fromkeys(chosen, back + len(chosen))
            for node in self.ordered(chosen):
                places, seen = self.places(routes, node, progress)
                route, place = places[int(np.argmax(self.rules["placing"](*seen)))]
                if route < 0:
                    routes.append([node])
                else:
                    routes[route].insert(place, node)
            total = self.length(routes)
            if total < shortest * (1.0 + _DEVIATION * (1.0 - progress)):
                current = [route for route in routes if route]
                if total < shortest:
                    best, shortest = current, total
            back += len(chosen)
        return best

    def length(self, routes: Routes) -> float:
        legs = {node: (before, node) for route in routes for before, node in zip([0, *route], route, strict=False)}
        lasts = {route[-1] for route in routes if route}
        total = 0.0
        for node in sorted(legs):  # the order decides the last bit, and the last bit which of two equals is shorter
            total += self.search.rows[legs[node][0]][node]
            total += self.search.rows[node][0] if node in lasts else 0.0
        return total

    def customers(self, current: Routes, progress: float, back: int) -> tuple[Routes, list[Any]]:
        n, rows = self.search.n, self.search.rows
        seed = 1 + int(self.source.draw() * n)
        lot, key = self.source.draw(), self.source.key()
        near = sorted(range(1, n + 1), key=lambda node: (rows[seed][node], node))
        ranked = sorted(current, key=lambda route: min(near.index(node) for node in route))
        views: list[dict[int, float]] = [{} for _ in range(11)]
        for number, route in enumerate(ranked):
            anchor = min(range(len(route)), key=lambda place: near.index(route[place]))
            for place, node in enumerate(route):
                before, after = [0, *route][place], [*route, 0][place + 1]
                seen = (
                    *(rows[seed][node], near.index(node), number, (place - anchor) % len(route), len(route)),
                    max(0.0, rows[before][node] + rows[node][after] - rows[before][after]),
                    *(self.search.demands[node] / self.search.capacity, (back - self.left_at[node]) / n),
                    *(_noise(key, n + 1 + number), _noise(key, 2 * n + 1 + number), _noise(key, node)),
                )
                for view, value in zip(views, seen, strict=True):
                    view[node] = value
        shown = [np.array([view[node] for node in range(1, n + 1)], dtype=float) for view in views]
        return ranked, [progress, lot, self.spacing, n / len(current), *shown]

    @staticmethod
    def chosen(scores: Any) -> list[int]:
        order = [int(place) for place in np.argsort(-scores, kind="stable")]
        above = [place for place in order if scores[place] > 0.0][:_TOGETHER]
        return sorted(place + 1 for place in above or order[:1])

    def ordered(self, chosen: list[int]) -> list[int]:
        pick, demands, home = self.source.draw() * 11.0, self.search.demands, self.search.rows[0]
        keys = {node: self.source.draw() for node in chosen} if pick < 4.0 else {}
        if pick >= 4.0:
            keys = {node: -demands[node] if pick < 8.0 else -home[node] if pick < 10.0 else home[node] for node in chosen}
        return sorted(chosen, key=lambda node: keys[node])

    def places(self, routes: Routes, node: int, progress: float) -> tuple[list[tuple[int, int]], list[Any]]:
        row, capacity, key = self.search.rows[node], self.search.capacity, self.source.key()
        places: list[tuple[int, int]] = []
        views: list[tuple[float, ...]] = []
        for number, route in enumerate(routes):
            load = added(self.search.demands[other] for other in route) + self.search.demands[node]
            if route and load <= capacity:
                for place, (before, after) in enumerate(zip([0, *route], [*route, 0], strict=True)):
                    edge = self.search.rows[before][after]
                    views.append(
                        (
                            max(0.0, row[before] + row[after] - edge),
                            edge,
                            (capacity - load) / capacity,
                            len(route),
                            _noise(key, len(views)),
                        )
                    )
                    places.append((number, place))
        views.append((2.0 * row[0], 0.0, (capacity - self.search.demands[node]) / capacity, 0, 1.0))
        shown = [np.array(view, dtype=float) for view in zip(*views, strict=True)]
        return [*places, (-1, 0)], [progress, self.search.demands[node] / capacity, row[0], *shown]


def ruin_by_order(
    rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], source: np.random.Generator, effort: int
) -> float:
    """From the savings solution; kept is what is little longer than the record."""
    search = _Search(instance)
    n = search.n
    blinks = _Xorshift(int(source.integers(1, 2**63, size=1, dtype=np.uint64)[0]))
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

    def insert(self, routes: Routes, node: int, blinks: _Xorshift) -> None:
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
