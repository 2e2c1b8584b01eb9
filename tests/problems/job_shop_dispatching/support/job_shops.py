"""Small job shops for tests."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st

from evoheur.problem import Heuristic
from evoheur.problems.job_shop_dispatching.instance import JobShopInstance, shop_of_arrivals

__all__ = ["ARGUMENTS", "dispatching", "job_shop", "small_job_shops"]

ARGUMENTS = "progress, load, most, time, remaining, operations, done, waited, age, next_time, next_queue, next_busy, next_load"

Jobs: TypeAlias = Sequence[Sequence[tuple[int, int]]]
"""Of every job its operations: machine from 0, and time."""


def job_shop(*arrivals: Jobs, gaps: Sequence[int] = (), machines: int = 0) -> JobShopInstance:
    """A shop of jobs that come together, or with gaps between those that do not."""
    told = [
        [gap, [[machine for machine, _ in job] for job in jobs], [[time for _, time in job] for job in jobs]]
        for gap, jobs in zip((0, *gaps), arrivals, strict=True)
    ]
    most = max(machine for jobs in arrivals for job in jobs for machine, _ in job)
    return shop_of_arrivals("made-up", "test", machines or most + 1, told)


def dispatching(body: str) -> Heuristic:
    """A candidate of one expression."""
    code = f"import numpy as np\n\n\ndef priority({ARGUMENTS}):\n    return {body}\n"
    names: dict[str, Any] = {}
    exec(code, names)
    functions: Mapping[str, Any] = {"priority": names["priority"]}
    return Heuristic(code=code, functions=functions)


@st.composite
def small_job_shops(draw: st.DrawFn) -> JobShopInstance:
    """Up to six jobs on up to four machines in up to three arrivals, with short times, so that ties are common."""
    machines, jobs = draw(st.integers(1, 4)), draw(st.integers(2, 6))
    batches = sorted(draw(st.lists(st.integers(0, 2), min_size=jobs, max_size=jobs)))
    kept = sorted(set(batches))
    times = draw(
        st.lists(st.lists(st.integers(0, 6), min_size=machines, max_size=machines), min_size=jobs, max_size=jobs).filter(
            lambda rows: any(map(any, rows))
        )
    )
    return JobShopInstance(
        name="made-up",
        family="test",
        machines=machines,
        routes=np.array([draw(st.permutations(range(machines))) for _ in range(jobs)], dtype=np.int64),
        times=np.array(times, dtype=np.int64),
        batches=np.array([kept.index(each) for each in batches], dtype=np.int64),
        gaps=np.array([0, *draw(st.lists(st.integers(0, 9), min_size=len(kept) - 1, max_size=len(kept) - 1))], dtype=np.int64),
    )
