"""Drawings of routes and of their times."""

from dataclasses import replace

from evoheur.drawing import Drawing, LineOfPoints
from evoheur.problem import Json
from evoheur.problems.cvrp.drawn_routes import drawn_routes

from .instance import TimeWindowInstance
from .timely_routes import schedule, timely_routes

__all__ = ["draw"]


def draw(instance: TimeWindowInstance, solution: Json) -> Drawing:
    """The routes by vehicle on the map, with their loads, when each is back, and how long it waits.

    Raises:
        Infeasible: A route is not allowed, or late.
    """
    timed = [schedule(instance, route) for route in timely_routes(instance, solution)]
    drawing = drawn_routes(instance, solution)
    marks = [
        replace(mark, label=f"{mark.label}, back at {timed[mark.series].back:.6g}, waits {timed[mark.series].waiting:.6g}")
        if isinstance(mark, LineOfPoints) and mark.series is not None
        else mark
        for mark in drawing.marks
    ]
    opens, closes = float(instance.ready_times[0]), float(instance.due_times[0])
    busy = sum(each.back - opens for each in timed)
    waiting = 100.0 * sum(each.waiting for each in timed) / busy if busy > 0.0 else 0.0
    last = max((each.back for each in timed), default=opens)
    notes = (
        f"vehicles wait {waiting:.1f} % of their time",
        f"the last is back at {last:.6g}; the depot is open from {opens:.6g} to {closes:.6g}",
    )
    return replace(drawing, marks=tuple(marks), notes=(*drawing.notes, *notes))
