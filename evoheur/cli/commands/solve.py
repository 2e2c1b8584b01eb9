"""`evoheur solve`: the use of a heuristic on one's own instances."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from evoheur import Evaluation, InstanceResult, InstanceSet, Status
from evoheur.api.command_words import parse_settings
from evoheur.api.contender import Contender, find_contender
from evoheur.api.sandboxed_solving import Solved, solve_by_textbook, solve_each
from evoheur.api.solution_files import planned_files, write_solution
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, InRun, ProblemSettings
from evoheur.cli.terminal.output import make_console, make_table, print_json, report_unread, say, working
from evoheur.documents.solution_document import SolutionDocument, SolutionFigures, SolvedDocument
from evoheur.observers.number_text import count, one_line

__all__ = ["solve"]


def solve(  # noqa: PLR0913 - a command has as many parameters as it has options
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET", help="A heuristic's or exported file, RUN/NUMBER, RUN/best, gallery:NAME or textbook:NAME."
        ),
    ],
    instances: Annotated[Path, typer.Argument(metavar="INSTANCES", help="A file or a folder of instances.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="PATH", help="File for the solution, or folder for those of several instances."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    textbook: Annotated[
        bool, typer.Option("--textbook", help="Solve with the textbook rules too, and show their costs.")
    ] = False,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, help="Processor time per instance, if the run's limit is too little.")
    ] = None,
    problem: Annotated[str | None, typer.Option("--problem", help="Problem, if the target does not tell.")] = None,
    settings: ProblemSettings = None,
    run: InRun = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Solve instances with a found heuristic, and write the solutions.

    They are written in the form that the problem's community reads.

    The heuristic runs in the sandbox; every solution is checked and priced outside it.

    Example:
        evoheur solve quickstart-1/best orders.csv -o bins.sol --textbook
    """
    found = find_contender(target, problem=problem, settings=parse_settings(settings or ()), archive=archive, run=run)
    if seconds is not None:
        found = _with_time(found, seconds)
    memory = None if found.rule is not None else found.evaluation.limits.memory_mib
    read = InstanceSet.of_path(found.problem, instances, partly=True, memory_mib=memory)
    files = {} if output is None else planned_files(output, instances, problem=found.problem, instances=read, force=force)
    with working(f"Solving with {found.name}") as saying:
        solved = []
        for each in solve_each(found, read, saying):
            solved.append(each)
            if files and each.result.status is Status.OK:
                write_solution(files[each.instance.name], found.problem, each.instance, each.solution)
        rules = solve_by_textbook(found, read, saying) if textbook else {}
    if as_json:
        print_json(_document(found, solved, read, rules=rules, files=files))
    else:
        _print(make_console(), found, solved, rules=rules, files=files)
    report_unread([read])
    if any(each.result.status is not Status.OK for each in solved):
        raise typer.Exit(1)


def _with_time(target: Contender, seconds: float) -> Contender:
    limits = target.evaluation.limits
    wall = seconds * limits.wall_seconds / limits.cpu_seconds  # as much more than processor time as the run allows
    longer = limits.model_copy(update={"cpu_seconds": seconds, "wall_seconds": max(limits.wall_seconds, wall)})
    return replace(target, evaluation=target.evaluation.model_copy(update={"limits": longer}))


def _document(
    target: Contender, solved: Sequence[Solved], read: InstanceSet, *, rules: Mapping[str, Evaluation], files: Mapping[str, Path]
) -> SolutionDocument:
    return SolutionDocument(
        format="solution/1",
        target=target.name,
        problem=target.named.name,
        settings=dict(target.named.settings),
        instances=[
            SolvedDocument(
                instance=each.instance.name,
                family=each.instance.family,
                **dict(_figures(each.result)),
                reference=each.result.reference,
                level=each.level,
                solution=each.solution,
                file=str(files[each.instance.name]) if files and each.result.status is Status.OK else None,
                textbook={rule: _figures(evaluation.results[place]) for rule, evaluation in rules.items()},
            )
            for place, each in enumerate(solved)
        ],
        unread=dict(read.unread),
    )


def _figures(result: InstanceResult) -> SolutionFigures:
    return SolutionFigures(
        status=result.status.value,
        detail=result.detail,
        cost=result.cost,
        gap=result.gap,
        cpu_seconds=result.cpu_seconds,
    )


def _print(
    console: Console, target: Contender, solved: Sequence[Solved], *, rules: Mapping[str, Evaluation], files: Mapping[str, Path]
) -> None:
    levels = ", ".join(sorted({repr(each.level) for each in solved if each.level}))
    where = f"; isolation level {levels}" if levels else ""
    say(console, f"{target.name} on {target.named.name} ({count(len(solved), 'instance')}){where}", "bold")
    columns = ["instance", "heuristic", "cost", "reference", "gap", "seconds"]
    table = make_table(console, columns, right=columns[2:], wrap=columns[:2], least_useful=["seconds", "reference"])
    for place, each in enumerate(solved):
        rows = {target.name: each.result, **{rule: evaluation.results[place] for rule, evaluation in rules.items()}}
        for number, (rule, result) in enumerate(rows.items()):
            cells = [each.instance.name if number == 0 else "", rule, *_cells(result)]
            table.add_row(*(Text(one_line(cell, console.encoding), style="bold" if number == 0 else "") for cell in cells))
        if rules:
            table.add_section()
    console.print(table)
    for each in solved:
        if each.result.status is not Status.OK:
            say(console, f"{each.instance.name}: {each.result.status.value}: {each.result.detail}", "bold red")
        elif files:
            say(console, f"Wrote {files[each.instance.name]}.")
    if not files:
        say(
            console,
            f"Pass -o to write solutions ({target.problem.solution_suffix}, or .json).".replace(".json, or .json", ".json"),
        )


def _cells(result: InstanceResult) -> list[str]:
    return [
        result.status.value if result.cost is None else f"{result.cost:.10g}",
        "-" if result.reference is None else f"{result.reference:.10g}",
        "-" if result.gap is None else f"{result.gap:.2f} %",
        f"{result.cpu_seconds:.3f}" if result.cpu_seconds >= 0.0005 else "<0.001",
    ]
