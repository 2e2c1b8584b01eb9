"""Customers with time windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Json
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.instance import decoded as decoded_customers
from evoheur.problems.cvrp.unit_free import reach

from .kernels import TimeWindows

__all__ = ["TimeWindowInstance", "decoded", "with_windows"]

_SLACK = 1e-10
"""Share of the horizon by which a frame may be late, so that what fits exactly is not lost to rounding; prices allow ten times it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TimeWindowInstance(CvrpInstance):
    """A depot, customers with time windows, and any number of equal vehicles.

    A vehicle drives a unit of length in a unit of time. It may arrive before a customer's window opens, and waits then; service begins
    within the window, and may end after it. The depot's window is when vehicles leave at the earliest and are back at the latest.

    Attributes:
        ready_times: When the windows of the nodes open, at least 0, shape (customers + 1,), dtype float64.
        due_times: When they close, shape (customers + 1,), dtype float64.
    """

    ready_times: NDArray[np.float64]
    due_times: NDArray[np.float64]

    @cached_property
    def unit(self) -> float:
        """The mean distance between the depot and a customer, in which rules see lengths and times."""
        return reach(self.distances)

    @cached_property
    def windows(self) -> TimeWindows:
        """What vehicles must keep to, in the unit of rules, for compiled loops.

        Nothing is rounded, so that what fits exactly still fits.
        """
        ready, due = self.ready_times / self.unit, self.due_times / self.unit
        return TimeWindows(
            travel=self.distances / self.unit,
            ready=ready,
            due=due,
            service=self.service / self.unit,
            demands=self.demands,
            capacity=self.capacity,
            tolerance=float(due[0] - ready[0]) * _SLACK,
        )


def decoded(data: Mapping[str, Json]) -> TimeWindowInstance:
    """Rebuild an instance in the guest."""
    customers = decoded_customers(data)
    return with_windows(
        customers,
        customers.service,
        np.array(data["ready_times"], dtype=np.float64),
        np.array(data["due_times"], dtype=np.float64),
    )


def with_windows(
    customers: CvrpInstance, service: NDArray[np.float64], ready: NDArray[np.float64], due: NDArray[np.float64]
) -> TimeWindowInstance:
    """The same customers with service and time windows, and no other limit of routes or fleet.

    Args:
        customers: Whose limits are not taken over.
        service: Of the nodes, 0 at the depot, shape (customers + 1,), like the next ones.
        ready: When windows open.
        due: When they close.
    """
    return TimeWindowInstance(
        name=customers.name,
        family=customers.family,
        metric=customers.metric,
        coordinates=customers.coordinates,
        demands=customers.demands,
        capacity=customers.capacity,
        matrix=customers.matrix,
        service_times=service,
        ready_times=ready,
        due_times=due,
    )
