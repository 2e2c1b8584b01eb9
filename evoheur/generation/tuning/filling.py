"""Filling of marked alternatives and ranges, by evaluating.

The second half of X-evolve (Zhai et al. 2025, arXiv:2508.07932): the model writes a space, and a search without a model finds the best in
it.
"""

import asyncio
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from evoheur.components import Config
from evoheur.generation.tuning.marked_space import Filling, MarkedSpace
from evoheur.generation.tuning.tuner import ScoreCode

__all__ = ["FillConfig", "Filled", "Filler"]

_SHOWN = 6  # markers that the thought tells
_LONGEST = 40  # characters of an alternative there


class FillConfig(Config):
    """Replies in which the model may mark alternatives and ranges."""

    evaluations: int = Field(default=20, ge=1)
    """Evaluations on train that filling one reply may take; they are the search's own, and count in its budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A space, filled.

    Attributes:
        code: Source without markers.
        remark: What was filled in, in a sentence for the thought.
        tried: Fillings that were evaluated.
    """

    code: str
    remark: str
    tried: int


class Filler:
    """Finds the best heuristic of a marked space.

    Choices come first, with numbers in the middle of their ranges: all combinations where they fit into the evaluations (into half of them
    beside numbers), else as many that are drawn. What is left goes to the numbers, by CMA-ES. Equal spaces and seeds get equal fillings.

    Args:
        seed: The run's seed.
        evaluations: The most that one space may take.
    """

    def __init__(self, *, seed: int, evaluations: int) -> None:
        self._seed = seed
        self._evaluations = evaluations

    async def fill(self, space: MarkedSpace, score: ScoreCode) -> Filled:
        """Search a space.

        Args:
            space: With markers.
            score: Evaluates; several calls may run at the same time.

        Returns:
            The best filling, the first of equally good ones; the very first where all fail.
        """
        digest = hashlib.sha256(f"{self._seed}/fill/{space.code}".encode()).digest()
        rng = np.random.default_rng(int.from_bytes(digest[:8]))
        search = _Search(space, score)
        await search.evaluate([space.combination(each) for each in self._ordinals(space, rng)])
        if space.numbers and search.done < self._evaluations:
            await self._tune(space, search, rng)
        return search.result()

    def _ordinals(self, space: MarkedSpace, rng: np.random.Generator) -> Sequence[int]:
        limit = max(1, self._evaluations // 2) if space.numbers else self._evaluations
        if space.combinations <= limit:
            return range(space.combinations)
        drawn = dict.fromkeys([0])  # the model's first wish is always among them
        while len(drawn) < limit:
            wish = [int(rng.integers(len(space.markers[place].alternatives))) for place in space.choices]
            ordinal = 0
            for place, chosen in zip(space.choices, wish, strict=True):
                ordinal = ordinal * len(space.markers[place].alternatives) + chosen
            drawn[ordinal] = None
        return tuple(drawn)

    async def _tune(self, space: MarkedSpace, search: "_Search", rng: np.random.Generator) -> None:
        start = search.best
        from evoheur.generation.tuning.cma_es import CmaEs  # noqa: PLC0415 - takes a second, and few runs need it

        optimiser = CmaEs(len(space.numbers), rng)
        while (left := self._evaluations - search.done) > 0:
            points = optimiser.ask()[:left]
            objectives = await search.evaluate([_moved(space, start, point) for point in points])
            optimiser.tell(points, objectives)


class _Search:
    def __init__(self, space: MarkedSpace, score: ScoreCode) -> None:
        self._space = space
        self._score = score
        self.done = 0
        self.best: Filling = space.combination(0)
        self._objective = math.inf

    async def evaluate(self, fillings: Sequence[Filling]) -> list[float]:
        """What fillings are worth, infinity for those that fail."""
        codes = [self._space.filled(each) for each in fillings]
        self.done += len(codes)
        found = await asyncio.gather(*map(self._score, codes))
        objectives = [math.inf if objective is None else objective for objective in found]
        for objective, filling in zip(objectives, fillings, strict=True):
            if objective < self._objective:
                self.best, self._objective = filling, objective
        return objectives

    def result(self) -> Filled:
        shown = [
            _shortened(marker.alternatives[int(value)] if marker.alternatives else f"{marker.bounded(value):g}")
            for marker, value in zip(self._space.markers, self.best, strict=True)
        ]
        more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
        worth = "all of which failed" if math.isinf(self._objective) else f"{self._objective:.5g}"
        remark = f"Filled with {', '.join(shown[:_SHOWN])}{more}: best of {self.done}, {worth}."
        return Filled(code=self._space.filled(self.best), remark=remark, tried=self.done)


def _moved(space: MarkedSpace, start: Filling, point: Sequence[float]) -> Filling:
    """A filling with other numbers.

    Args:
        space: With markers.
        start: Where choices are taken from.
        point: Of each number, in halves of its range from the middle; what lies beyond a bound is the bound.
    """
    moved = list(start)
    for place, step in zip(space.numbers, point, strict=True):
        marker = space.markers[place]
        moved[place] = marker.bounded((marker.low + marker.high) / 2 + step * (marker.high - marker.low) / 2)
    return tuple(moved)


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
