"""Mechanical crossover of two parents, for a model to repair."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from evoheur.generation.mutation.breeding import Breeder, Parent
from evoheur.request import Request
from evoheur.variation import SPLICED

__all__ = ["LARGEST", "LONGEST", "Splicer"]

LARGEST = 200
"""Size up to which functions grow by it in nodes; models write larger ones than the offline generator."""
LONGEST = 10_000
"""Longest code of a parent in characters; to look for what fits in a longer one takes seconds."""


class Splicer:
    """Writes the crossed parents into requests that ask for it.

    Equal requests get equal texts, in every process.

    Args:
        breeder: Makes the breeder once one is needed.
    """

    def __init__(self, breeder: Callable[[], Breeder]) -> None:
        self._make = breeder
        self._breeder: Breeder | None = None

    def shown(self, request: Request) -> Request:
        """The request as its prompt is written: with code in place of the seed that it carries.

        The text is empty where no part of one parent fits into the other. Other requests stay as they are.
        """
        if SPLICED not in request.context:
            return request
        return replace(request, context={**request.context, SPLICED: self._crossed(request)})

    def _crossed(self, request: Request) -> str:
        parents: Sequence[Parent] = [
            Parent(f"heuristic {place}", parent.code)
            for place, parent in enumerate(request.parents, 1)
            if len(parent.code) <= LONGEST
        ]
        if len(parents) < 2:
            return ""
        if self._breeder is None:
            self._breeder = self._make()
        rng = random.Random(int(request.context[SPLICED]))  # noqa: S311 - no secret
        made = self._breeder.crossed(parents, rng)
        return "" if made is None else f"# {made.thought}\n{made.code.strip()}"
