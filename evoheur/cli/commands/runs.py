"""`evoheur runs`: the runs of an archive, in a table, and what their user files them under."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from evoheur import CandidateRecord, RunRecord, Totals, open_archive
from evoheur.api.archives import suggest
from evoheur.cli.filing_commands import delete, note, refuse_options_of_list, rename, tag
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson
from evoheur.cli.terminal.output import make_console, make_table, print_json, say
from evoheur.documents.run_document import kind_of, run_with_best
from evoheur.observers.number_text import Scale, count, money, one_line
from evoheur.observers.number_text import failures as reasons

__all__ = ["SUBCOMMANDS", "runs"]

_FIGURES = ("requests", "evaluations", "tokens", "cost", "best on train")
_LEAST_USEFUL = ("created (UTC)", "requests", "tokens", "cost", "failures", "tags", "bred by", "problem", "evaluations")


def runs(
    context: typer.Context,
    *,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Only those with this tag; may be repeated.")
    ] = None,
) -> None:
    """List the runs of an archive.

    With what they did and spent, oldest first.

    Example:
        evoheur runs --json
    """
    if context.invoked_subcommand is not None:
        refuse_options_of_list(context)
        return
    with open_archive(archive) as opened:
        held = [run for run in opened.runs() if set(tags or ()) <= set(run.tags)]
        found = [(run, opened.totals(run.id), opened.chosen(run.name)) for run in held]
    if as_json:
        print_json([run_with_best(*entry) for entry in found])
        return
    console = make_console()
    if not found and tags:
        say(console, f"The archive holds no run with the tag {' and '.join(map(repr, tags))}.")
        return
    if not found:
        say(console, f"The archive holds no run yet; start one with {suggest('run CONFIG', archive)}.")
        return
    _print_runs(console, found)


def _print_runs(console: Console, found: Sequence[tuple[RunRecord, Totals, CandidateRecord | None]]) -> None:
    rows = [_run_cells(*entry) for entry in found]
    columns = [column for column in rows[0] if column != "tags" or any(run.tags for run, *_ in found)]
    wrapped = ["problem", "bred by", "failures", "tags"]
    table = make_table(console, columns, right=_FIGURES, wrap=wrapped, least_useful=_LEAST_USEFUL)
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
        "best on train": "-" if champion is None else Scale.of([champion.candidate.evaluation]).text(totals.best_objective),
        "failures": reasons(totals.failures, most=3),
        "tags": one_line(", ".join(run.tags)),
    }


def _short(name: str) -> str:
    """The last part of a folder's path or of "package.module:Class"."""
    return one_line(re.split(r"[/:]", name.rstrip("/"))[-1])


SUBCOMMANDS = {"rename": rename, "tag": tag, "note": note, "delete": delete}
