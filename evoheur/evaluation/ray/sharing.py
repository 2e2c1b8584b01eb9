"""A run's part in sharing a cluster.

It reports what it holds and wants, and learns how much it may hold.
"""

import asyncio
from collections import deque

from ray.exceptions import RayError

from evoheur.evaluation.ray.bridge_messages import Terms
from evoheur.evaluation.ray.cluster_shares import RunOnCluster, in_the_way, shares
from evoheur.evaluation.ray.ray_actors import MOST_WORKERS, claims_of, cluster_resources
from evoheur.evaluation.ray.run_register import RunRegister

__all__ = ["REPORT_SECONDS", "Sharing"]

REPORT_SECONDS = 2.0
_LOOKED_BACK = 30  # reports, a minute: so long a run keeps a claim to workers that it has no work for
_NAMED = 3


class Sharing:
    """Tells how many workers a run may have.

    Args:
        terms: Its workers' claims, and how many it asks for.
    """

    def __init__(self, terms: Terms) -> None:
        self._holder = terms.holder
        self._claims = {name: claim for name, claim in claims_of(terms).items() if claim > 0}
        self._most = terms.slots or MOST_WORKERS
        self._register = RunRegister()
        self._busy: deque[int] = deque(maxlen=_LOOKED_BACK)
        self._size = 1
        self._in_the_way: list[RunOnCluster] = []

    async def size(self, *, held: int, busy: int) -> int:
        """The number of workers that are its share.

        As before, while the cluster does not answer.

        Args:
            held: Workers it has.
            busy: Evaluations it has work for now.
        """
        self._busy.append(busy)
        lately = max(self._busy) if len(self._busy) == _LOOKED_BACK else self._most  # at first nobody knows
        mine = RunOnCluster(
            holder=self._holder, claims=self._claims, held=held, wanted=max(1, min(lately, self._most)), most=self._most
        )
        known = await self._register.report(mine)
        try:
            totals = await asyncio.to_thread(cluster_resources)
        except RayError:
            return self._size
        if known is not None:
            runs, place = known
            self._size = shares(runs, totals)[place]
            self._in_the_way = in_the_way(mine, [run for one, run in enumerate(runs) if one != place], totals)
        return self._size

    def holders(self) -> str:
        """The other runs that hold what this one waits for, in words; "" if none does."""
        words = [f"{run.holder} ({run.held} worker{'s' * (run.held != 1)})" for run in self._in_the_way]
        return "; ".join([*words[:_NAMED], *([f"{len(words) - _NAMED} more"] if len(words) > _NAMED else [])])

    async def end(self) -> None:
        """Leave the cluster to the others."""
        await self._register.leave()
