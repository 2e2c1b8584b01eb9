"""Figures have the axes, labels, series and counts of their data, and draw names of any kind as they are."""

from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.figure import Figure

from evoheur import ArchiveError, ConfigError
from evoheur.archive.archive import Archive
from evoheur.plots.figure_files import inline_svg
from evoheur.plots.run_figures import compare_figure, curve_figure, lineage_figure, matrix_figure
from tests.evoheur.archive.support.made_up import candidate, new_run, step
from tests.evoheur.plots.conftest import NAMED

DRAWN = "<script>alert('$\\frac{1}$')</script>?"
"""How hostile words begin in a figure: markup and formula as text, "?" for what cannot be shown."""


def labels(figure: Figure) -> list[str]:
    [legend] = figure.legends
    return [text.get_text() for text in legend.get_texts()]


def points_of(figure: Figure, label: str, axes: int = 0) -> list[tuple[float, float]]:
    [line] = [line for line in figure.axes[axes].get_lines() if line.get_label() == label]
    return [(float(x), float(y)) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]  # type: ignore[arg-type]


def test_the_curve_of_a_run_has_its_steps_lines_points_and_failures(hostile: Archive) -> None:
    figure = curve_figure(NAMED, archive=hostile.url)
    main, below = figure.axes
    assert (main.get_ylabel(), below.get_xlabel()) == ("gap on train (%)", "model calls")
    assert points_of(figure, "best on train") == [(1.0, 3.0), (3.0, 2.0), (4.0, 2.0)]
    assert points_of(figure, "on fresh instances") == [(3.0, 2.5)]
    assert {y for _, y in points_of(figure, "problem's own")} == {4.0}
    found = labels(figure)
    assert found[:3] == ["best on train", "on fresh instances", "problem's own"]
    assert len(found) == 5  # the textbook rule and the operator, both of a hostile name
    assert found[3:] == ["<script>alert('$\\..."] * 2
    named = [line for line in main.get_lines() if str(line.get_label()).startswith(DRAWN)]
    assert [(line.get_marker(), len(line.get_xdata())) for line in named] == [("None", 2), ("o", 2)]  # type: ignore[arg-type]
    assert [len(line.get_xdata()) for line in below.get_lines()] == [1, 1]  # type: ignore[arg-type]
    low, high = main.get_ylim()
    assert low < 2.0
    assert high > 4.0


def test_money_and_time_are_axes_too(hostile: Archive) -> None:
    money = curve_figure(NAMED, archive=hostile.url, over="cost_usd", points=0)
    assert money.axes[0].get_xlabel() == "US dollars"
    assert points_of(money, "best on train") == [(0.25, 3.0), (0.75, 2.0), (1.0, 2.0)]
    time = curve_figure(NAMED, archive=hostile.url, over="seconds", points=0)
    assert time.axes[0].get_xlabel() == "wall time in seconds (estimated)"


def test_curves_of_several_runs_have_a_line_each_and_no_points(arms: Archive) -> None:
    figure = curve_figure(["eoh-1", "random-1"], archive=arms.url, over="evaluations")
    assert labels(figure) == ["eoh-1", "random-1", "problem's own"]
    assert len(figure.axes) == 1
    assert points_of(figure, "random-1") == [(1.0, 3.65), (2.0, 3.4), (3.0, 3.15), (4.0, 2.9), (4.0, 2.9)]


def test_an_axis_on_which_nothing_is_known_is_refused(arms: Archive) -> None:
    with pytest.raises(ConfigError, match="Run 'eoh-1' cannot be drawn over US dollars: none are known of it; it has calls,"):
        curve_figure("eoh-1", archive=arms.url, over="cost_usd")


def test_runs_of_two_problems_are_refused(arms: Archive) -> None:
    other = new_run(arms, "other-1", problem="tsp")
    arms.record_baseline(other.id, candidate(0))
    step(arms, other, candidate(1, 3.0))
    with pytest.raises(ConfigError, match="one is of problem 'bin_packing_online', the other of 'tsp'"):
        curve_figure(["eoh-1", "other-1"], archive=arms.url)


def test_a_family_tree_has_its_nodes_edges_and_the_line_of_the_best(hostile: Archive) -> None:
    figure = lineage_figure(NAMED, archive=hostile.url)
    axes = figure.axes[0]
    assert labels(figure) == ["line of 3, the champion", "first parent", "failed or cut short"]
    lines = {each.get_label(): len(each.get_segments()) for each in axes.collections if isinstance(each, LineCollection)}
    assert lines == {"other parents": 0, "first parents": 1, "champion's line": 2}
    marks = {str(each.get_label()): len(each.get_offsets()) for each in axes.collections if not isinstance(each, LineCollection)}  # type: ignore[arg-type]
    assert marks == {"failed or cut short": 1, "candidates": 3}
    assert sorted(text.get_text() for text in axes.texts) == ["0", "1", "3"]
    assert figure.axes[1].get_ylabel() == "gap on train (%)"


def test_a_matrix_has_a_row_for_every_heuristic_and_a_column_for_every_instance(hostile: Archive) -> None:
    figure = matrix_figure(NAMED, archive=hostile.url)
    axes = figure.axes[0]
    [mesh] = [each for each in axes.collections if isinstance(each, QuadMesh)]
    assert mesh.get_array().shape == (2, 3)  # type: ignore[union-attr]
    assert sorted(label.get_text() for label in axes.get_yticklabels()) == ["hostile-1/0 (start)", "hostile-1/3 ★"]
    assert len(axes.get_xticklabels()) == 3
    assert axes.get_xlabel() == "instances of validation"
    assert sorted(text.get_text() for text in axes.texts) == ["2.5"] * 3 + ["4.5"] * 3


def test_a_split_on_which_nothing_was_scored_is_refused(hostile: Archive) -> None:
    with pytest.raises(ConfigError, match="No candidate of run 'hostile-1' was scored on test; `evoheur evaluate hostile-1/best"):
        matrix_figure(NAMED, archive=hostile.url, split="test")


def test_a_comparison_has_a_line_and_a_band_for_every_arm(arms: Archive) -> None:
    figure = compare_figure(["*"], archive=arms.url)
    [axes] = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("model calls", "best in hand: gap on train (%)")
    assert labels(figure) == ["problem's own", "eoh (3 seeds)", "random (3 seeds)"]
    assert points_of(figure, "eoh (3 seeds)") == [(0.0, 4.0), (1.0, 3.3), (2.0, 2.8), (3.0, 2.3), (4.0, 1.8)]
    assert len(axes.collections) == 2
    assert axes.get_xlim() == (0.0, 4.0)


DRAWINGS: list[Callable[[str], Figure]] = [
    lambda url: curve_figure(NAMED, archive=url),
    lambda url: lineage_figure(NAMED, archive=url),
    lambda url: matrix_figure(NAMED, archive=url),
    lambda url: compare_figure([NAMED], archive=url),
]


@pytest.mark.parametrize("draw", DRAWINGS, ids=["curve", "lineage", "matrix", "compare"])
def test_hostile_words_are_text_in_the_file_and_warn_of_nothing(draw: Callable[[str], Figure], hostile: Archive) -> None:
    """Warnings are errors here, also those of signs that the font lacks."""
    text = inline_svg(draw(hostile.url), "hostile")
    assert "<script" not in text
    assert "\x1b" not in text
    assert text.startswith("<svg")


@pytest.mark.parametrize("draw", DRAWINGS, ids=["curve", "lineage", "matrix", "compare"])
def test_drawing_leaves_matplotlib_as_it_was(draw: Callable[[str], Figure], hostile: Archive) -> None:
    before = dict(mpl.rcParams)
    inline_svg(draw(hostile.url), "left")
    assert dict(mpl.rcParams) == before
    assert Gcf.get_all_fig_managers() == []


def test_a_run_that_is_not_there_is_named(hostile: Archive) -> None:
    with pytest.raises(ArchiveError, match="There is no run 'hostile-2'"):
        curve_figure("hostile-2", archive=hostile.url)


@pytest.mark.parametrize("width", ["wide", "0.1", "nan", 99.0])
def test_a_width_that_is_none_is_refused(width: str | float, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no width of a figure; write column"):
        curve_figure("any", archive=tmp_path / "none.db", width=width)
