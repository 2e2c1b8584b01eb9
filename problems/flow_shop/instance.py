"""The data of a permutation flow shop instance."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance, Json

__all__ = ["FlowShopInstance", "decoded"]


@dataclass(frozen=True, kw_only=True, eq=False)
class FlowShopInstance(Instance):
    """Jobs that all pass the same machines in the same order.

    Attributes:
        times: How long each job takes on each machine, whole numbers of at least 0, not all 0; shape (jobs, machines), int64.
    """

    times: NDArray[np.int64]

    @property
    def jobs(self) -> int:
        """The number of jobs."""
        return len(self.times)

    @property
    def machines(self) -> int:
        """The number of machines."""
        return int(self.times.shape[1])

    @cached_property
    def total(self) -> int:
        """All processing times together."""
        return int(self.times.sum())


def decoded(data: Mapping[str, Json]) -> FlowShopInstance:
    """Rebuild an instance in the guest."""
    return FlowShopInstance(name=data["name"], family=data["family"], times=np.array(data["times"], dtype=np.int64))
