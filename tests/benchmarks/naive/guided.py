"""Guided local search in lists: 2-opt and Or-opt over neighbour lists, and penalties on edges of the tour."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks.naive.adding import added
from tests.benchmarks.naive.tours import between, divisible, length
from tests.benchmarks.naive.views import by_spacing

__all__ = ["Search", "guided"]

_NEIGHBOURS, _TOLERANCE = 10, 1e-10


def guided(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, effort: int) -> float:
    """The best tour after so many penalties."""
    priced = between(instance["data"])
    distances = by_spacing(priced)
    n, shown = len(distances), divisible(distances)
    search = Search(distances)
    search.improve(search.guided)
    search.moved = set()
    weight, penalties = search.length / n, np.zeros((n, n), dtype=int)
    for _ in range(effort):
        guide = rules["guide"](shown, np.array(search.tour), penalties)
        worth = [
            guide[search.tour[place - 1], search.tour[place]] + guide[search.tour[place], search.tour[place - 1]]
            for place in range(n)
        ]
        place = worth.index(max(worth))
        one, other = search.tour[place - 1], search.tour[place]
        for start, end in ((one, other), (other, one)):
            penalties[start, end] += 1
            search.guided[start][end] += weight
        search.wake(one)
        search.wake(other)
        search.improve(search.guided)
        for city in sorted(search.moved):
            search.wake(city)
        search.improve(search.distances)
        search.moved = set()
    return length(search.best, priced)


class Search:
    """A local search that begins at a tour, by default the nearest neighbour tour."""

    def __init__(self, distances: np.ndarray[Any, Any], tour: list[int] | None = None) -> None:
        self.distances: list[list[float]] = distances.tolist()
        self.guided: list[list[float]] = distances.tolist()
        self.n = len(distances)
        order = [
            [other for other in np.argsort(row, kind="stable").tolist() if other != city] for city, row in enumerate(distances)
        ]
        self.near = [row[:_NEIGHBOURS] for row in order]
        self.tour = [0] if tour is None else list(tour)
        while len(self.tour) < self.n:
            self.tour.append(next(other for other in order[self.tour[-1]] if other not in self.tour))
        self.place = {city: place for place, city in enumerate(self.tour)}
        self.best, self.moved, self.queue = list(self.tour), set[int](), deque(self.tour)
        self.length = self.shortest = added(self.distances[self.tour[place - 1]][city] for place, city in enumerate(self.tour))

    def wake(self, city: int) -> None:
        """Have its moves tried."""
        if city not in self.queue:
            self.queue.append(city)

    def improve(self, by: list[list[float]]) -> None:
        """Move until nothing is better."""
        while self.queue:
            city = self.queue.popleft()
            while self._two_opt(city, by) or self._or_opt(city, by):
                if self.length < self.shortest:
                    self.shortest, self.best = self.length, list(self.tour)

    def _beside(self, city: int, step: int) -> int:
        return self.tour[(self.place[city] + step) % self.n]

    def exchanged(self, *edges: int) -> None:
        """An edge is replaced by another one."""
        one, other, three, four = edges
        self.length += self.distances[three][four] - self.distances[one][other]
        for city in edges:
            self.moved.add(city)
            self.wake(city)

    def put(self, first: int, cities: list[int]) -> None:
        """Write cities into the tour from a place on."""
        for index, city in enumerate(cities):
            self.tour[(first + index) % self.n] = city
            self.place[city] = (first + index) % self.n

    def _two_opt(self, city: int, by: list[list[float]]) -> bool:
        most, found = 0.0, (0, 0)
        for step in (1, -1):
            beside = self._beside(city, step)
            for other in self.near[city]:
                if by[city][beside] <= self.distances[city][other]:
                    break
                far = self._beside(other, step)
                removed = by[city][beside] + by[other][far]
                gain = removed - by[city][other] - by[beside][far]
                if gain > most and gain > _TOLERANCE * removed:
                    most, found = gain, (step, other)
        step, other = found
        if not step:
            return False
        beside, far = self._beside(city, step), self._beside(other, step)
        self.exchanged(city, beside, city, other)
        self.exchanged(other, far, beside, far)
        first, last = (self.place[beside], self.place[other]) if step == 1 else (self.place[city], self.place[far])
        size = (last - first) % self.n + 1
        if 2 * size > self.n:
            first, size = last + 1, self.n - size
        self.put(first, [self.tour[(first + index) % self.n] for index in range(size)][::-1])
        return True

    def _or_opt(self, city: int, by: list[list[float]]) -> bool:
        most, found = 0.0, (0, 0, 0)
        for step in (1, -1):
            for size in range(1, min(3, self.n - 3) + 1):
                gain, other, side = self._best_gap(city, step * size, by)
                if gain > most:
                    most, found = gain, (step * size, other, side)
        if not found[0]:
            return False
        self._carry(city, *found)
        return True

    def _best_gap(self, city: int, reach: int, by: list[list[float]]) -> tuple[float, int, int]:
        step = 1 if reach > 0 else -1
        end = self._beside(city, reach - step)
        before, after = self._beside(city, -step), self._beside(end, step)
        removed = by[before][city] + by[end][after]
        freed, best = removed - by[before][after], (0.0, 0, 0)
        for other in self.near[city]:
            if ((self.place[other] - self.place[city]) * step) % self.n < abs(reach):
                continue
            for side in (1, -1):
                far = self._beside(other, side)
                if far in (city, end):
                    continue
                gain = freed + by[other][far] - by[city][other] - by[end][far]
                if gain > best[0] and gain > _TOLERANCE * (removed + by[other][far]):
                    best = gain, other, side
        return best

    def _carry(self, city: int, reach: int, other: int, side: int) -> None:
        n, size, step = self.n, abs(reach), 1 if reach > 0 else -1
        segment = [self.tour[(self.place[city] + index * step) % n] for index in range(size)]
        end = segment[-1]
        before, after, far = self._beside(city, -step), self._beside(end, step), self._beside(other, side)
        self.exchanged(before, city, before, after)
        self.exchanged(end, after, end, far)
        self.exchanged(other, far, city, other)
        first = self.place[city if step == 1 else end]
        ahead = (self.place[other if side == 1 else far] - first - size + 1) % n
        laid = segment if side == 1 else segment[::-1]
        if 2 * ahead <= n - size:
            self.put(first, [self.tour[(first + size + index) % n] for index in range(ahead)] + laid)
        else:
            behind = n - size - ahead
            self.put(first - behind, laid + [self.tour[(first - behind + index) % n] for index in range(behind)])
