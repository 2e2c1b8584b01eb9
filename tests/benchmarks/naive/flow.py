"""Flow shops in lists: orders of jobs as their description says, every place tried by pricing the whole order."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["flow_insertion", "greedy_search", "inserted_jobs", "iterated_order", "job_views", "spans"]

Times = list[list[int]]


def flow_insertion(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """One job after the other, the one with the highest score."""
    times: Times = [list(map(int, row)) for row in instance["times"]]
    return float(span(times, inserted_jobs(rules, times)))


def inserted_jobs(rules: Mapping[str, Callable[..., Any]], times: Times) -> list[int]:
    """The order that two rules build."""
    n, unit = len(times), unit_of(times)
    views, waiting, order = job_views(times), list(range(n)), list[int]()
    while waiting:
        share, before = len(order) / n, span(times, order)
        chosen = waiting[0]
        if len(waiting) > 1:
            tried = {job: sorted(spans(times, order, job)) for job in waiting}
            added = [(tried[job][0] - before) / unit for job in waiting]
            regret = [(tried[job][min(1, len(order))] - tried[job][0]) / unit for job in waiting]
            told = [np.array([view[job] for job in waiting]) for view in views]
            chosen = waiting[_highest(rules["job_scores"](share, *told, np.array(added), np.array(regret)))]
        tried_places = spans(times, order, chosen)
        ties = [place for place, each in enumerate(tried_places) if each == min(tried_places)]
        at = 0
        if len(ties) > 1:
            idle = [(idleness(times, order, chosen, place)) / unit for place in ties]
            spare = [spare_paths(times, order, chosen, place) / unit for place in ties]
            places = [place / len(order) for place in ties]
            told_places = [np.array(each) for each in (places, idle, spare)]
            at = _highest(rules["place_scores"](share, views[3][chosen], views[4][chosen], *told_places))
        order.insert(ties[at], chosen)
        waiting.remove(chosen)
    return order


def _highest(scores: Any) -> int:
    return int(np.argmax(scores))


def unit_of(times: Times) -> float:
    """Mean time of a job on a machine."""
    return sum(map(sum, times)) / (len(times) * len(times[0]))


def job_views(times: Times) -> list[list[float]]:
    """The eight views of every job."""
    unit, machines = unit_of(times), len(times[0])
    loads = [sum(row[machine] for row in times) for machine in range(machines)]
    busiest = loads.index(max(loads))
    base = (machines - 1) * (machines - 2) / 2
    first = [base + machines - number for number in range(1, machines + 1)] if machines > 1 else [1.0]
    last = [base + number - 1 for number in range(1, machines + 1)] if machines > 1 else [1.0]
    views: list[list[float]] = [[] for _ in range(8)]
    for row in times:
        mean = sum(row) / machines
        squares = sum((time - mean) ** 2 for time in row)
        numbers = (
            mean,
            math.sqrt(squares / (machines - 1)) if machines > 1 else 0.0,
            max(row),
            sum(weight * time for weight, time in zip(first, row, strict=True)) / sum(first),
            sum(weight * time for weight, time in zip(last, row, strict=True)) / sum(last),
            sum(row[:busiest]),
            row[busiest],
            sum(row[busiest + 1 :]),
        )
        for view, number in zip(views, numbers, strict=True):
            view.append(number / unit)
    return views


def starts(times: Times, order: list[int]) -> list[list[int]]:
    """When each job of an order begins on each machine."""
    begun: list[list[int]] = []
    for place, job in enumerate(order):
        row: list[int] = []
        for machine in range(len(times[0])):
            free = begun[place - 1][machine] + times[order[place - 1]][machine] if place else 0
            ready = row[machine - 1] + times[job][machine - 1] if machine else 0
            row.append(max(free, ready))
        begun.append(row)
    return begun


def span(times: Times, order: list[int]) -> int:
    """When the last job is done."""
    return starts(times, order)[-1][-1] + times[order[-1]][-1] if order else 0


def spans(times: Times, order: list[int], job: int) -> list[int]:
    """The makespan with a job put in, for every place."""
    return [span(times, [*order[:place], job, *order[place:]]) for place in range(len(order) + 1)]


def idleness(times: Times, order: list[int], job: int, place: int) -> int:
    """By how much longer machines but the first wait, up to the job behind the place."""
    return _waited(times, [*order[:place], job, *order[place : place + 1]]) - _waited(times, order[: place + 1])


def _waited(times: Times, order: list[int]) -> int:
    begun = starts(times, order)
    done = [sum(times[job][machine] for job in order[:-1]) for machine in range(len(times[0]))]
    return sum(begun[-1][machine] - done[machine] for machine in range(1, len(times[0]))) if order else 0


def spare_paths(times: Times, order: list[int], job: int, place: int) -> int:
    """By how much the longest path that leaves a job on each machine falls short of the makespan, summed."""
    whole, behind = [*order[:place], job, *order[place:]], order[place:][::-1]
    begun, left = starts(times, whole), [0] * len(times[0])
    if behind:  # the jobs behind, from the end
        last = starts([row[::-1] for row in times], behind)[-1][::-1]
        left = [time + begin for time, begin in zip(times[behind[-1]], last, strict=True)]
    through = [begun[place][machine] + times[job][machine] + left[machine] for machine in range(len(left))]
    return sum(span(times, whole) - path for path in through)


def greedy_search(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], source: Any, effort: int) -> float:
    """The best order after so many steps per job, four jobs out at each."""
    times: Times = [list(map(int, row)) for row in instance["times"]]
    return float(span(times, iterated_order(rules, times, source, effort * len(times), 4)))


def iterated_order(rules: Mapping[str, Callable[..., Any]], times: Times, source: Any, steps: int, removed: int) -> list[int]:
    """The best order of so many steps."""
    n, unit = len(times), unit_of(times)
    longest = sorted(range(n), key=lambda job: -sum(times[job]))
    order = list[int]()
    for job in longest:
        order = _put_in(times, order, job)
    best, tried, kept, done, improved = order, [0] * n, [0] * n, 0, 0
    views = job_views(times)
    while done < steps:
        size = min(10, steps - done)
        behind = (span(times, order) - span(times, best)) / unit
        growths = rules["allowed_growths"](done / steps, behind, (done - improved) / n, 1.0 - source.random(size))
        for allowed in growths:
            told = [source.random(n), *(np.array(view) for view in views[:2]), *_search_views(times, order, unit)]
            told += [np.array(tried, dtype=float), np.array([(done - last) / n for last in kept])]
            scores = rules["removal_scores"](done / steps, *told)
            chosen = sorted(range(n), key=lambda job: (-scores[job], job))[: min(removed, n - 1)]
            done += 1
            trial = [job for job in order if job not in chosen]
            for job in chosen:
                tried[job] += 1
                trial = _put_in(times, trial, job)
            trial = _descended(times, trial, source.permutation(n).tolist())
            if span(times, trial) < span(times, best):
                best, improved = trial, done
            if span(times, trial) - span(times, order) <= allowed * unit:
                order = trial
                for job in chosen:
                    kept[job] = done
    return best


def _put_in(times: Times, order: list[int], job: int) -> list[int]:
    tried = spans(times, order, job)
    place = tried.index(min(tried))
    return [*order[:place], job, *order[place:]]


def _descended(times: Times, order: list[int], turns: list[int]) -> list[int]:
    before = span(times, order) + 1
    while span(times, order) < before:
        before = span(times, order)
        for job in turns:
            other = _put_in(times, [each for each in order if each != job], job)
            if span(times, other) < span(times, order):
                order = other
    return order


def _search_views(times: Times, order: list[int], unit: float) -> list[Any]:
    # Place, what is saved without a job, the slack of the paths through it, how long machines wait for it.
    n, machines = len(order), len(times[0])
    views = [[0.0] * n for _ in range(4)]
    begun = starts(times, order)
    backwards = starts([row[::-1] for row in times], order[::-1])[::-1]
    for place, job in enumerate(order):
        left = backwards[place][::-1]  # time behind each operation
        through = max(begun[place][machine] + times[job][machine] + left[machine] for machine in range(machines))
        waited = 0
        if place:
            previous = order[place - 1]
            waited = sum(begun[place][each] - begun[place - 1][each] - times[previous][each] for each in range(machines))
        whole = span(times, order)
        numbers = (place / (n - 1), (whole - span(times, [*order[:place], *order[place + 1 :]])) / unit)
        for view, number in zip(views, (*numbers, (whole - through) / unit, waited / unit), strict=True):
            view[job] = number
    return [np.array(view) for view in views]
