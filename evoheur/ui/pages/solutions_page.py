"""The page with solutions of a run, drawn side by side.

No heuristic runs for it, only textbook rules do, which are trusted code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evoheur import ArchiveReader, ConfigError, Drawing, RunRecord, Split
from evoheur.api.drawn_solutions import DrawnSolution, RunProblem, draw_kept, draw_textbook
from evoheur.charts.solution_drawing import drawing_as_svg
from evoheur.charts.solution_table import SolutionTable, table_of_solution
from evoheur.ui.rendering import access_of, page

__all__ = ["routes"]

_RULE = "textbook:"
_WIDTH = 620


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """One solution on the page: a picture, a table, or a sentence why there is neither."""

    title: str
    cost: str = "-"
    gap: str = "-"
    svg: Markup | None = None
    table: SolutionTable | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What there is to be chosen.

    Attributes:
        kept: Instance as "split:name" → candidates with a solution of it.
        rules: Textbook rules, with their prefix.
        fault: Why the problem cannot be used here; empty if it can.
    """

    kept: Mapping[str, list[int]]
    rules: list[str]
    fault: str = ""

    def solvers(self, instance: str) -> list[tuple[str, str]]:
        """What may be shown on an instance: value and words."""
        numbers = self.kept.get(instance, [])
        return [*((str(n), f"{n} (baseline)" if n == 0 else str(n)) for n in numbers), *((rule, rule) for rule in self.rules)]


def _solutions(request: Request) -> Response:
    with access_of(request).reading() as archive:
        run = archive.run(request.path_params["run"])
        choice = _choice(archive, run)
        instance = request.query_params.get("instance", next(iter(choice.kept), ""))
        if choice.kept and instance not in choice.kept:
            raise ConfigError(f"No solution of {instance[:80]!r} is kept; choose an instance on the page of solutions.")
        solvers = [value for value, _ in choice.solvers(instance)]
        best = archive.chosen(run.name)
        left = _side(request, "left", solvers, "" if best is None else str(best.candidate.id))
        right = _side(request, "right", solvers, _beside(archive, run, instance, solvers))
        panels = [_panel(archive, run, side, instance) for side in (left, right) if side]
    return page(
        request,
        "solutions.html",
        run=run.name,
        tab="solutions",
        choice=choice,
        instance=instance,
        left=left,
        right=right,
        panels=panels,
    )


def _choice(archive: ArchiveReader, run: RunRecord) -> _Choice:
    kept: dict[str, list[int]] = {}
    for number, splits in archive.solved_instances(run.name).items():
        for split, names in splits.items():
            for name in names:
                kept.setdefault(f"{split}:{name}", []).append(number)
    try:
        rules = [f"{_RULE}{rule}" for rule in RunProblem.of(run).problem.textbook_rules()] if kept else []
    except ConfigError as error:
        return _Choice(kept=kept, rules=[], fault=str(error))
    return _Choice(kept=kept, rules=rules)


def _side(request: Request, key: str, known: list[str], default: str) -> str:
    """What the query says, if it has solved this instance; else the default, or the first that has."""
    wanted = request.query_params.get(key, default)
    return next((solver for solver in (wanted, default) if solver in known), next(iter(known), ""))


def _beside(archive: ArchiveReader, run: RunRecord, instance: str, solvers: list[str]) -> str:
    """The best textbook rule of the instance's family, as the run stored it; else the baseline."""
    split, _, name = instance.partition(":")
    gaps = archive.textbook_gaps(run.name).get(split, {})
    try:
        family = RunProblem.of(run).instance(cast("Split", split), name).instances[0].family if gaps and instance else ""
    except ConfigError:
        family = ""
    rule = f"{_RULE}{gaps[family].rule}" if family in gaps else ""
    return rule if rule in solvers else "0"


def _panel(archive: ArchiveReader, run: RunRecord, solver: str, instance: str) -> _Panel:
    split, _, name = instance.partition(":")
    known = cast("Split", split)
    try:
        if solver.startswith(_RULE):
            return _drawn(draw_textbook(RunProblem.of(run), solver.removeprefix(_RULE), known, name))
        drawn = draw_kept(archive, archive.candidate(run.name, int(solver)), known, name)
        return _Panel(title=f"{run.name}/{solver}") if drawn is None else _drawn(drawn)
    except ConfigError as error:
        if solver.startswith(_RULE):
            return _Panel(title=solver, remark=str(error))
        solution: Any = archive.solutions(run.name, int(solver))[split][name]
        return _Panel(title=f"{run.name}/{solver}", table=table_of_solution(name, solution), remark=str(error))


def _drawn(drawn: DrawnSolution) -> _Panel:
    picture, result = drawn.picture, drawn.result
    return _Panel(
        title=drawn.name,
        cost="-" if result.cost is None else f"{result.cost:.10g}",
        gap="-" if result.gap is None else f"{result.gap:.2f} %",
        svg=Markup(drawing_as_svg(picture, width=_WIDTH)) if isinstance(picture, Drawing) else None,  # noqa: S704 - it escapes
        table=None if isinstance(picture, Drawing) else picture,
        remark=drawn.remark,
    )


routes = [Route("/run/{run}/solutions", _solutions)]
