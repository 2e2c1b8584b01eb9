"""`evoheur runs`, `best` and `failures`: what the archive holds, in tables."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from evoheur.archive.archive import Archive
from evoheur.archive.records import CandidateRecord, FailureGroup, RunRecord, Totals
from evoheur.candidate import Evaluation
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, MaybeRun, suggest
from evoheur.cli.output import make_console, make_table, print_code, print_json, say, share
from evoheur.cli.reference import find_run
from evoheur.documents.candidate_document import candidate_document
from evoheur.documents.failure_document import failure_document
from evoheur.documents.run_document import kind_of, run_with_best
from evoheur.observers.figures import Scale, breeding, count, money, one_line
from evoheur.observers.figures import failures as reasons
from evoheur.problem import SPLITS

__all__ = ["best", "failures", "runs"]

_FIGURES = ("requests", "evaluations", "tokens", "cost", "best on train")
_FOR_WIDE = ("created (UTC)", "requests", "tokens", "cost")
_WIDE = 130  # columns of a console that all of the table fits on
_NARROW = 100
_NOT_FOR_NARROW = (*_FOR_WIDE, "failures")


def runs(*, archive: ArchiveUrl = DEFAULT_ARCHIVE, as_json: AsJson = False) -> None:
    """List the runs, oldest first, with what they did and spent."""
    with Archive.open(archive, read_only=True) as opened:
        found = [(run, opened.totals(run.id), next(iter(opened.best(run.name, 1)), None)) for run in opened.runs()]
    if as_json:
        print_json([run_with_best(*entry) for entry in found])
        return
    console = make_console()
    if not found:
        say(console, f"The archive holds no run yet; start one with {suggest('run CONFIG', archive)}.")
        return
    _print_runs(console, found)


def _print_runs(console: Console, found: Sequence[tuple[RunRecord, Totals, CandidateRecord | None]]) -> None:
    rows = [_run_cells(*entry) for entry in found]
    left_out = () if console.width >= _WIDE else _FOR_WIDE if console.width >= _NARROW else _NOT_FOR_NARROW
    columns = [column for column in rows[0] if column not in left_out]
    table = make_table(console, columns, right=_FIGURES, wrap=["problem", "bred by", "failures"])
    for row in rows:
        table.add_row(*(row[column] for column in columns))
    console.print(table)


def _run_cells(run: RunRecord, totals: Totals, champion: CandidateRecord | None) -> dict[str, str]:
    return {
        "run": run.name,
        "status": run.status,
        "problem": _short(run.problem),
        "bred by": f"{_short(kind_of(run.config, 'strategy'))}, {_short(kind_of(run.config, 'generator'))}",
        "created (UTC)": f"{run.created_at:%Y-%m-%d %H:%M}",
        "requests": count(totals.requests),
        "evaluations": count(totals.evaluations),
        "tokens": count(totals.tokens),
        "cost": "-" if totals.cost_usd is None else money(totals.cost_usd),
        "best on train": "-"
        if champion is None
        else Scale.of([champion.candidate.evaluation]).text(champion.candidate.objective),
        "failures": reasons(totals.failures, most=3),
    }


def _short(name: str) -> str:
    """The last part of a folder's path or of "package.module:Class"."""
    return one_line(re.split(r"[/:]", name.rstrip("/"))[-1])


def best(
    run: MaybeRun = None,
    *,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many.")] = 5,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Show the best heuristics of a run, best on train first, and the code of the first."""
    with Archive.open(archive, read_only=True) as opened:
        chosen = find_run(opened, run)
        records = opened.best(chosen.name, number)
    if as_json:
        print_json([candidate_document(record) for record in records])
        return
    console = make_console()
    if not records:
        say(console, f"No candidate of run {chosen.name} succeeded yet; {suggest(f'failures {chosen.name}', archive)} says why.")
        return
    _print_best(console, records)
    say(console)
    say(console, f"{records[0].id}: {records[0].candidate.thought or 'no thought given'}", "bold")
    print_code(console, records[0].candidate.code)


def _print_best(console: Console, records: Sequence[CandidateRecord]) -> None:
    scale = Scale.of(record.candidate.evaluation for record in records)
    columns = [f"{split} {scale.value}" for split in SPLITS]
    table = make_table(console, ["candidate", "bred by", *columns, "thought"], right=columns, wrap=["bred by", "thought"])
    for record in records:
        scores = [_score(record.evaluations.get(split), scale) for split in SPLITS]
        thought = Text(one_line(record.candidate.thought, console.encoding))
        table.add_row(record.id, breeding(record.candidate), *scores, thought)
    console.print(table)


def _score(evaluation: Evaluation | None, scale: Scale) -> str:
    if evaluation is None:
        return "-"
    return evaluation.status.value if evaluation.objective is None else scale.text(evaluation.objective)


def failures(run: MaybeRun = None, *, archive: ArchiveUrl = DEFAULT_ARCHIVE, as_json: AsJson = False) -> None:
    """Show what failed in a run by reason, with examples."""
    with Archive.open(archive, read_only=True) as opened:
        chosen = find_run(opened, run)
        groups = opened.failures(chosen.name)
        totals = opened.totals(chosen.id)
    if as_json:
        print_json([failure_document(group, run=chosen.name, requests=totals.requests) for group in groups])
        return
    console = make_console()
    if not groups:
        say(console, f"Nothing failed in the {count(totals.requests, 'request')} of run {chosen.name}.")
        return
    failed = sum(group.count for group in groups)
    of_all = f"{count(failed)} of {count(totals.requests, 'request')} ({share(failed, totals.requests):.1%})"
    say(console, f"Run {chosen.name}: {of_all} failed", "bold")
    table = make_table(
        console, ["stage", "reason", "count", "share", "for example"], right=["count", "share"], wrap=["for example"]
    )
    for group in groups:
        examples = Text("\n".join(one_line(line, console.encoding) for line in _examples(group, chosen.name)))
        table.add_row(group.stage, group.reason, count(group.count), f"{share(group.count, totals.requests):.1%}", examples)
    console.print(table)


def _examples(group: FailureGroup, run: str) -> list[str]:
    return [
        f"{f'request {example.request}' if example.candidate is None else f'{run}/{example.candidate}'} "
        f"({example.operator}): {example.detail}"
        for example in group.examples[:2]
    ]
