"""Published ruin and recreate, as trusted solvers.

They have the same start, effort and acceptance as a candidate; where heuristics score places, they also draw what the frame draws, and no
heuristic is asked.
"""

import zlib
from collections.abc import Callable

from evoheur.problem import TextbookRule
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.textbook_rules import clarke_wright
from evoheur.problems.cvrp.unit_free import unit_free

from .textbook.drawn_alike import searched_alike
from .textbook.string_removal import searched

__all__ = ["textbook_rules"]


def textbook_rules(iterations: int, *, by_order: bool = False) -> dict[str, Callable[[CvrpInstance], list[list[int]]]]:
    """Name → solver that makes so many iterations.

    Args:
        iterations: Of ten customers each on average.
        by_order: Whether the searches are those that go with the interface by order, in the instance's own units.
    """

    def search(instance: CvrpInstance, *, strings: bool) -> list[list[int]]:
        seed = zlib.crc32(instance.name.encode())
        if by_order:
            return searched(instance, iterations=iterations, strings=strings, seed=seed)
        return searched_alike(unit_free(instance), iterations=iterations, strings=strings, seed=seed)

    def random_greedy(instance: CvrpInstance) -> list[list[int]]:
        """Random removal and greedy insertion.

        Random customers leave and come back where they cost least (Schrimpf et al. 2000, doi:10.1006/jcph.1999.6413).
        """
        return search(instance, strings=False)

    def string_removal(instance: CvrpInstance) -> list[list[int]]:
        """String removal with blinks.

        Adjacent strings leave and come back with blinks (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914). Where heuristics
        score places, a string may run over the depot from the end of a route to its beginning, instead of being split.
        """
        return search(instance, strings=True)

    start = TextbookRule(solve=clarke_wright, work=1)
    return {"clarke_wright": start, "random_greedy": random_greedy, "string_removal": string_removal}
