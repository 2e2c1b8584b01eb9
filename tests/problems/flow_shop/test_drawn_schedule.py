"""Gantt charts."""

import pytest

from evoheur.drawing import DrawnRectangle
from evoheur.problem import Infeasible
from evoheur.problems.flow_shop.drawn_schedule import drawn_schedule
from tests.problems.flow_shop.support.shops import shop

THREE = shop([[3, 2], [1, 4], [2, 1]])


def test_bars_are_where_jobs_are_processed() -> None:
    """The first machine is on top; a job looks alike on all machines, and not like its neighbours."""
    drawing = drawn_schedule(THREE, [1, 0, 2])
    boxes = {box.part: box for box in drawing.marks if isinstance(box, DrawnRectangle)}
    assert [(boxes[f"job {job} on machine 1"].x, boxes[f"job {job} on machine 1"].width) for job in (2, 1, 3)] == [
        (0, 1),
        (1, 3),
        (4, 2),
    ]
    assert [(boxes[f"job {job} on machine 2"].x, boxes[f"job {job} on machine 2"].width) for job in (2, 1, 3)] == [
        (1, 4),
        (5, 2),
        (7, 1),
    ]
    assert boxes["job 1 on machine 1"].y > boxes["job 1 on machine 2"].y
    assert boxes["job 1 on machine 1"].shade == boxes["job 1 on machine 2"].shade != boxes["job 2 on machine 1"].shade
    assert boxes["job 3 on machine 2"].label == "from 7 to 8"
    assert drawing.notes == ("makespan 8, machines are busy for 81.2 % of it",)


def test_no_order_is_no_drawing() -> None:
    with pytest.raises(Infeasible):
        drawn_schedule(THREE, [0, 0, 1])
