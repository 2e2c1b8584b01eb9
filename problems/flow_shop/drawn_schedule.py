"""Drawings of schedules as Gantt charts."""

from evoheur.drawing import Drawing, DrawnRectangle, Mark
from evoheur.problem import Json

from .instance import FlowShopInstance
from .schedule import completion_times, order_of_jobs

__all__ = ["drawn_schedule"]

_SHADES = (0.1, 0.7, 0.4, 1.0)  # of jobs behind one another
_HEIGHT = 0.8  # of a bar, of the room that a machine has


def drawn_schedule(instance: FlowShopInstance, solution: Json) -> Drawing:
    """A Gantt chart with a row of bars for every machine.

    A job has the same shade on all machines, and another one than its neighbours.

    Raises:
        Infeasible: The solution is none.
    """
    order = order_of_jobs(instance, solution)
    ends = completion_times(instance, order)
    marks: list[Mark] = []
    for place, job in enumerate(order.tolist()):
        for machine in range(instance.machines):
            time, end = int(instance.times[job, machine]), int(ends[place, machine])
            marks.append(
                DrawnRectangle(
                    x=end - time,
                    y=instance.machines - 1 - machine,
                    width=time,
                    height=_HEIGHT,
                    part=f"job {job + 1} on machine {machine + 1}",
                    label=f"from {end - time} to {end}",
                    shade=_SHADES[place % len(_SHADES)],
                )
            )
    span = int(ends[-1, -1])
    busy = 100 * instance.total / (span * instance.machines)
    return Drawing(
        title=f"{instance.name}: {instance.jobs} jobs on {instance.machines} machines",
        marks=tuple(marks),
        notes=(f"makespan {span}, machines are busy for {busy:.1f} % of it",),
        equal_scale=False,
    )
