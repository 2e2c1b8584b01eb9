"""The frame by hand: who competes, what they are shown, and what stays when jobs arrive."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from evoheur.problem import Heuristic, Infeasible, Json
from evoheur.problems.job_shop_dispatching.instance import JobShopInstance
from evoheur.problems.job_shop_dispatching.plan_checks import finished_floor
from evoheur.problems.job_shop_dispatching.problem import JobShopDispatching
from tests.problems.job_shop_dispatching.support.job_shops import ARGUMENTS, dispatching, job_shop

NAMES = ARGUMENTS.split(", ")


def shown(shop: JobShopInstance, *, active: bool = False) -> list[dict[str, Any]]:
    """What a rule that takes the first job is shown, call by call."""
    calls: list[dict[str, Any]] = []

    def first(*told: Any) -> Any:
        calls.append({name: np.asarray(each).tolist() for name, each in zip(NAMES, told, strict=True)})
        return -np.arange(told[-1].size, dtype=float)

    heuristic = Heuristic(code="", functions={"priority": first})
    JobShopDispatching(active=active).solve(heuristic, shop, np.random.default_rng(0))
    return calls


def starts(shop: JobShopInstance, body: str, *, active: bool = False) -> list[list[int]]:
    """When operations begin by an expression."""
    decided: Json = JobShopDispatching(active=active).solve(dispatching(body), shop, np.random.default_rng(0))
    found: list[list[int]] = finished_floor(shop, decided).shop.starts.tolist()
    return found


def test_what_is_shown_when_two_jobs_compete() -> None:
    """Six operations of 12 in all, so a unit is 2. Jobs 0 and 1 want machine 0; then job 1 has waited 4, and none competes."""
    shop = job_shop([[(0, 4), (1, 2)], [(0, 2), (1, 2)], [(1, 1), (0, 1)]])
    calls = shown(shop)
    assert calls[0] == {
        "progress": 0.0,
        "load": 3.5,
        "most": 3.5,
        "time": [2.0, 1.0],
        "remaining": [3.0, 2.0],
        "operations": [2.0, 2.0],
        "done": [0.0, 0.0],
        "waited": [0.0, 0.0],
        "age": [0.0, 0.0],
        "next_time": [1.0, 1.0],
        "next_queue": [0.5, 0.5],
        "next_busy": [0.0, 0.0],
        "next_load": [2.5, 2.5],
    }
    # Job 2 was on machine 1 from 0 to 1 and waits for machine 0 since; at 4 it competes with job 1, and job 0 is what waits for machine 1.
    assert (calls[1]["time"], calls[1]["waited"], calls[1]["age"]) == ([1.0, 0.5], [2.0, 1.5], [2.0, 2.0])
    assert (calls[1]["done"], calls[1]["next_time"], calls[1]["next_queue"]) == ([0.0, 0.5], [1.0, 0.0], [1.0, 0.0])
    assert calls[1]["progress"] == pytest.approx(2 / 6)


def test_a_machine_that_is_still_busy_is_seen() -> None:
    """Job 0 has machine 0 until 5, for the lower machine is first at a moment; jobs 1 and 2 are to go there."""
    calls = shown(job_shop([[(0, 5), (1, 1)], [(1, 2), (0, 1)], [(1, 3), (0, 1)]]))
    assert calls[0]["next_busy"] == [5 * 6 / 13, 5 * 6 / 13]
    assert (calls[0]["next_queue"], calls[0]["next_load"]) == ([0.0, 0.0], [2 * 6 / 13, 2 * 6 / 13])


def test_no_delay_against_active() -> None:
    """A machine that could begin the long job waits for the short one in active schedules only.

    Job 0 takes 10 on machine 0; job 1 comes there at 2, after machine 1, for 3. Their operations there end at 10 and 5.
    """
    shop = job_shop([[(0, 10), (1, 1)], [(1, 2), (0, 3)]])
    assert starts(shop, "-time") == [[0, 10], [0, 10]]
    assert starts(shop, "-time", active=True) == [[5, 15], [0, 2]]
    assert starts(shop, "time + 0", active=True) == [[0, 10], [0, 10]]


def test_what_has_begun_stays_and_the_rest_is_planned_anew() -> None:
    """At 3 a short job comes. The machine is busy with a long one until 5; the other long one has to wait for the short one."""
    shop = job_shop([[(0, 5)], [(0, 6)]], [[(0, 1)]], gaps=[3])
    problem = JobShopDispatching()
    assert problem.solve(dispatching("-time"), shop, np.random.default_rng(0)) == [[0, 1], [2, 1]]
    assert starts(shop, "-time") == [[0], [6], [5]]
    assert starts(shop, "time + 0") == [[6], [0], [11]]


def test_units_are_those_of_the_jobs_that_have_come() -> None:
    """First 5 and 6 in units of 5.5; with the third job, of 1, and one begun, 6 and 1 in units of 4."""
    calls = shown(job_shop([[(0, 5)], [(0, 6)]], [[(0, 1)]], gaps=[3]))
    assert [each["time"] for each in calls] == [[5 / 5.5, 6 / 5.5], [6 / 4, 1 / 4]]
    assert calls[1]["waited"] == [5 / 4, 2 / 4]
    assert calls[1]["progress"] == pytest.approx(1 / 3)


def test_two_arrivals_at_one_moment_begin_nothing_between_them() -> None:
    shop = job_shop([[(0, 5)]], [[(0, 2)]], gaps=[0])
    assert starts(shop, "-time") == [[2], [0]]


def test_operations_of_no_time_are_done_at_once() -> None:
    shop = job_shop([[(0, 0), (1, 3)], [(1, 0), (0, 2)]])
    for active in (False, True):
        assert starts(shop, "-time", active=active) == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([[0, 1]], r"the answer is \[\[0, 1\]\], not 2 plans"),
        ({}, "not 2 plans"),
        ([[0, 1], [1]], "^plan 1 has 1 entries, and 2 operations are left$"),
        ([[0, 1], 7], "plan 1 is 7, which is no list"),
        ([[0, 0], [1, 2]], r"^plan 0 has job 0 2 times, and 1 operations of it are left$"),
        ([[0, 1], [0, 2]], r"^plan 1 has job 0 1 times, and 0 operations of it are left$"),
        ([[0, 2], [1, 2]], "job of plan 0 at position 1"),
    ],
)
def test_an_answer_that_is_no_plan_is_refused_with_what_is_wrong(answer: Json, message: str) -> None:
    """Job 0 has begun when job 2 comes, so it may not be planned again."""
    shop = job_shop([[(0, 5)], [(0, 6)]], [[(0, 1)]], gaps=[3])
    with pytest.raises(Infeasible, match=message):
        finished_floor(shop, answer)


def test_plans_of_any_order_are_carried_out() -> None:
    """Not by the clock, too: an order is what each machine and each job keeps to."""
    shop = job_shop([[(0, 2), (1, 2)], [(1, 3), (0, 1)]])
    assert makespans(shop, [[0, 0, 1, 1]]) == 8
    assert makespans(shop, [[1, 1, 0, 0]]) == 8
    assert makespans(shop, [[0, 1, 1, 0]]) == 5


def makespans(shop: JobShopInstance, plans: Sequence[Sequence[int]]) -> float:
    """The price of a solution."""
    return JobShopDispatching().cost(shop, plans)
