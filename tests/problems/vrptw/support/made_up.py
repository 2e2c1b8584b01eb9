"""Small instances with time windows."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from evoheur.problems.vrptw.instance import TimeWindowInstance

__all__ = ["day", "small_days"]


def day(
    places: Sequence[tuple[float, float]],
    windows: Sequence[tuple[float, float]],
    *,
    demands: Sequence[int] = (),
    capacity: int = 100,
    service: float = 0.0,
) -> TimeWindowInstance:
    """The depot first; everybody orders 1 unless demands say otherwise."""
    ready, due = np.array(windows, dtype=np.float64).T
    return TimeWindowInstance(
        name="day",
        family="made up",
        metric="EUCLIDEAN",
        coordinates=np.array(places, dtype=np.float64),
        demands=np.array([0, *(demands or [1] * (len(places) - 1))], dtype=np.int64),
        capacity=capacity,
        service_times=np.array([0.0, *([service] * (len(places) - 1))]),
        ready_times=ready,
        due_times=due,
    )


@st.composite
def small_days(draw: st.DrawFn) -> TimeWindowInstance:
    """Up to seven customers on a grid where ties are common; each alone can be served."""
    customers = draw(st.integers(1, 7))
    corner = st.tuples(st.integers(0, 4), st.integers(0, 4))
    places = [draw(corner) for _ in range(customers + 1)]
    service, horizon, windows = draw(st.integers(0, 3)), 40, [(0.0, 40.0)]
    for place in places[1:]:
        away = float(np.hypot(place[0] - places[0][0], place[1] - places[0][1]))
        ready = draw(st.integers(0, int(horizon - away - service)))
        windows.append((ready, max(np.ceil(away), ready) + draw(st.integers(0, 12))))
    demands = draw(st.lists(st.integers(0, 3), min_size=customers, max_size=customers))
    return day(places, windows, demands=demands, capacity=draw(st.integers(3, 9)), service=float(service))
