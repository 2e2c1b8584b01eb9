"""Figures of solutions: what is drawn, beside what, and in which words; not how it looks."""

import numpy as np
import pytest
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure

from evoheur import ConfigError, Drawing, DrawnPoints, DrawnRectangle, InstanceResult, LineOfPoints, Status
from evoheur.api.drawn_solutions import DrawnSolution
from evoheur.charts.solution_table import SolutionTable, table_of_solution
from evoheur.plots.figure_files import figure_bytes
from evoheur.plots.solution_plot import draw_side_by_side, solution_figure

HOSTILE = "<script>$\\alpha$\x1b[31m"


def solution(picture: Drawing | SolutionTable, name: str = "r/1", cost: float = 12.0) -> DrawnSolution:
    result = InstanceResult(instance="four", family="f", status=Status.OK, cost=cost, reference=10.0)
    return DrawnSolution(name=name, result=result, picture=picture)


def tour(**changes: object) -> Drawing:
    x, y = (0.0, 4.0, 4.0), (0.0, 0.0, 3.0)
    marks = (
        LineOfPoints(x=x, y=y, closed=True, label="route 1"),
        DrawnPoints(x=x, y=y, parts=("a", "b", "c")),
        DrawnPoints(x=(0.0,), y=(0.0,), shape="square"),
    )
    return Drawing(**{"title": "four", "marks": marks, "notes": ("length 12",), **changes})  # type: ignore[arg-type]


def words(figure: Figure) -> str:
    return "\n".join(
        [text.get_text() for axes in figure.axes for text in axes.texts] + [a.get_title("left") for a in figure.axes]
    )


def test_two_solutions_stand_side_by_side_with_their_costs() -> None:
    figure = draw_side_by_side([solution(tour()), solution(tour(), "textbook:rule", cost=15.0)])
    assert len(figure.axes) == 2
    assert figure.axes[0].get_title("left") == "r/1\nfour: cost 12, gap 20.00 %"
    assert figure.axes[1].get_title("left") == "textbook:rule\nfour: cost 15, gap 50.00 %"
    assert figure.get_figwidth() == pytest.approx(6.9)
    line, places, depot = figure.axes[0].get_lines()
    assert np.asarray(line.get_xdata()).tolist() == [0.0, 4.0, 4.0, 0.0]
    assert (line.get_label(), np.asarray(places.get_xdata()).size, depot.get_marker()) == ("route 1", 3, "s")
    assert figure.axes[0].get_aspect() == 1.0
    assert "length 12" in words(figure)


def test_rectangles_are_one_collection_and_frames_are_empty() -> None:
    boxes = (
        DrawnRectangle(x=0, y=0, width=1, height=2, part="item 1", shade=0.5),
        DrawnRectangle(x=0, y=0, width=1, height=3),
    )
    [axes] = draw_side_by_side([solution(Drawing(title="t", marks=boxes, equal_scale=False))]).axes
    [drawn] = [each for each in axes.collections if isinstance(each, PatchCollection)]
    assert len(drawn.get_paths()) == 2
    assert np.asarray(drawn.get_facecolor())[:, 3].tolist() == [1.0, 0.0]
    assert axes.get_ylim()[1] >= 3
    assert axes.get_aspect() == "auto"


def test_more_lines_than_can_be_named_have_no_legend() -> None:
    lines = tuple(LineOfPoints(x=(0.0, 1.0), y=(0.0, float(n)), series=n, label=f"route {n}") for n in range(13))
    [axes] = draw_side_by_side([solution(Drawing(title="t", marks=lines))]).axes
    assert axes.get_legend() is None
    [axes] = draw_side_by_side([solution(Drawing(title="t", marks=lines[:12]))]).axes
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [f"route {n}" for n in range(12)]


def test_what_is_not_drawn_is_a_table() -> None:
    figure = draw_side_by_side([solution(table_of_solution("four", list(range(40))))])
    [axes] = figure.axes
    [table] = axes.tables
    assert table[0, 1].get_text().get_text() == "value"
    assert table[25, 1].get_text().get_text() == "24"
    assert "15 more rows are not shown" in words(figure)


@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_hostile_words_and_empty_pictures_are_drawn_in_every_form(kind: str) -> None:
    hostile = tour(notes=(HOSTILE,), title=HOSTILE)
    empty = Drawing(title="nothing", marks=())
    pictures: list[Drawing | SolutionTable] = [
        hostile,
        empty,
        table_of_solution(HOSTILE, {HOSTILE: HOSTILE}),
        table_of_solution("none", []),
    ]
    figure = draw_side_by_side([solution(picture, HOSTILE) for picture in pictures])
    content = figure_bytes(figure, kind)
    assert len(content) > 500
    assert b"<script" not in content


def test_another_split_or_width_is_refused_before_anything_is_looked_for() -> None:
    with pytest.raises(ConfigError, match="no split 'best'"):
        solution_figure("r/1", split="best")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="no width"):
        solution_figure("r/1", width="wide")
