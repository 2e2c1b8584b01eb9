"""Training sets of published systems, made again.

They are made from their recipes: uniform cities in the unit square from one seeded stream.

- EoH (Liu et al. 2024, arXiv:2401.02051) and LLM4AD (Liu et al. 2024, arXiv:2412.17287): seed 2024, 8 and 16 instances of 50 cities.
- ReEvo (Ye et al. 2024, arXiv:2402.01145) and MCTS-AHD (Zheng et al. 2025, arXiv:2501.08603): seed 1234, 64 instances of 50 cities for
  construction, the first 5 of them for ant colonies; seed 5, 10 instances of 200 cities for guided local search.
"""

from typing import Literal, TypeAlias, get_args

import numpy as np

from .instance import TspInstance

__all__ = ["PUBLISHED", "PublishedSet", "published"]

PublishedSet: TypeAlias = Literal["eoh_tsp50", "llm4ad_tsp50", "reevo_tsp50", "reevo_tsp50_aco", "reevo_tsp200_gls"]
PUBLISHED: tuple[PublishedSet, ...] = get_args(PublishedSet)

_RECIPES: dict[PublishedSet, tuple[int, int, int, str]] = {
    "eoh_tsp50": (2024, 8, 50, "legacy-2024-50"),
    "llm4ad_tsp50": (2024, 16, 50, "legacy-2024-50"),
    "reevo_tsp50": (1234, 64, 50, "legacy-1234-50"),
    "reevo_tsp50_aco": (1234, 5, 50, "legacy-1234-50"),
    "reevo_tsp200_gls": (5, 10, 200, "legacy-5-200"),
}
# Seed, instances, cities and the stream; sets cut from one stream begin with the same instances.


def published(name: PublishedSet) -> list[TspInstance]:
    """The instances of a set; distances are Euclidean, without rounding."""
    seed, count, cities, stream = _RECIPES[name]
    points = np.random.RandomState(seed).rand(count, cities, 2)
    return [
        TspInstance(name=f"{stream}-{number}", family=name, metric="EUCLIDEAN", data=points[number]) for number in range(count)
    ]
