"""Simulated annealing in lists, with the temperature and the kinds of moves that two rules say."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks.naive.adding import added
from tests.benchmarks.naive.guided import Search, greedy_edge
from tests.benchmarks.naive.tours import between, length
from tests.benchmarks.naive.views import by_spacing

__all__ = ["annealed", "annealing"]

_ROUNDS, _LONGEST = 100, 50


def annealing(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], source: Any, effort: int) -> float:
    """The best tour after so many moves per city."""
    priced = between(instance["data"])
    return length(annealed(rules, by_spacing(priced), source, effort), priced)


class _Round:
    """What happened in a round: moves tried, made, their gains and records by kind, rises, lengths."""

    def __init__(self, search: Search, draws: Any, bounds: list[float], temperature: float | None) -> None:
        self.tried, self.made, self.gained, self.records = ([0.0] * 3 for _ in range(4))
        self.rises, self.away, self.latest = list[float](), list[float](), 0
        start = search.length
        for number, draw in enumerate(draws.tolist(), start=1):
            kind = sum(draw[0] >= bound for bound in bounds)
            city = int(draw[1] * search.n)
            other = search.near[city][int(draw[2] * len(search.near[city]))]
            move = (_edges, _segment, _pieces)[kind](search, city, other, draw[3])
            if move is not None:
                change, make = move
                self.tried[kind] += 1
                self.rises += [change] if change > 0 else []
                if temperature is not None and change <= -temperature * math.log(1.0 - draw[4]):
                    make()
                    self.made[kind] += 1
                    self.gained[kind] += max(0.0, -change)
                    if search.length < search.shortest - 1e-9:
                        search.shortest, search.best, self.latest = search.length, list(search.tour), number
                        self.records[kind] += 1
            self.away.append(search.length - start)


def annealed(rules: Mapping[str, Callable[..., Any]], distances: Any, source: Any, moves_per_city: int) -> list[int]:
    """The best tour of at least five cities."""
    search, n = Search(distances, greedy_edge(distances)), len(distances)
    total, lately = moves_per_city * n, np.zeros((4, 3))
    last = _Round(search, source.random((math.ceil(total / _ROUNDS), 5)), [1 / 3, 2 / 3], None)
    temperature, done, improved = 0.0, 0, 0
    for number in range(_ROUNDS):
        progress, tried = number / _ROUNDS, sum(last.tried)
        mean = added(last.away) / len(last.away)
        spread = math.sqrt(max(0.0, added(away**2 for away in last.away) / len(last.away) - mean**2))
        state = (
            round(added(last.rises) / max(1, len(last.rises)), 9),
            round(spread, 9),
            max(0.0, round(search.length - search.shortest, 9)),
            round(search.length / n, 9),
            (done - improved) / total,
        )
        temperature = rules["next_temperature"](progress, temperature, sum(last.made) / max(1, tried), *state)
        temperature = min(max(0.0, float(temperature)), 1e9)
        share, often = np.array(last.tried) / max(1, tried), np.maximum(lately[0], 1)
        views = (lately[1] / often, np.round(lately[2] / often, 9), lately[3] / often)
        weights = [max(0.0, float(weight)) for weight in rules["move_weights"](progress, temperature, share, *views)]
        weights = weights if max(weights) > 0 else [1.0, 1.0, 1.0]
        bounds = [weights[0] / added(weights), (weights[0] + weights[1]) / added(weights)]
        until = total * (number + 1) // _ROUNDS
        last = _Round(search, source.random((until - done, 5)), bounds, temperature)
        search.length = added(search.distances[search.tour[place - 1]][here] for place, here in enumerate(search.tour))
        improved, done = done + last.latest if last.latest else improved, until
        lately = lately / 2 + np.array([last.tried, last.made, last.gained, last.records])
    return search.best


def _edges(search: Search, city: int, other: int, draw: float) -> Any:
    step = 1 if draw < 0.5 else -1
    beside, far = search.beside(city, step), search.beside(other, step)
    if beside == other or far == city:
        return None
    d = search.distances
    change = d[city][other] + d[beside][far] - d[city][beside] - d[other][far]
    return change, lambda: search.exchange(city, step, other)


def _segment(search: Search, city: int, other: int, draw: float) -> Any:
    form = int(draw * 12)
    step, side, size = (1, -1)[form % 2], (1, -1)[form // 2 % 2], min(1 + form // 4, search.n - 3)
    inside = [search.beside(city, step * index) for index in range(size)]
    far = search.beside(other, side)
    if other in inside or far in (city, inside[-1]):
        return None
    before, after, d = search.beside(city, -step), search.beside(city, step * size), search.distances
    change = d[before][after] + d[other][city] + d[inside[-1]][far] - d[before][city] - d[inside[-1]][after] - d[other][far]
    return change, lambda: search.carry(city, step * size, other, side)


def _pieces(search: Search, city: int, other: int, draw: float) -> Any:
    cut, most = (search.place[other] - search.place[city]) % search.n - 1, min(_LONGEST, search.n - 2)
    if not 1 <= cut < most:
        return None
    size = cut + 1 + int(draw * (most - cut))
    piece = [search.beside(city, 1 + index) for index in range(size)]
    after, d = search.beside(city, size + 1), search.distances
    change = d[city][other] + d[piece[-1]][piece[0]] + d[piece[cut - 1]][after]
    change -= d[city][piece[0]] + d[piece[cut - 1]][other] + d[piece[-1]][after]

    def make() -> None:
        search.exchanged(city, piece[0], city, other)
        search.exchanged(piece[cut - 1], other, piece[-1], piece[0])
        search.exchanged(piece[-1], after, piece[cut - 1], after)
        search.put(search.place[city] + 1, piece[cut:] + piece[:cut])

    return change, make
