"""Job shops in lists: whenever a machine is free, the rule says which job is next, and at every arrival all is planned anew."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["dispatched"]


def dispatched(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """When the last job is done."""
    state: dict[str, Any] = {"jobs": [], "free": [0] * instance["machines"], "now": 0}
    gaps, batches = list(instance["gaps"]), list(instance["batches"])
    for number, gap in enumerate(gaps):
        state["now"] += gap
        for job, batch in enumerate(batches):
            if batch == number:
                route = list(zip(map(int, instance["routes"][job]), map(int, instance["times"][job]), strict=True))
                state["jobs"].append({"route": route, "step": 0, "ready": state["now"], "came": state["now"]})
        until = state["now"] + gaps[number + 1] if number + 1 < len(gaps) else None
        run(rules["priority"], state, until)
    return float(max(job["ready"] for job in state["jobs"]))


def run(rule: Callable[..., Any], state: dict[str, Any], until: int | None) -> None:
    """Begin operations until a moment; the clock of a schedule without delay never goes back."""
    while True:
        moments = {job: start(state, job) for job, each in enumerate(state["jobs"]) if each["step"] < len(each["route"])}
        if not moments or (until is not None and min(moments.values()) >= until):
            return
        now = min(moments.values())
        machine = min(machine_of(state, job) for job in moments if moments[job] == now)
        waiting = [job for job in moments if moments[job] == now and machine_of(state, job) == machine]
        chosen = waiting[0]
        if len(waiting) > 1:
            chosen = waiting[int(np.argmax(rule(*views(state, waiting, machine, now))))]
        each = state["jobs"][chosen]
        each["ready"] = state["free"][machine] = now + each["route"][each["step"]][1]
        each["step"] += 1


def machine_of(state: Mapping[str, Any], job: int) -> int:
    """Of its next operation."""
    each = state["jobs"][job]
    return int(each["route"][each["step"]][0])


def start(state: Mapping[str, Any], job: int) -> int:
    """When it can begin."""
    return int(max(state["jobs"][job]["ready"], state["free"][machine_of(state, job)], state["now"]))


def views(state: Mapping[str, Any], waiting: list[int], machine: int, now: int) -> list[Any]:
    """Numbers and vectors as the rule's description has them."""
    jobs = state["jobs"]
    operations = [time for job in jobs for _, time in job["route"]]
    unit = sum(operations) / len(operations)
    left = [
        sum(time for job in jobs for at, time in job["route"][job["step"] :] if at == each) for each in range(len(state["free"]))
    ]
    queues = [0] * len(left)
    for job in jobs:
        if job["step"] < len(job["route"]) and job["ready"] <= now:
            at, time = job["route"][job["step"]]
            queues[at] += time
    columns = []
    for job in (jobs[number] for number in waiting):
        times = [time for _, time in job["route"]]
        step = job["step"]
        column = [
            times[step],
            sum(times[step:]),
            (len(times) - step) * unit,
            sum(times[:step]),
            now - job["ready"],
            now - job["came"],
        ]
        if step + 1 < len(times):
            following = job["route"][step + 1][0]
            column += [times[step + 1], queues[following], max(0, state["free"][following] - now), left[following]]
        else:
            column += [0, 0, 0, 0]
        columns.append(column)
    begun = sum(job["step"] for job in jobs) / len(operations)
    return [begun, left[machine] / unit, max(left) / unit, *(np.array(columns, dtype=float).T / unit)]
