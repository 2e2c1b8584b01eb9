"""Figures of runs by name: the functions behind `evoheur plot`.

Each returns a `matplotlib.figure.Figure`, which can be changed before `save_figure` writes it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from matplotlib.figure import Figure

from evoheur import ConfigError, Split, open_archive
from evoheur.api.run_comparison import compare_runs
from evoheur.api.run_textbook import score_run_textbook
from evoheur.charts.arm_curves import arm_curves
from evoheur.charts.best_so_far import best_so_far
from evoheur.charts.candidate_points import candidate_points
from evoheur.charts.family_tree import MOST_SHOWN, family_tree
from evoheur.charts.instance_matrix import MOST_ROWS, instance_matrix
from evoheur.charts.run_course import RunCourse, SpentAxis
from evoheur.plots.compare_plot import draw_arms
from evoheur.plots.curve_plot import AXIS_LABELS, draw_curves
from evoheur.plots.figure_style import figure_size
from evoheur.plots.lineage_plot import draw_lineage
from evoheur.plots.matrix_plot import draw_matrix
from evoheur.report.curves import Axis

__all__ = ["compare_figure", "curve_figure", "lineage_figure", "matrix_figure"]

_TRAIN: tuple[Split, ...] = ("train",)


def curve_figure(
    runs: str | Sequence[str],
    *,
    archive: str | Path | None = None,
    over: SpentAxis | None = None,
    width: str | float = "column",
    points: int = 1000,
    textbook: bool = False,
    saying: Callable[[str], None] = lambda _what: None,
) -> Figure:
    """Draw the best on train in the course of one run or several.

    Args:
        runs: Names of runs of one problem. Of a single run candidates are drawn too, and its failures below the axis.
        archive: Where they are: a URL, a `Path` to an SQLite file, or None for $EVOHEUR_ARCHIVE, else runs/evoheur.db.
        over: "calls", "evaluations", "cost_usd" or "seconds"; None for calls where a model was called, else evaluations.
        width: "column", "page", or inches.
        points: At most so many candidates are drawn; 0 for none.
        textbook: Whether every textbook rule is scored anew and has a line; else there is one line, for what the archive knows.
        saying: Hears what is being done.

    Raises:
        ArchiveError: There is no such run.
        ConfigError: They are of several problems, nothing was spent on the axis, or the rules cannot be scored.
    """
    size = figure_size(width)
    with open_archive(archive) as opened:
        courses = [RunCourse.read(opened, name) for name in ([runs] if isinstance(runs, str) else runs)]
        _refuse_mixture(courses)
        chosen = over or ("calls" if all("calls" in course.axes for course in courses) else "evaluations")
        for course in courses:
            if chosen not in course.axes:
                raise ConfigError(
                    f"Run {course.run.name!r} cannot be drawn over {AXIS_LABELS[chosen]}: none are known of it; it has "
                    f"{', '.join(course.axes)}."
                )
        rules = score_run_textbook(courses[0].run, _TRAIN, saying=saying).objectives("train") if textbook else None
        curves = [best_so_far(opened, course, rules=rules) for course in courses]
    shown = candidate_points(courses[0], most=points) if points > 0 and len(courses) == 1 else None
    return draw_curves(curves, shown, over=chosen, size=size)


def _refuse_mixture(courses: Sequence[RunCourse]) -> None:
    if not courses:
        raise ConfigError("A curve needs one run at least; name it.")
    first = courses[0].run
    for course in courses[1:]:
        if course.run.problem != first.problem:
            raise ConfigError(
                f"Runs {first.name!r} and {course.run.name!r} cannot be drawn in one figure: one is of problem {first.problem!r}, the "
                f"other of {course.run.problem!r}; draw them apart."
            )


def lineage_figure(run: str, *, archive: str | Path | None = None, width: str | float = "page", most: int = MOST_SHOWN) -> Figure:
    """Draw the family tree of a run, with the line of its best candidate lit.

    Args:
        run: Its name.
        archive: As for `curve_figure`.
        width: "column", "page", or inches.
        most: At most so many candidates are drawn.

    Raises:
        ArchiveError: There is no such run.
        ConfigError: It has no candidate yet.
    """
    size = figure_size(width)
    with open_archive(archive) as opened:
        tree = family_tree(opened, run, most=most)
    if not tree.nodes:
        raise ConfigError(f"Run {run!r} has no candidate yet, so there is nothing to draw; go on with `evoheur resume {run}`.")
    return draw_lineage(tree, size=size)


def matrix_figure(
    run: str,
    *,
    archive: str | Path | None = None,
    split: str | None = None,
    width: str | float = "page",
    most: int = MOST_ROWS,
    textbook: bool = False,
    saying: Callable[[str], None] = lambda _what: None,
) -> Figure:
    """Draw the best candidates of a run on every instance of a split.

    Args:
        run: Its name.
        archive: As for `curve_figure`.
        split: "train", "validation", "test" or "audit"; None for the first of validation, test, train and audit that was scored.
        width: "column", "page", or inches.
        most: So many of the best on train.
        textbook: Whether the textbook rules are scored on these instances, too; not on fresh ones.
        saying: Hears what is being done.

    Raises:
        ArchiveError: There is no such run.
        ConfigError: Nothing was scored on the split, or the rules cannot be scored.
    """
    size = figure_size(width, aspect=0.55)
    with open_archive(archive) as opened:
        matrix = instance_matrix(opened, run, split=split, most=most)
        if textbook:
            if matrix.split not in {"train", "validation", "test"} or matrix.epoch:
                raise ConfigError(
                    f"The instances of {matrix.split} are fresh ones, on which no textbook rule is scored here; name another --split."
                )
            scored = score_run_textbook(opened.run(run), (cast("Split", matrix.split),), saying=saying)
            matrix = instance_matrix(opened, run, split=matrix.split, most=most, textbook=scored.rules[matrix.split])
    if not matrix.rows or not matrix.columns:
        raise ConfigError(
            f"No candidate of run {run!r} was scored on {matrix.split}; `evoheur evaluate {run}/best --split {matrix.split}` does it."
        )
    return draw_matrix(matrix, size=size)


def compare_figure(
    runs: Sequence[str],
    *,
    archive: str | Path | None = None,
    over: Axis = "calls",
    width: str | float = "column",
    controls: bool = True,
    saying: Callable[[str], None] = lambda _what: None,
) -> Figure:
    """Draw runs of one problem as arms: medians with 95 % intervals over the seeds, at equal budgets.

    Args:
        runs: Names, or patterns such as `sweep-*`.
        archive: As for `curve_figure`.
        over: "calls" or "evaluations".
        width: "column", "page", or inches.
        controls: Whether the archive's control runs of the same settings and seeds are drawn too, as `compare_runs` takes them along.
        saying: Hears what is being done.

    Raises:
        ArchiveError: There is no such run, or one has told nothing yet.
        ConfigError: They are not of the same problem and instances.
    """
    size = figure_size(width)
    found = compare_runs(runs, archive=archive, controls=controls, saying=saying)
    return draw_arms(arm_curves(found, over), size=size)
