"""Solutions in a terminal: dots with notes and labels, a table where nothing is drawn, and ASCII where that is all there is."""

import io

import pytest
from rich.console import Console

from evoheur import Drawing, InstanceResult, LineOfPoints, Status
from evoheur.api.drawn_solutions import DrawnSolution
from evoheur.charts.solution_table import SolutionTable, table_of_solution
from evoheur.cli.terminal.solution_picture import print_solution

SQUARE = LineOfPoints(x=(0.0, 1.0, 1.0, 0.0), y=(0.0, 0.0, 1.0, 1.0), closed=True, label="route 1: \x1b[31mload 9")


def printed(picture: Drawing | SolutionTable, *, width: int = 40, encoding: str = "utf-8") -> str:
    result = InstanceResult(instance="berlin52", family="maps", status=Status.OK, cost=104.0, reference=100.0, cpu_seconds=0.0)
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    console = Console(file=file, width=width, color_system=None)
    print_solution(console, DrawnSolution(name="r/17", result=result, picture=picture, remark="it cost 105 before"))
    file.flush()
    written = file.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode(encoding)


def test_a_drawing_has_its_price_above_and_its_words_below() -> None:
    lines = printed(Drawing(title="t", marks=(SQUARE,) * 14, notes=("14 routes",))).splitlines()
    assert lines[1] == "r/17 on berlin52: cost 104, gap 4.00 %"
    assert lines[2].startswith("⡏⠉")
    assert max(map(len, lines[2:-16])) == 39
    words = [line for line in lines if "⡇" not in line]
    assert words[-4].startswith("-- route 1: ")
    assert words[-2:] == ["2 more lines are not named here.", "note: it cost 105 before"]
    assert "14 routes" in words
    assert not any("\x1b" in line for line in lines)


@pytest.mark.parametrize("width", [12, 30, 300])
def test_a_picture_is_no_wider_than_the_terminal(width: int) -> None:
    shown = printed(Drawing(title="t", marks=(SQUARE,)), width=width).splitlines()
    assert max(len(line) for line in shown if "⡇" in line) <= width


def test_without_unicode_it_is_drawn_in_ascii() -> None:
    assert "+.." in printed(Drawing(title="t", marks=(SQUARE,)), encoding="ascii")


def test_what_no_problem_draws_is_a_table() -> None:
    shown = printed(table_of_solution("berlin52", list(range(60))))
    assert "position" in shown
    assert "20 more rows are not shown." in shown
