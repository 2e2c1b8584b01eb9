"""The tuner, which answers requests that want other constants.

A heuristic's numbers are searched for by evaluating it, without a model.
"""

import asyncio
import hashlib
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

import numpy as np

from evoheur.candidate import Candidate
from evoheur.components import resolve
from evoheur.errors import ConfigError
from evoheur.generation.tuning.optimiser import BUILTIN_OPTIMISERS, MakeOptimiser
from evoheur.generation.tuning.tunable_constants import Constant, find_constants, rounded, with_values
from evoheur.request import Completion, Request

__all__ = ["ScoreCode", "Tuner"]

ScoreCode = Callable[[str], Awaitable[float | None]]
"""Source → objective on train, minimised; None if it fails."""

_SHOWN = 6  # changes that the thought lists


class Tuner:
    """Tuner of the constants of a request's only parent.

    Equal requests and seeds get equal replies. The request's context says "method" (a built-in optimiser, or package.module:Class) and
    "evaluations", the most it may take.

    Args:
        seed: The run's seed.
    """

    def __init__(self, *, seed: int) -> None:
        self._seed = seed

    async def complete(self, request: Request, score: ScoreCode) -> Completion:
        """Search, and answer with the best heuristic found.

        The answer has the form in which a model would give it. Where there is nothing to tune, or nothing better than the start for an
        optimiser that keeps it, the answer is the parent's code.

        Args:
            request: Its only parent is the heuristic; it must be OK.
            score: Evaluates; several calls may run at the same time.
        """
        (parent,) = request.parents
        method, limit = request.context["method"], int(request.context["evaluations"])
        constants = find_constants(parent.code)
        if not constants:
            return _reply("There is no numeric constant to tune.", parent.code, method, 0)
        make = cast("MakeOptimiser", resolve(method, BUILTIN_OPTIMISERS, what="optimiser"))
        search = _Search(parent, constants, score, limit)
        optimiser = make(len(constants), np.random.default_rng(self._seed_of(parent, method)))
        while search.left > 0:
            points = optimiser.ask()[: search.left]
            if not points:
                raise ConfigError(f"The optimiser {method!r} asks for no point; it must ask for at least one.")
            optimiser.tell(points, await search.evaluate(points))
        return search.reply(method, keep_start=optimiser.keeps_start)

    def _seed_of(self, parent: Candidate, method: str) -> int:
        # The parent's code, not the request's number: tuning beside a search must not depend on when it came up.
        digest = hashlib.sha256(f"{self._seed}/{method}/{parent.code}".encode()).digest()
        return int.from_bytes(digest[:8])


class _Search:
    """One heuristic's constants, and the best that is known of them."""

    def __init__(self, parent: Candidate, constants: Sequence[Constant], score: ScoreCode, limit: int) -> None:
        self._parent = parent
        self._constants = constants
        self._score = score
        self._limit = limit
        self._done = 0
        self._best: tuple[float, list[float]] | None = None

    @property
    def left(self) -> int:
        """Evaluations that may still be made."""
        return self._limit - self._done

    async def evaluate(self, points: Sequence[Sequence[float]]) -> list[float]:
        """What points are worth, infinity for those that fail."""
        vectors = [self._values(point) for point in points]
        codes = [with_values(self._parent.code, self._constants, values) for values in vectors]
        self._done += len(codes)
        objectives = [
            math.inf if objective is None else objective for objective in await asyncio.gather(*map(self._score, codes))
        ]
        for objective, values in zip(objectives, vectors, strict=True):
            if math.isfinite(objective) and (self._best is None or objective < self._best[0]):
                self._best = (objective, values)
        return objectives

    def reply(self, method: str, *, keep_start: bool) -> Completion:
        """The answer to the request: the best heuristic found."""
        start = math.inf if self._parent.objective is None else self._parent.objective
        if self._best is None or (keep_start and self._best[0] >= start):
            return _reply(f"No better constants found in {self._done} evaluations.", self._parent.code, method, self._done)
        objective, values = self._best
        idea = f"{self._parent.thought.strip().rstrip('.')}. " if self._parent.thought.strip() else ""
        gain = f"{start:.5g} to {objective:.5g} by {method} in {self._done} evaluations"
        thought = f"{idea}Tuned {self._changes(values)}: {gain}."
        return _reply(thought, with_values(self._parent.code, self._constants, values), method, self._done)

    def _values(self, point: Sequence[float]) -> list[float]:
        return [
            rounded(constant.value + step * (abs(constant.value) or 1.0))
            for constant, step in zip(self._constants, point, strict=True)
        ]

    def _changes(self, values: Sequence[float]) -> str:
        changed = [
            f"{rounded(constant.value):g} to {value:g}"
            for constant, value in zip(self._constants, values, strict=True)
            if value != rounded(constant.value)
        ]
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        return f"{', '.join(changed[:_SHOWN])}{more}"


def _reply(thought: str, code: str, method: str, evaluations: int) -> Completion:
    # Braces are what the thought stands in, so it has none of its own.
    plain = thought.replace("{", "(").replace("}", ")")
    return Completion(text=f"{{{plain}}}\n\n```python\n{code}\n```", model=method, attempts=0, evaluations=evaluations)
