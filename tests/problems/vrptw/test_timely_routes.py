"""Times of routes, and what is refused."""

import pytest

from evoheur.problem import Infeasible
from evoheur.problems.vrptw.timely_routes import schedule, timed_price

from .support.made_up import day

LINE = day([(0, 0), (3, 0), (5, 0)], [(0, 30), (0, 30), (10, 12)], service=1.0, demands=(2, 3), capacity=5)


def test_a_vehicle_waits_until_a_window_opens() -> None:
    """There at 3, on at 4, at the second at 6, which opens at 10; on at 11, home at 16."""
    assert schedule(LINE, [1, 2]) == ([3.0, 10.0], 16.0, 4.0)
    assert timed_price(LINE, [[1, 2]]) == 10.0
    assert timed_price(LINE, [[1], [], [2]]) == 16.0


@pytest.mark.parametrize(
    ("windows", "message"),
    [
        ([(0, 30), (0, 30), (0, 5.9)], r"^route 0 serves customer 2 at 6, after its window closes at 5\.9$"),
        ([(0, 11.9), (0, 30), (0, 30)], r"^route 0 is back at 12, after the depot closes at 11\.9$"),
        ([(1, 30), (0, 30), (0, 6)], r"^route 0 serves customer 2 at 7, after its window closes at 6$"),
    ],
)
def test_who_comes_late_is_named_with_the_time(windows: list[tuple[float, float]], message: str) -> None:
    late = day([(0, 0), (3, 0), (5, 0)], windows, service=1.0)
    with pytest.raises(Infeasible, match=message):
        timed_price(late, [[1, 2]])
    assert timed_price(day([(0, 0), (3, 0), (5, 0)], [(0, 12), (0, 30), (0, 6)], service=1.0), [[1, 2]]) == 10.0  # just in time


@pytest.mark.parametrize(
    ("solution", "message"),
    [
        ([[1], [2, 1]], "customer 1"),
        ([[1]], "customer 2"),
        ([[1, 3], [2]], r"outside 1\.\.2"),
        ([[1, 0, 2]], "the depot"),
        ([[1, 2.0]], "not a whole number"),
        ("no", "not a list of routes"),
    ],
)
def test_what_is_no_list_of_routes_is_refused(solution: object, message: str) -> None:
    with pytest.raises(Infeasible, match=message):
        timed_price(LINE, solution)


def test_loads_count_too() -> None:
    small = day([(0, 0), (3, 0), (5, 0)], [(0, 30)] * 3, demands=(2, 3), capacity=4)
    with pytest.raises(Infeasible, match=r"^route 0 carries 5 of 4$"):
        timed_price(small, [[1, 2]])
