"""Features of the first jobs of a shop, for selectors."""

import numpy as np
from numpy.typing import NDArray

from .instance import JobShopInstance

__all__ = ["features"]


def features(instance: JobShopInstance) -> dict[str, float]:
    """Describe the jobs that have come, without units.

    Args:
        instance: With the first arrivals only: what is to come must not be known.

    Returns:
        jobs and machines, how many; per_machine, jobs over machines; variation, the deviation of all times over their mean; by_job and
        by_machine, the deviations of the jobs' and of the machines' work over the means of these; coming, how long after the first the
        last job comes, over the mean work of a machine; staged, the mean over operations of how much later than halfway machines with
        higher numbers are visited, from -1 to 1.
    """
    times: NDArray[np.float64] = instance.times / max(1, int(instance.times.sum()))
    of_jobs: NDArray[np.float64] = times.sum(axis=1)
    of_machines = np.zeros(instance.machines)
    np.add.at(of_machines, instance.routes, times)
    moments, numbers = np.linspace(-1.0, 1.0, times.shape[1]), instance.routes / max(1, instance.machines - 1)
    return {
        "jobs": float(instance.jobs),
        "machines": float(instance.machines),
        "per_machine": instance.jobs / instance.machines,
        "variation": _over_mean(times),
        "by_job": _over_mean(of_jobs),
        "by_machine": _over_mean(of_machines),
        "coming": float(instance.gaps[1:].sum() * instance.machines / max(1, int(instance.times.sum()))),
        "staged": float((moments * (2.0 * numbers - 1.0)).mean()),
    }


def _over_mean(numbers: NDArray[np.float64]) -> float:
    return float(numbers.std() / numbers.mean()) if numbers.any() else 0.0
