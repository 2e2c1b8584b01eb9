"""Features of jobs and machines, for selectors, and smaller shops."""

import math
from dataclasses import replace

import numpy as np

from .instance import FlowShopInstance

__all__ = ["coarse", "features"]

_LEAST = 10  # jobs: fewer tell nothing


def features(instance: FlowShopInstance) -> dict[str, float]:
    """Describe a shop without units.

    Returns:
        jobs and machines, how many; per_machine, jobs over machines; variation, the deviation of all times over their mean; by_job and
        by_machine, the deviations of the jobs' and of the machines' sums over the means of these; rising, the mean over jobs of how much
        later than halfway their work lies, from -1 to 1.
    """
    times = instance.times / instance.total
    of_jobs, of_machines = times.sum(axis=1), times.sum(axis=0)
    halfway = np.linspace(-1.0, 1.0, instance.machines) if instance.machines > 1 else np.zeros(1)
    return {
        "jobs": float(instance.jobs),
        "machines": float(instance.machines),
        "per_machine": instance.jobs / instance.machines,
        "variation": float(times.std() / times.mean()),
        "by_job": float(of_jobs.std() / of_jobs.mean()),
        "by_machine": float(of_machines.std() / of_machines.mean()),
        "rising": float(of_machines @ halfway),
    }


def coarse(instance: FlowShopInstance, share: float) -> FlowShopInstance:
    """So many of the jobs, evenly from the shortest to the longest; all of a few."""
    wanted = min(instance.jobs, max(_LEAST, math.ceil(share * instance.jobs)))
    ordered = np.argsort(-instance.times.sum(axis=1), kind="stable")
    return replace(instance, times=instance.times[np.sort(ordered[(np.arange(wanted) * instance.jobs) // wanted])])
