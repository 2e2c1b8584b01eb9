"""Gantt charts of shops."""

from collections.abc import Sequence
from dataclasses import dataclass

from evoheur.drawing import Drawing, DrawnRectangle

__all__ = ["GanttBar", "gantt_chart"]

_SHADES = (0.1, 0.7, 0.4, 1.0)  # of jobs behind one another
_HEIGHT = 0.8  # of a bar, of the room that a machine has


@dataclass(frozen=True, slots=True, kw_only=True)
class GanttBar:
    """An operation in a chart.

    Attributes:
        job: From 0.
        machine: From 0.
        begin: When it begins.
        time: How long it takes.
        place: Of the job among all, by which neighbours have different shades.
    """

    job: int
    machine: int
    begin: int
    time: int
    place: int


def gantt_chart(name: str, jobs: int, machines: int, bars: Sequence[GanttBar]) -> Drawing:
    """A row of bars for every machine, the first one on top.

    A job has the same shade on all machines.

    Args:
        name: Of the instance.
        jobs: How many.
        machines: How many.
        bars: All operations, at least one.
    """
    marks = tuple(
        DrawnRectangle(
            x=bar.begin,
            y=machines - 1 - bar.machine,
            width=bar.time,
            height=_HEIGHT,
            part=f"job {bar.job + 1} on machine {bar.machine + 1}",
            label=f"from {bar.begin} to {bar.begin + bar.time}",
            shade=_SHADES[bar.place % len(_SHADES)],
        )
        for bar in bars
    )
    span = max(bar.begin + bar.time for bar in bars)
    busy = 100 * sum(bar.time for bar in bars) / (span * machines)
    return Drawing(
        title=f"{name}: {jobs} jobs on {machines} machines",
        marks=marks,
        notes=(f"makespan {span}, machines are busy for {busy:.1f} % of it",),
        equal_scale=False,
    )
