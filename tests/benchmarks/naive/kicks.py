"""Iterated local search in lists: where to kick and what to keep, as two rules say."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks.naive.adding import added
from tests.benchmarks.naive.guided import Search, greedy_edge
from tests.benchmarks.naive.tours import between, length
from tests.benchmarks.naive.views import by_spacing

__all__ = ["kicked", "kicks"]

_ROUND, _LONGEST = 10, 50


def kicks(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], source: Any, effort: int) -> float:
    """The best tour after so many kicks per city."""
    priced = between(instance["data"])
    return length(kicked(rules, by_spacing(priced), source, effort * len(priced)), priced)


def kicked(rules: Mapping[str, Callable[..., Any]], distances: Any, source: Any, count: int) -> list[int]:
    """The best tour of at least five cities."""
    search, n = Search(distances, greedy_edge(distances)), len(distances)
    search.improve(search.distances)
    search.moved = set()
    tried, changed, done, improved = [0] * n, [0] * n, 0, 0
    while done < count:
        size, progress = min(_ROUND, n, count - done), done / count
        views = [_view(search, city, tried[city], (done - changed[city]) / n) for city in range(n)]
        scores = rules["kick_scores"](progress, source.random(n), *np.array(views, dtype=float).T)
        order = sorted(range(n), key=lambda city: (-scores[city], city))
        behind, stuck = max(0.0, round(search.length - search.shortest, 9)), (done - improved) / n
        allowed = rules["allowed_increases"](progress, behind, stuck, 1.0 - source.random(size))
        for city, most, draws in zip(order, allowed, source.random((size, 2)), strict=False):
            done += 1
            tried[city] += 1
            before, tour, shortest = search.length, list(search.tour), search.shortest
            _kick(search, city, *draws)
            search.improve(search.distances)
            if search.length < search.shortest:
                search.shortest, search.best = search.length, list(search.tour)
            improved = done if search.shortest < shortest else improved
            if search.length - before <= most:
                for each in search.moved:
                    changed[each] = done
                search.length = added(search.distances[search.tour[place - 1]][here] for place, here in enumerate(search.tour))
            else:
                search.put(0, tour)
                search.length = before
            search.moved = set()
    return search.best


def _view(search: Search, city: int, tried: int, age: float) -> list[float]:
    place, near = search.place[city], [search.distances[city][other] for other in search.near[city]]
    edges = [search.distances[city][search.tour[place - 1]], search.distances[city][search.tour[(place + 1) % search.n]]]
    rank = sum(distance < max(edges) for distance in near)
    return [max(edges), min(edges), near[0], near[1], rank, tried, age]


def _kick(search: Search, city: int, long: float, cut: float) -> None:
    first = search.place[city]
    size = 2 + int(long * (min(_LONGEST, search.n - 2) - 1))
    head = 1 + int(cut * (size - 1))
    piece = [search.tour[(first + index) % search.n] for index in range(size)]
    before, after = search.tour[first - 1], search.tour[(first + size) % search.n]
    search.exchanged(before, piece[0], before, piece[head])
    search.exchanged(piece[head - 1], piece[head], piece[-1], piece[0])
    search.exchanged(piece[-1], after, piece[head - 1], after)
    search.put(first, piece[head:] + piece[:head])
