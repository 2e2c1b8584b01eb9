"""The data of a job shop instance."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance, Json

__all__ = ["JobShopInstance", "decoded_shop", "shop_of_arrivals"]


@dataclass(frozen=True, kw_only=True, eq=False)
class JobShopInstance(Instance):
    """Jobs that pass machines each in an order of its own, and come together or one after the other.

    Attributes:
        machines: How many there are, at least 1.
        routes: Machine of every operation, from 0, in the order of each job; shape (jobs, operations), int64.
        times: How long each operation takes, whole numbers of at least 0; shape (jobs, operations), int64.
        batches: With which arrival each job comes, from 0, rising; shape (jobs,), int64.
        gaps: How long after the one before it each arrival comes, at least 0; shape (arrivals,), int64.
    """

    machines: int
    routes: NDArray[np.int64]
    times: NDArray[np.int64]
    batches: NDArray[np.int64]
    gaps: NDArray[np.int64]

    @property
    def jobs(self) -> int:
        """The number of jobs."""
        return len(self.times)

    @property
    def releases(self) -> NDArray[np.int64]:
        """When each job comes, shape (jobs,)."""
        moments: NDArray[np.int64] = np.cumsum(self.gaps)[self.batches]
        return moments

    def arrivals(self) -> list[Json]:
        """Of every arrival its gap, and routes and times of its jobs."""
        return [
            [int(gap), self.routes[self.batches == number].tolist(), self.times[self.batches == number].tolist()]
            for number, gap in enumerate(self.gaps)
        ]


def shop_of_arrivals(name: str, family: str, machines: int, arrivals: list[Json]) -> JobShopInstance:
    """Make an instance of what `JobShopInstance.arrivals` gives."""
    counts = [len(routes) for _, routes, _ in arrivals]
    return JobShopInstance(
        name=name,
        family=family,
        machines=machines,
        routes=np.array([route for _, routes, _ in arrivals for route in routes], dtype=np.int64),
        times=np.array([row for _, _, times in arrivals for row in times], dtype=np.int64),
        batches=np.repeat(np.arange(len(arrivals)), counts),
        gaps=np.array([gap for gap, _, _ in arrivals], dtype=np.int64),
    )


def decoded_shop(data: Mapping[str, Json]) -> JobShopInstance:
    """Rebuild an instance in the guest."""
    arrays = {name: np.array(data[name], dtype=np.int64) for name in ("routes", "times", "batches", "gaps")}
    return JobShopInstance(name=data["name"], family=data["family"], machines=data["machines"], **arrays)
