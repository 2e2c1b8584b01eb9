"""Guided local search in lists: 2-opt and Or-opt over neighbour lists, and penalties on edges of the tour."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks.naive.adding import added
from tests.benchmarks.naive.tours import between, divisible, length
from tests.benchmarks.naive.views import by_spacing

__all__ = ["Search", "greedy_edge", "guided", "guided_by_matrices", "guided_by_rounds"]

_NEIGHBOURS, _TOLERANCE = 10, 1e-10


def guided(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, effort: int | None) -> float:
    """The best tour after so many rounds."""
    priced = between(instance["data"])
    rounds = max(10, len(priced) // 3) if effort is None else effort
    return length(guided_by_rounds(rules["edge_scores"], by_spacing(priced), rounds), priced)


def guided_by_rounds(edge_scores: Callable[..., Any], distances: np.ndarray[Any, Any], rounds: int) -> list[int]:
    """The best tour of at least five cities after so many rounds of penalties on scored edges."""
    search, n = Search(distances, greedy_edge(distances)), len(distances)
    search.improve(search.distances)
    weight, penalised = 0.6 * search.length / n, dict[frozenset[int], list[int]]()
    for number in range(rounds):
        edges = [(search.tour[place], search.tour[(place + 1) % n]) for place in range(n)]
        views = np.array([_edge_view(search, place, penalised, number) for place in range(n)], dtype=float).T
        mean_length = added(distances[edge] for edge in edges) / n
        scores = edge_scores(mean_length, number / rounds, *views).tolist()
        moves = count = 0
        waiting = dict(zip(edges, scores, strict=True))
        while moves < 30 and count < 100:
            worth = {edge: _worth(score, len(penalised.get(frozenset(edge), []))) for edge, score in waiting.items()}
            if not worth or max(worth.values()) == -np.inf:
                break
            one, other = max(worth, key=worth.__getitem__)
            if other not in (search.beside(one, 1), search.beside(one, -1)):
                del waiting[one, other]
                continue
            count += 1
            penalised.setdefault(frozenset((one, other)), []).append(number)
            search.guided[one][other] += weight
            search.guided[other][one] += weight
            moves += search.improve_at(one, search.guided) + search.improve_at(other, search.guided)
        search.improve(search.distances)
    return search.best


def _worth(score: float, penalties: int) -> float:
    return score / (1 + penalties) if score >= 0.0 else score * (1 + penalties)


def _edge_view(search: "Search", place: int, penalised: Mapping[frozenset[int], list[int]], number: int) -> list[float]:
    before, one, other, after = (search.tour[(place + step) % search.n] for step in (-1, 0, 1, 2))
    edge = search.distances[one][other]
    ranks = sorted(sum(search.distances[city][near] < edge for near in search.near[city]) for city in (one, other))
    nearest = [
        search.distances[city][search.near[city][0]] + search.distances[city][search.near[city][1]] for city in (one, other)
    ]
    beside = (search.distances[before][one] + search.distances[other][after]) / 2
    rounds = penalised.get(frozenset((one, other)), [])
    since = number - (rounds[-1] if rounds else 0)
    return [max(edge, 1e-9), len(rounds), *ranks, max(added(nearest) / 4, 1e-9), max(beside, 1e-9), since]


def guided_by_matrices(guide: Callable[..., Any], distances: np.ndarray[Any, Any], effort: int) -> list[int]:
    """The best tour after so many penalties, each on the edge that a matrix names."""
    n, shown = len(distances), divisible(distances)
    search = Search(distances)
    search.improve(search.guided)
    search.moved = set()
    weight, penalties = search.length / n, np.zeros((n, n), dtype=int)
    for _ in range(effort):
        entries = guide(shown, np.array(search.tour), penalties)
        worth = [
            entries[search.tour[place - 1], search.tour[place]] + entries[search.tour[place], search.tour[place - 1]]
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
    return search.best


def greedy_edge(distances: Any) -> list[int]:
    """The tour of shortest edges first, from the lower of its two ends."""
    n = len(distances)
    beside: list[list[int]] = [[] for _ in range(n)]
    part = list(range(n))
    edges = sorted((distances[one, other], one, other) for one in range(n) for other in range(one + 1, n))
    for _, one, other in edges:
        if len(beside[one]) < 2 and len(beside[other]) < 2 and part[one] != part[other]:
            beside[one].append(other)
            beside[other].append(one)
            part = [part[one] if each == part[other] else each for each in part]
    tour = [min(city for city in range(n) if len(beside[city]) < 2)]
    while len(tour) < n:
        tour.append(next(city for city in beside[tour[-1]] if city not in tour[-2:]))
    return tour


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
            while self.improve_at(city, by):
                pass

    def improve_at(self, city: int, by: list[list[float]]) -> bool:
        """One move at a city, if any is better."""
        if not (self._two_opt(city, by) or self._or_opt(city, by)):
            return False
        if self.length < self.shortest:
            self.shortest, self.best = self.length, list(self.tour)
        return True

    def beside(self, city: int, step: int) -> int:
        """The city after (step 1) or before (step -1) another."""
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
            beside = self.beside(city, step)
            for other in self.near[city]:
                if by[city][beside] <= self.distances[city][other]:
                    break
                far = self.beside(other, step)
                removed = by[city][beside] + by[other][far]
                gain = removed - by[city][other] - by[beside][far]
                if gain > most and gain > _TOLERANCE * removed:
                    most, found = gain, (step, other)
        step, other = found
        if not step:
            return False
        self.exchange(city, step, other)
        return True

    def exchange(self, city: int, step: int, other: int) -> None:
        """Put two cities beside each other, and those beside them."""
        beside, far = self.beside(city, step), self.beside(other, step)
        self.exchanged(city, beside, city, other)
        self.exchanged(other, far, beside, far)
        first, last = (self.place[beside], self.place[other]) if step == 1 else (self.place[city], self.place[far])
        size = (last - first) % self.n + 1
        if 2 * size > self.n:
            first, size = last + 1, self.n - size
        self.put(first, [self.tour[(first + index) % self.n] for index in range(size)][::-1])

    def _or_opt(self, city: int, by: list[list[float]]) -> bool:
        most, found = 0.0, (0, 0, 0)
        for step in (1, -1):
            for size in range(1, min(3, self.n - 3) + 1):
                gain, other, side = self._best_gap(city, step * size, by)
                if gain > most:
                    most, found = gain, (step * size, other, side)
        if not found[0]:
            return False
        self.carry(city, *found)
        return True

    def _best_gap(self, city: int, reach: int, by: list[list[float]]) -> tuple[float, int, int]:
        step = 1 if reach > 0 else -1
        end = self.beside(city, reach - step)
        before, after = self.beside(city, -step), self.beside(end, step)
        removed = by[before][city] + by[end][after]
        freed, best = removed - by[before][after], (0.0, 0, 0)
        for other in self.near[city]:
            if ((self.place[other] - self.place[city]) * step) % self.n < abs(reach):
                continue
            for side in (1, -1):
                far = self.beside(other, side)
                if far in (city, end):
                    continue
                gain = freed + by[other][far] - by[city][other] - by[end][far]
                if gain > best[0] and gain > _TOLERANCE * (removed + by[other][far]):
                    best = gain, other, side
        return best

    def carry(self, city: int, reach: int, other: int, side: int) -> None:
        """Carry cities to beside another one."""
        n, size, step = self.n, abs(reach), 1 if reach > 0 else -1
        segment = [self.tour[(self.place[city] + index * step) % n] for index in range(size)]
        end = segment[-1]
        before, after, far = self.beside(city, -step), self.beside(end, step), self.beside(other, side)
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
