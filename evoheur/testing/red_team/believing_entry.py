"""A guest's entry that prices itself.

Most systems let candidates do that. It is the control for attacks on scores.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from evoheur.evaluation import guest_job
from evoheur.evaluation.number_lists import unpack
from evoheur.problem import Heuristic, Json, Problem, instance_rng, to_json

__all__ = ["open_candidate", "setup", "threads", "warm_problem"]


def setup(payload: Mapping[str, Json]) -> None:
    """Load the problem, as the real entry does."""
    guest_job.setup(payload)


def threads() -> int:
    """How many threads are allowed, as in the real entry."""
    return guest_job.threads()


def warm_problem() -> Problem[Any]:
    """The problem that the setup loaded; attacks find it as easily."""
    return guest_job._warm["problem"]  # noqa: SLF001 - nothing in a process is private to those who share it


def open_candidate(payload: Mapping[str, Json]) -> Callable[[Mapping[str, Json]], Json]:
    """Execute a candidate; what answers measures and prices it right beside it."""
    problem = warm_problem()
    namespace = guest_job._execute(payload["code"])  # noqa: SLF001 - the same execution, for a fair comparison
    functions = {function.__name__: namespace[function.__name__] for function in problem.functions()}
    heuristic = Heuristic(code=payload["code"], functions=functions)

    def answer(question: Mapping[str, Json]) -> Json:
        instance = problem.decode(unpack(question["instance"]))
        heuristic.notes.clear()
        start = time.perf_counter()
        solution = problem.solve(heuristic, instance, instance_rng(payload["seed"], instance.name))
        seconds = time.perf_counter() - start
        cost = float(problem.cost(instance, to_json(solution)))
        return {"cost": cost, "seconds": seconds, "notes": dict(heuristic.notes)}

    return answer
