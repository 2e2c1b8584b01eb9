"""The permutation flow shop problem by iterated greedy search."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, in_guest
from evoheur.problems.flow_shop.flow_shop_problem import WARM_UP, FlowShopProblem
from evoheur.problems.flow_shop.instance import FlowShopInstance, decoded

from .chosen_removals import ROUND, searched

__all__ = ["IteratedGreedyFlowShop", "allowed_growths", "removal_scores"]


def removal_scores(
    progress: float,
    noise: NDArray[np.float64],
    mean: NDArray[np.float64],
    deviation: NDArray[np.float64],
    place: NDArray[np.float64],
    saved: NDArray[np.float64],
    slack: NDArray[np.float64],
    waited: NDArray[np.float64],
    tried: NDArray[np.float64],
    age: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the jobs; the few with the highest scores are taken out, and come back one after the other, highest first.

    All times are in units of the mean time of a job on a machine, so they are about 1 for one operation.

    Args:
        progress: Share of the steps that are over, from 0 to below 1.
        noise: Random numbers, uniform from 0 to 1, shape (jobs,).
        mean: Mean time of each job on a machine, shape (jobs,).
        deviation: Standard deviation of its times on the machines, shape (jobs,).
        place: Where it is in the order, from 0 (first) to 1 (last), shape (jobs,).
        saved: By how much the makespan would fall without it, shape (jobs,).
        slack: By how much the longest path through it is shorter than the makespan, 0 for critical jobs, shape (jobs,).
        waited: For how long machines wait for it when they have done the job before, summed over the machines, shape (jobs,).
        tried: How often it was taken out so far, shape (jobs,).
        age: Steps since it was last taken out in a step that was kept, or since the start, per job of the shop, shape (jobs,).

    Returns:
        One real number per job, shape (jobs,); not NaN.
    """
    return noise.copy()


def allowed_growths(
    progress: float,
    behind: float,
    stuck: float,
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Say by how much each of the next steps may make the makespan grow; an order that grew by more is given up for the one before.

    All times are in units of the mean time of a job on a machine.

    Args:
        progress: Share of the steps that are over, from 0 to below 1.
        behind: By how much the makespan is larger than the best one so far, at least 0.
        stuck: Steps since the best order was improved last, or since the start, per job of the shop.
        noise: Random numbers, uniform from 0 to 1 but not 0, shape (steps,).

    Returns:
        One real number per step, 0 for orders that are not worse, shape (steps,); not NaN.
    """
    return 0.0 * noise


class IteratedGreedyFlowShop(FlowShopProblem):
    """Find the order in which jobs pass all machines of a flow shop, so that the last one is done as early as possible.

    Every job passes the machines one after the other, and all machines process the jobs in the same order. From a good order a search takes
    a few jobs out, puts each back where the makespan grows least, and moves single jobs as long as that helps; again and again. Two rules
    decide: which jobs are taken out, and whether an order that became worse is kept. The number of steps is fixed, the best order counts.
    """

    heuristic = (removal_scores, allowed_growths)
    work = "search"

    def __init__(self, *, steps_per_job: int = 2, removed: int = 4) -> None:
        """Choose the effort.

        Args:
            steps_per_job: Steps of a search, as a multiple of the jobs, for candidates and textbook rules alike.
            removed: Jobs that are taken out at a step; all but one where there are fewer.

        Raises:
            ConfigError: There is no step, or no job is taken out.
        """
        super().__init__()
        if steps_per_job < 1 or removed < 1:
            raise ConfigError(
                f"flow_shop_iterated_greedy: steps_per_job is {steps_per_job} and removed is {removed}; give at least 1 for both."
            )
        self.steps_per_job = steps_per_job
        self.removed = removed

    def heuristic_calls(self, instance: FlowShopInstance) -> int:
        """One for every step, and one for every ten."""
        steps = self.steps_per_job * instance.jobs
        return steps - (-steps // ROUND)

    def solve(self, heuristic: Heuristic, instance: FlowShopInstance, rng: np.random.Generator) -> NDArray[np.int64]:
        """Search with the two rules.

        Raises:
            BadAnswer: One of their answers is unusable.
        """
        remove, accept = heuristic.functions["removal_scores"], heuristic.functions["allowed_growths"]
        with np.errstate(all="ignore"):  # dividing by zero is a rule's own business; what it makes of it counts
            return searched(remove, accept, instance, rng, steps=self.steps_per_job * instance.jobs, removed=self.removed)

    def textbook_rules(self) -> Mapping[str, Callable[[FlowShopInstance], Any]]:
        """Random removals with two ways to accept."""
        make = self.trusted("textbook_rules").textbook_rules
        rules: Mapping[str, Callable[[FlowShopInstance], Any]] = make(self.steps_per_job, self.removed)
        return rules

    def warm_up(self) -> None:
        """Compile every kernel that is needed on this side."""
        instance = decoded(WARM_UP)
        searched(removal_scores, allowed_growths, instance, np.random.default_rng(0), steps=3, removed=2)
        if not in_guest():
            for solver in self.trusted("textbook_rules").textbook_rules(1, 2).values():
                solver(instance)
