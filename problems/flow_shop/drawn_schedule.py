"""Drawings of schedules as Gantt charts."""

from evoheur.drawing import Drawing
from evoheur.problem import Json

from .gantt_chart import GanttBar, gantt_chart
from .instance import FlowShopInstance
from .schedule import completion_times, order_of_jobs

__all__ = ["drawn_schedule"]


def drawn_schedule(instance: FlowShopInstance, solution: Json) -> Drawing:
    """A Gantt chart of an order of jobs.

    Raises:
        Infeasible: The solution is none.
    """
    order = order_of_jobs(instance, solution)
    ends = completion_times(instance, order)
    bars = [
        GanttBar(job=job, machine=machine, begin=int(ends[place, machine]) - time, time=time, place=place)
        for place, job in enumerate(order.tolist())
        for machine, time in enumerate(instance.times[job].tolist())
    ]
    return gantt_chart(instance.name, instance.jobs, instance.machines, bars)
