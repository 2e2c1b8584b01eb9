"""Drawings of the problem's solutions."""

from evoheur.drawing import Drawing
from evoheur.problem import Json
from evoheur.problems.flow_shop.gantt_chart import GanttBar, gantt_chart

from .instance import JobShopInstance
from .plan_checks import finished_floor

__all__ = ["draw"]


def draw(instance: JobShopInstance, solution: Json) -> Drawing:
    """A Gantt chart of what has been done in the end."""
    starts = finished_floor(instance, solution).shop.starts.tolist()
    routes, times = instance.routes.tolist(), instance.times.tolist()
    bars = [
        GanttBar(job=job, machine=routes[job][step], begin=starts[job][step], time=times[job][step], place=job)
        for job in range(instance.jobs)
        for step in range(len(times[job]))
    ]
    return gantt_chart(instance.name, instance.jobs, instance.machines, bars)
