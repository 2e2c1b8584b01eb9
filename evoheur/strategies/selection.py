"""Rank selection and survival, as pure functions over candidates; objectives are minimised."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from evoheur.candidate import Candidate

__all__ = ["OBJECTIVE_DECIMALS", "admission_bound", "rank_choice", "rank_weights", "renewed", "survivors"]

OBJECTIVE_DECIMALS = 5
"""Decimals to which EoH's releases round an objective before they compare two heuristics for equality."""

ItemT = TypeVar("ItemT")


def rank_weights(count: int) -> list[float]:
    """EoH's selection weights by rank.

    1 / (r + N) for rank r = 1 (best) … N, with N = `count`. The pressure is weak: the best is drawn 2N / (N + 1) times as often as the
    worst, less than twice. Divide by the sum to get probabilities.

    Source: Liu et al. 2024, section 3 (arXiv 2401.02051); the releases use the same formula.
    """
    return [1.0 / (rank + count) for rank in range(1, count + 1)]


def rank_choice(ranked: Sequence[ItemT], count: int, rng: random.Random, *, distinct: bool) -> list[ItemT]:
    """Draw by `rank_weights`.

    Args:
        ranked: What to draw from, best first.
        count: How many to draw; at most `len(ranked)` if they must be distinct.
        rng: Source of randomness.
        distinct: Draw without replacement: after each draw the rest keep their weights. With replacement otherwise.

    Returns:
        The drawn items in the order they were drawn.
    """
    weights = rank_weights(len(ranked))
    if not distinct:
        return rng.choices(ranked, weights, k=count)
    rest = list(ranked)
    drawn = []
    for _ in range(count):
        place = rng.choices(range(len(rest)), weights)[0]
        drawn.append(rest.pop(place))
        weights.pop(place)
    return drawn


def survivors(members: Iterable[Candidate], size: int, *, decimals: int = OBJECTIVE_DECIMALS) -> list[Candidate]:
    """EoH's population management: drop failures, drop repeated objectives, keep the best.

    Of several candidates with the same objective after rounding the first survives, so give the older ones first. Applying it at every
    arrival or once to all arrivals together keeps the same candidates, as long as they arrive in the same order: what a full population
    turned away can be beaten only by what the population already holds.

    Args:
        members: Candidates in order of age, failed ones included.
        size: How many may stay.
        decimals: Objectives are compared for equality after rounding to this many decimals.

    Returns:
        At most `size` candidates with pairwise different rounded objectives, best (smallest objective) first.
    """
    first_with: dict[float, tuple[float, Candidate]] = {}
    for member in members:
        if member.objective is not None:
            first_with.setdefault(round(member.objective, decimals), (member.objective, member))
    return [member for _, member in sorted(first_with.values(), key=lambda scored: scored[0])[:size]]


def renewed(members: Iterable[Candidate], fresh: Mapping[int, Candidate]) -> list[Candidate]:
    """The members with their new worth, the older ones first; see `Strategy.rescored`.

    Those that failed on the fresh instances are left out, and so is what was not scored on them.
    """
    found = {member.id: fresh[member.id] for member in members if member.id in fresh}
    return [found[number] for number in sorted(found) if found[number].objective is not None]


def admission_bound(population: Sequence[Candidate], size: int) -> float | None:
    """The objective from which on a candidate cannot survive.

    It cannot become one of the `survivors` any more. None while there is room. It holds for good, because a full population only gets
    better.

    Args:
        population: What `survivors` returned.
        size: How many may stay.
    """
    return population[-1].objective if len(population) >= size else None
