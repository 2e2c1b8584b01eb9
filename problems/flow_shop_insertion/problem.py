"""The permutation flow shop problem, by choosing the next job to insert."""

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, in_guest
from evoheur.problems.flow_shop.flow_shop_problem import WARM_UP, FlowShopProblem
from evoheur.problems.flow_shop.instance import FlowShopInstance, decoded

from .job_insertion import inserted

__all__ = ["InsertionFlowShop", "job_scores", "place_scores"]


def job_scores(
    share: float,
    mean: NDArray[np.float64],
    deviation: NDArray[np.float64],
    longest: NDArray[np.float64],
    front: NDArray[np.float64],
    back: NDArray[np.float64],
    head: NDArray[np.float64],
    bottleneck: NDArray[np.float64],
    tail: NDArray[np.float64],
    added: NDArray[np.float64],
    regret: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the jobs that wait; the one with the highest score is inserted next, where the makespan of the jobs so far grows least.

    All times are in units of the mean time of a job on a machine, so they are about 1 for one operation.

    Args:
        share: Share of the jobs that are placed, from 0 to below 1.
        mean: Mean time of each job on a machine, shape (waiting,).
        deviation: Standard deviation of its times on the machines, shape (waiting,).
        longest: Its longest time on a machine, shape (waiting,).
        front: Its mean time on a machine, where first machines count more, shape (waiting,).
        back: Its mean time on a machine, where last machines count more, shape (waiting,).
        head: Its time on all machines before the bottleneck, which is the machine with the most to do, shape (waiting,).
        bottleneck: Its time on the bottleneck, shape (waiting,).
        tail: Its time on all machines behind the bottleneck, shape (waiting,).
        added: By how much the makespan grows where the job fits best, shape (waiting,).
        regret: By how much more it grows at the second best place, shape (waiting,).

    Returns:
        One real number per waiting job, shape (waiting,); not NaN.
    """
    return mean.copy()


def place_scores(
    share: float,
    front: float,
    back: float,
    place: NDArray[np.float64],
    idle: NDArray[np.float64],
    spare: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the places at which the makespan grows least, if there are several; the job goes to the one with the highest score.

    All times are in units of the mean time of a job on a machine.

    Args:
        share: Share of the jobs that are placed, above 0 and below 1.
        front: Mean time of the job on a machine, where first machines count more.
        back: The same, where last machines count more.
        place: Where each place is, from 0 (before all jobs) to 1 (behind them), rising, shape (places,).
        idle: By how much longer machines wait, up to the job behind the place, shape (places,).
        spare: By how much the longest path that leaves the job on a machine, to the jobs behind it, is shorter than the makespan, summed
            over the machines, shape (places,).

    Returns:
        One real number per place, shape (places,); not NaN.
    """
    return -place


class InsertionFlowShop(FlowShopProblem):
    """Find the order in which jobs pass all machines of a flow shop, so that the last one is done as early as possible.

    Every job passes the machines one after the other, and all machines process the jobs in the same order. The order grows by insertion:
    one job after the other goes between those that are placed, where the makespan grows least, and is never moved again. Two rules decide:
    which job is next, and which of several equally good places it takes. Jobs that are hard to fit in should come early.
    """

    heuristic = (job_scores, place_scores)
    only_order_counts = True

    def heuristic_calls(self, instance: FlowShopInstance) -> int:
        """At most two for every job."""
        return 2 * instance.jobs

    def solve(
        self,
        heuristic: Heuristic,
        instance: FlowShopInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> NDArray[np.int64]:
        """Let the two rules build the order.

        Raises:
            BadAnswer: Scores are unusable.
        """
        score, place = heuristic.functions["job_scores"], heuristic.functions["place_scores"]
        with np.errstate(all="ignore"):  # dividing by zero is a rule's own business; what it makes of it counts
            return inserted(score, place, instance)

    def warm_up(self) -> None:
        """Compile every kernel that is needed on this side."""
        instance = decoded(WARM_UP)
        inserted(job_scores, place_scores, instance)
        if not in_guest():
            for solver in self.textbook_rules().values():
                solver(instance)
