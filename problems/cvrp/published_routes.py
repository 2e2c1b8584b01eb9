"""Instance sets of published systems, made again from their recipes.

They have no references, so objectives on them are mean lengths, as the papers report them.
"""

from collections.abc import Iterator

import numpy as np

from evoheur.problem import Split

from .instance import CvrpInstance, PublishedSet

__all__ = ["published"]


def published(name: PublishedSet, split: Split) -> list[CvrpInstance]:
    """The instances of a published set.

    "eoh_cvrp50": EoH (Liu et al. 2024, arXiv:2401.02051) and LLM4AD (arXiv:2412.17287): 50 customers, capacity 40, demands 1..9, depot
    and customers uniform in the unit square. "train" holds the 16 instances of seed 2024, "test" the 48 that follow them in EoH's test
    set of 64, "validation" 16 of seed 2025, which are ours.

    "reevo_cvrp50": ReEvo (Ye et al. 2024, arXiv:2402.01145), its task of ant colony optimisation: depot in the centre, capacity 50,
    demands 1..9, one stream of seed 1234. "train" holds 10 instances of 50 customers, "validation" and "test" 64 of 50 and 64 of 100
    each.
    """
    if name == "eoh_cvrp50":
        first, last, seed = {"train": (0, 16, 2024), "validation": (0, 16, 2025), "test": (16, 64, 2024)}[split]
        return list(_eoh(seed, last))[first:]
    return list(_reevo(split))


def _eoh(seed: int, count: int) -> Iterator[CvrpInstance]:
    source = np.random.RandomState(seed)
    for number in range(count):
        coordinates = source.rand(51, 2)
        demands = source.randint(1, 10, size=51).astype(np.int64)
        demands[0] = 0
        yield CvrpInstance(
            name=f"eoh-cvrp50-r{seed}-{number}",
            family="eoh-cvrp50",
            metric="EUCLIDEAN",
            coordinates=coordinates,
            demands=demands,
            capacity=40,
        )


_REEVO: tuple[tuple[Split, int, int], ...] = (  # in the order in which the stream is used: split, customers, instances
    ("train", 50, 10),
    ("validation", 20, 64),
    ("validation", 50, 64),
    ("validation", 100, 64),
    ("test", 20, 64),
    ("test", 50, 64),
    ("test", 100, 64),
)


def _reevo(wanted: Split) -> Iterator[CvrpInstance]:
    source = np.random.RandomState(1234)
    for split, customers, count in _REEVO:
        for number in range(count):
            coordinates = np.vstack(([[0.5, 0.5]], source.uniform(size=(customers, 2))))
            demands = np.concatenate(([0], source.randint(1, 10, size=customers))).astype(np.int64)
            if split == wanted and customers >= 50:
                yield CvrpInstance(
                    name=f"reevo-cvrp{customers}-{split}-{number}",
                    family=f"reevo-cvrp{customers}",
                    metric="EUCLIDEAN",
                    coordinates=coordinates,
                    demands=demands,
                    capacity=50,
                )
