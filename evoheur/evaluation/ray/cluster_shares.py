"""How many workers each run gets of a cluster that several runs share.

Shares are max-min fair in whole workers, over all resources at once (dominant resource fairness, Ghodsi et al., NSDI 2011): nobody could
get one more unless somebody with no more than that lost one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["RunOnCluster", "in_the_way", "shares"]

_TINY = 1e-9  # fractions of processors add up inexactly


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOnCluster:
    """A run, as others on the cluster know it.

    Attributes:
        holder: Whose it is and where it runs, for a person.
        claims: Resource → what each of its workers sets aside.
        held: Workers it has now.
        wanted: Workers it has had work for lately.
        most: Workers it takes where nobody else wants them.
    """

    holder: str
    claims: Mapping[str, float]
    held: int
    wanted: int
    most: int


def shares(runs: Sequence[RunOnCluster], totals: Mapping[str, float]) -> list[int]:
    """The number of workers that each run may have.

    First up to what the runs want, then up to what they take. Each may have one, so that it gets the first that somebody gives back, also
    where there are more runs than the cluster has room for.

    Args:
        runs: In the order of coming; of equals the earlier one gets more.
        totals: Resource → what the whole cluster has, in use or not.
    """
    left = dict(totals)
    given = [0] * len(runs)
    for limits in ([run.wanted for run in runs], [run.most for run in runs]):
        growing = set(range(len(runs)))
        while growing:
            place = min(growing, key=lambda one: (_dominant(runs[one].claims, totals) * given[one], given[one], one))
            claims = runs[place].claims
            if given[place] >= limits[place] or any(left.get(name, 0.0) + _TINY < claim for name, claim in claims.items()):
                growing.discard(place)
                continue
            given[place] += 1
            for name, claim in claims.items():
                left[name] = left.get(name, 0.0) - claim
    return [max(1, number) for number in given]


def in_the_way(mine: RunOnCluster, others: Sequence[RunOnCluster], totals: Mapping[str, float]) -> list[RunOnCluster]:
    """The other runs that hold what a run waits for.

    None where it would not fit into an empty cluster either.
    """
    if any(totals.get(name, 0.0) + _TINY < claim for name, claim in mine.claims.items()):
        return []
    claimed = {name for name, claim in mine.claims.items() if claim > 0}
    return [other for other in others if other.held and any(other.claims.get(name, 0.0) > 0 for name in claimed)]


def _dominant(claims: Mapping[str, float], totals: Mapping[str, float]) -> float:
    """The share of the cluster that one worker takes, of the resource it takes most of."""
    return max((claim / totals[name] for name, claim in claims.items() if totals.get(name, 0.0) > 0), default=0.0)
