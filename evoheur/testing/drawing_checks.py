"""The checks of the problem contract for problems that draw their solutions."""

import copy
import dataclasses
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.etree import ElementTree as ET

from evoheur.charts.solution_drawing import drawing_as_svg
from evoheur.drawing import Drawing
from evoheur.problem import Instance, Json, Problem, to_json
from evoheur.testing.examined_problem import Subject, demand

__all__ = ["DRAWING_CHECKS"]

_MOST_RULES = 2  # of the textbook's; another solution or two show what depends on it
_HOSTILE = "<script>alert(1)</script>&\"'\x1b[31m]]>"


def _a_drawing_shows_every_part_once(subject: Subject) -> None:
    problem = subject.problem()
    for instance in subject.small(problem)[:1]:
        wanted: set[str] | None = None
        for who, solution in _solutions(subject, problem, instance):
            drawing = _drawing(problem, instance, solution, who)
            if drawing is None:
                continue
            parts = drawing.parts
            twice = sorted({part for part in parts if parts.count(part) > 1}) if len(set(parts)) < len(parts) else []
            demand(not twice, f"{instance.name!r}: the drawing for {who} has {', '.join(twice[:5])} more than once")
            if problem.empty_answer_is_feasible:
                continue
            missing = sorted({*(wanted or set(parts))} ^ {*parts})
            demand(not missing, f"{instance.name!r}: {', '.join(missing[:5])} is in one drawing and not in that for {who}")
            wanted = set(parts)


def _drawing_leaves_instance_and_solution_alone(subject: Subject) -> None:
    problem = subject.problem()
    for instance in subject.small(problem)[:1]:
        solution = subject.solution(problem, instance)
        before = json.dumps([problem.encode(instance), solution])
        first = problem.draw(instance, solution)
        demand(
            json.dumps([problem.encode(instance), solution]) == before,
            f"{instance.name!r}: drawing a solution changes it or the instance",
        )
        demand(problem.draw(instance, solution) == first, f"{instance.name!r}: a solution is drawn another way the second time")


def _a_drawing_holds_no_markup_whatever_an_instance_is_called(subject: Subject) -> None:
    problem = subject.problem()
    for instance in subject.small(problem)[:1]:
        hostile = dataclasses.replace(instance, name=_HOSTILE)
        drawing = _drawing(problem, hostile, subject.solution(problem, instance), "the starting heuristic")
        if drawing is not None:
            tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(drawing_as_svg(drawing)).iter()}  # noqa: S314 - our own text
            demand("script" not in tags, "a name with markup becomes markup of the picture")


def _solutions(subject: Subject, problem: Problem[Any], instance: Instance) -> Iterator[tuple[str, Json]]:
    yield "the starting heuristic", subject.solution(problem, instance)
    for name, solver in islice(problem.textbook_rules().items(), _MOST_RULES):
        yield name, json.loads(json.dumps(to_json(solver(instance))))


def _drawing(problem: Problem[Any], instance: Instance, solution: Json, who: str) -> Drawing | None:
    drawing: Any = problem.draw(instance, copy.deepcopy(solution))
    demand(
        drawing is None or isinstance(drawing, Drawing),
        f"{instance.name!r}: draw returns {type(drawing).__name__} for {who}; give a Drawing, or None for a table",
    )
    found: Drawing | None = drawing
    return found


DRAWING_CHECKS = (
    _a_drawing_shows_every_part_once,
    _drawing_leaves_instance_and_solution_alone,
    _a_drawing_holds_no_markup_whatever_an_instance_is_called,
)
