"""What the tests of ruin and recreate share: states from routes."""

import itertools
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp_ruin_recreate.kernels import directed_state, start_state
from tests.problems.cvrp.support.made_up import fits


def state_of(made: CvrpInstance, routes: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """The state of routes that visit everyone."""
    if made.limits.one_way:
        following = np.zeros(made.customers + 1, dtype=np.int64)
        for route in routes:
            following[route[:-1]] = route[1:]
        return directed_state(following, made.demands)
    beside = np.zeros((made.customers + 1, 2), dtype=np.int64)
    for route in routes:
        for one, other in itertools.pairwise(route):
            beside[one, 1 if beside[one, 0] else 0] = other
            beside[other, 1 if beside[other, 0] else 0] = one
    return start_state(beside, made.demands)


@st.composite
def feasible_routes(draw: st.DrawFn, made: CvrpInstance) -> list[list[int]]:
    """All customers in any order, cut where a limit asks for it and now and then before."""
    routes: list[list[int]] = [[]]
    for node in draw(st.permutations(range(1, made.customers + 1))):
        if not fits(made, [*routes[-1], node]) or draw(st.integers(0, 3)) == 0:
            routes.append([])
        routes[-1].append(node)
    return [route for route in routes if route]
