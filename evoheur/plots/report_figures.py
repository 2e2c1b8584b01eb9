"""The figures of a report, as SVG elements of its page."""

from typing import Any

from markupsafe import Markup

from evoheur import ArchiveReader, ConfigError
from evoheur.api.drawn_solutions import DrawnSolution, draw_kept
from evoheur.api.run_story import RunStory
from evoheur.charts.best_so_far import best_so_far
from evoheur.charts.candidate_points import candidate_points
from evoheur.charts.instance_matrix import InstanceMatrix, instance_matrix
from evoheur.charts.run_course import RunCourse, SpentAxis
from evoheur.plots.curve_plot import draw_curves
from evoheur.plots.figure_files import inline_svg
from evoheur.plots.figure_style import figure_size
from evoheur.plots.lineage_plot import draw_lineage
from evoheur.plots.matrix_plot import draw_matrix
from evoheur.plots.solution_plot import draw_side_by_side

__all__ = ["report_figures"]

_WIDTH = 8.5  # inches, of a page on a screen
_MOST_RULES = 4  # lines of textbook rules in the curve


def report_figures(archive: ArchiveReader, story: RunStory, course: RunCourse) -> dict[str, Markup]:
    """The figures by name, as SVG elements; those that have nothing to show are left out."""
    size = figure_size(_WIDTH, aspect=0.52)
    over: SpentAxis = "calls" if "calls" in course.axes else "evaluations"
    trained = story.stopped.textbook_rules.get("train", {})
    rules = {rule: evaluation.objective for rule, evaluation in trained.items() if evaluation.objective is not None}
    drawn: dict[str, Any] = {}
    if course.moments:
        curve = best_so_far(archive, course, rules=_nearest(rules, story) if rules else None)
        drawn["curve"] = draw_curves([curve], candidate_points(course, most=800), over=over, size=size)
    if len(story.tree.nodes) > 1:
        drawn["lineage"] = draw_lineage(story.tree, size=size)
    matrix = _matrix(archive, story)
    if matrix is not None:
        drawn["matrix"] = draw_matrix(matrix, size=figure_size(_WIDTH, aspect=0.45))
    solutions = _solutions(archive, story)
    if solutions:
        drawn["solutions"] = draw_side_by_side(solutions, width=_WIDTH)
    return {name: Markup(inline_svg(figure, name)) for name, figure in drawn.items()}  # noqa: S704 - matplotlib escapes every word


def _nearest(rules: dict[str, float], story: RunStory) -> dict[str, float]:
    """The best textbook rules on train, those of the heuristics' own class first."""
    alike = set(story.stopped.classes.alike(rules))
    ranked = sorted(rules, key=lambda rule: (rule not in alike, rules[rule], rule))
    return {rule: rules[rule] for rule in ranked[:_MOST_RULES]}


def _matrix(archive: ArchiveReader, story: RunStory) -> InstanceMatrix | None:
    matrix = instance_matrix(archive, story.run.name, most=12)
    rules = story.stopped.textbook_rules.get(matrix.split, {})
    alike = story.stopped.classes.alike(rules)[:2]
    if alike and not matrix.epoch:
        matrix = instance_matrix(
            archive, story.run.name, split=matrix.split, most=12, textbook={rule: rules[rule] for rule in alike}
        )
    return matrix if len(matrix.rows) > 1 and matrix.columns else None


def _solutions(archive: ArchiveReader, story: RunStory) -> list[DrawnSolution]:
    """What the best and the problem's own heuristic made of one instance, as the run kept it.

    Nothing runs for it.
    """
    chosen = story.stopped.chosen
    if story.fault or chosen is None or not chosen.candidate.id:
        return []
    own = story.stopped.baseline
    ours, theirs = (archive.solutions(each.run, each.candidate.id).get("validation", {}) for each in (chosen, own))
    instance = next((name for name in ours if name in theirs), None)
    if instance is None:
        return []
    try:
        drawn = [draw_kept(archive, each, "validation", instance) for each in (chosen, own)]
    except ConfigError:  # a problem that cannot draw what it solved is no reason to do without a report
        return []
    return [each for each in drawn if each is not None]
