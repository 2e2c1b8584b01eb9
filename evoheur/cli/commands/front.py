"""`evoheur front`: what nothing dominates in objective and size of the code.

For every run, whatever strategy bred its candidates.
"""

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console

from evoheur import CandidateRecord, open_archive
from evoheur.api.archives import find_run, suggest
from evoheur.api.candidate_front import CandidateFront, read_front, second_named, textbook_points
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, MaybeRun
from evoheur.cli.terminal.output import make_console, make_table, print_json, say, working
from evoheur.documents.front_document import FrontDocument, FrontPointDocument
from evoheur.observers.number_text import Scale, count, one_line

__all__ = ["front"]


def front(
    run: MaybeRun = None,
    *,
    measure: Annotated[
        str,
        typer.Option("--measure", metavar="NAME", help="What counts as work: operations, nodes, constants, calls or lines."),
    ] = "operations",
    textbook: Annotated[bool, typer.Option(help="Put the textbook rules that can be written as heuristics beside it.")] = True,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Show what nothing dominates in objective and work.

    Work is read off the source and is the same on every machine. The knee is where less work begins to cost much. The hypervolume is the
    share of the area that the front dominates, below twice the objective and ten times the work of the problem's own heuristic.

    Example:
        evoheur front quickstart-1
    """
    second = second_named(measure)
    with open_archive(archive) as opened:
        chosen = find_run(opened, run)
        found = read_front(opened, chosen, second)
    rules: Mapping[str, tuple[float, ...]] = {}
    if textbook and found.records:
        with working("Scoring the textbook rules"):
            rules = textbook_points(chosen, second)
    if as_json:
        print_json(_document(found, rules, chosen.name))
        return
    console = make_console()
    if not found.records:
        say(console, f"No candidate of run {chosen.name} succeeded yet; {suggest(f'failures {chosen.name}', archive)} says why.")
        return
    _print_front(console, found, rules, chosen.name)


def _validated(record: CandidateRecord) -> float | None:
    scored = record.evaluations.get("validation")
    return None if scored is None else scored.objective


def _document(found: CandidateFront, rules: Mapping[str, tuple[float, ...]], run: str) -> FrontDocument:
    points = [
        FrontPointDocument(
            name=f"{run}/{record.candidate.id}",
            objective=record.candidate.objective or 0.0,
            validation_objective=_validated(record),
            work=found.work(record),
            thought=record.candidate.thought,
        )
        for record in found.records
    ]
    return FrontDocument(
        format="front/1",
        run=run,
        objective_kind=next((record.candidate.evaluation.objective_kind for record in found.records), None),
        measure=found.second,
        points=points,
        knee=None if found.knee is None else points[found.knee].name,
        reference=list(found.reference),
        hypervolume=found.hypervolume,
        candidates=found.candidates,
        textbook=[
            FrontPointDocument(name=name, objective=objective, work=work)
            for name, (objective, work) in sorted(rules.items(), key=lambda entry: entry[1])
        ],
    )


def _print_front(console: Console, found: CandidateFront, rules: Mapping[str, tuple[float, ...]], run: str) -> None:
    scale = Scale.of(record.candidate.evaluation for record in found.records)
    train, validation = f"train {scale.value}", "validation"
    say(console, f"Run {run}: what nothing dominates in {scale.value} on train and {found.second}", "bold")
    headings = ["candidate", train, validation, found.second, "thought"]
    table = make_table(console, headings, right=[train, validation, found.second])
    for place, record in enumerate(found.records):
        name = f"{run}/{record.candidate.id}" + (" (knee)" if place == found.knee else "")
        objectives = scale.text(record.candidate.objective), scale.text(_validated(record))
        table.add_row(name, *objectives, f"{found.work(record):g}", one_line(record.candidate.thought))
    for name, (objective, work) in sorted(rules.items(), key=lambda entry: entry[1]):
        table.add_row(name, scale.text(objective), "", f"{work:g}", "textbook rule")
    console.print(table)
    share = (
        f"{found.hypervolume:.1%} of the area below {scale.text(found.reference[0])} and {found.reference[1]:g} {found.second}"
    )
    say(console, f"Chosen from {count(found.candidates, 'candidate')} that work; hypervolume {share}.")
