"""`evoheur runs`: the runs of an archive, in a table."""

import re
from collections.abc import Sequence

from rich.console import Console

from evoheur import CandidateRecord, RunRecord, Totals, open_archive
from evoheur.api.archives import suggest
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson
from evoheur.cli.terminal.output import make_console, make_table, print_json, say
from evoheur.documents.run_document import kind_of, run_with_best
from evoheur.observers.number_text import Scale, count, money, one_line
from evoheur.observers.number_text import failures as reasons

__all__ = ["runs"]

_FIGURES = ("requests", "evaluations", "tokens", "cost", "best on train")
_FOR_WIDE = ("created (UTC)", "requests", "tokens", "cost")
_WIDE = 130  # columns of a console that all of the table fits on
_NARROW = 100
_NOT_FOR_NARROW = (*_FOR_WIDE, "failures")


def runs(*, archive: ArchiveUrl = DEFAULT_ARCHIVE, as_json: AsJson = False) -> None:
    """List the runs of an archive.

    With what they did and spent, oldest first.

    Example:
        evoheur runs --json
    """
    with open_archive(archive) as opened:
        found = [(run, opened.totals(run.id), opened.chosen(run.name)) for run in opened.runs()]
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
        "best on train": "-" if champion is None else Scale.of([champion.candidate.evaluation]).text(totals.best_objective),
        "failures": reasons(totals.failures, most=3),
    }


def _short(name: str) -> str:
    """The last part of a folder's path or of "package.module:Class"."""
    return one_line(re.split(r"[/:]", name.rstrip("/"))[-1])
