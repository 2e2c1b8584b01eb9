"""Building an order of jobs by insertion with two rules.

One pass: what the rules are told at each step, and what their answers mean.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flow_shop.instance import FlowShopInstance
from evoheur.problems.flow_shop.job_views import JobViews, in_mean_operations
from evoheur.problems.flow_shop.kernels import insert, measure, update_heads_and_tails
from evoheur.problems.returned_numbers import BadAnswer, highest

from .kernels import tied_places

__all__ = ["inserted"]

_FRONT, _BACK = 3, 4  # rows of the views


def inserted(score: Callable[..., Any], place: Callable[..., Any], instance: FlowShopInstance) -> NDArray[np.int64]:
    """Let two rules build an order.

    The waiting job with the highest score, the one with the lowest number on ties, goes where the makespan of the placed jobs grows
    least; if there are several such places, to the one with the highest score, the foremost on ties. Neither rule is asked where there is
    nothing to choose.

    Args:
        score: The rule `job_scores`.
        place: The rule `place_scores`.
        instance: At least 2 jobs.

    Returns:
        Jobs in the order in which they are processed, shape (jobs,).

    Raises:
        BadAnswer: Scores are unusable; says at which step.
    """
    times, n = instance.times, instance.jobs
    views, waiting, order = JobViews.of(instance).rows(), np.arange(n), np.empty(n, dtype=np.int64)
    heads, tails = (np.zeros((n + 1, instance.machines), dtype=np.int64) for _ in range(2))
    found = np.empty((3, n), dtype=np.int64)
    for count in range(n):
        update_heads_and_tails(times, order, count, heads, tails)
        chosen, share = 0, count / n
        try:
            if len(waiting) > 1:
                spans = np.empty((2, len(waiting)), dtype=np.int64)
                measure(times, waiting, heads, tails, spans)
                added = in_mean_operations(instance, spans[0] - tails[0].max())
                regret = in_mean_operations(instance, spans[1] - spans[0])
                chosen = highest(score(share, *views[:, waiting], added, regret), len(waiting), "job_scores")
            job = int(waiting[chosen])
            ties = tied_places(times, order[:count], job, heads, tails, found)
            at = 0
            if ties > 1:
                idle, spare = in_mean_operations(instance, found[1:, :ties])
                told = (share, views[_FRONT, job], views[_BACK, job], found[0, :ties] / count, idle, spare)
                at = highest(place(*told), ties, "place_scores")
        except BadAnswer as error:
            raise BadAnswer(f"step {count + 1}: {error}") from error
        insert(order, count, job, int(found[0, at]))
        waiting = np.delete(waiting, chosen)
    return order
