"""Published ruin and recreate, as trusted solvers.

They have the same start, effort and acceptance as a candidate.
"""

import zlib
from collections.abc import Callable

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.textbook_rules import clarke_wright

from .textbook.string_removal import searched

__all__ = ["textbook_rules"]


def textbook_rules(iterations: int) -> dict[str, Callable[[CvrpInstance], list[list[int]]]]:
    """Name → solver that makes so many iterations."""

    def random_greedy(instance: CvrpInstance) -> list[list[int]]:
        """Random removal and greedy insertion.

        Random customers leave and come back in random order where they cost least (Schrimpf et al. 2000, doi:10.1006/jcph.1999.6413).
        """
        return searched(instance, iterations=iterations, strings=False, seed=zlib.crc32(instance.name.encode()))

    def string_removal(instance: CvrpInstance) -> list[list[int]]:
        """String removal with blinks.

        Adjacent strings leave and come back with blinks (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914).
        """
        return searched(instance, iterations=iterations, strings=True, seed=zlib.crc32(instance.name.encode()))

    return {"clarke_wright": clarke_wright, "random_greedy": random_greedy, "string_removal": string_removal}
