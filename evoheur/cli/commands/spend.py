"""`evoheur spend`: what a run spent, and what it got for it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

import typer
from rich.console import Console

from evoheur import open_archive
from evoheur.api.archives import find_run
from evoheur.api.run_health import health_of_run
from evoheur.api.spent_by_run import QualityLevel, SpendingShare, spent_by_run
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, MaybeRun
from evoheur.cli.tables.health_tables import print_health
from evoheur.cli.terminal.output import make_console, make_table, print_json, say, share
from evoheur.observers.number_text import Scale, count, money, one_line, spent
from evoheur.report.spending_as_document import spending_document

__all__ = ["spend"]

_PARTS = ("cached", "reasoning", "estimated")  # are shown where there are any
_FIGURES = (
    "requests",
    "tokens",
    "sent",
    "received",
    *_PARTS,
    "cost",
    "of use",
    "solved",
    "bests",
    "gain",
    "$ per point",
    "objective",
)
_LEAST_USEFUL = ("estimated", "reasoning", "cached", "sent", "received", "$ per point", "bests", "solved", "gain", "requests")


def spend(
    run: MaybeRun = None,
    *,
    prices: Annotated[
        Literal["then", "now"],
        typer.Option(
            "--prices", help="Prices of the time of the replies, or of now: by the run's configuration and the present table."
        ),
    ] = "then",
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Show what a run spent, and what it got for it.

    By operator and by model: replies of use, and by how much they improved the best. What each level of quality took. And the health of the
    run: which share of all replies, and of the last 100, is valid, new, and better than its parents.

    Example:
        evoheur spend quickstart-1
    """
    with open_archive(archive) as opened:
        chosen = find_run(opened, run)
        spending = spent_by_run(opened, chosen, present_prices=prices == "now")
        health = health_of_run(opened, chosen)
        totals, champion = opened.totals(chosen.id), opened.chosen(chosen.name)
    if as_json:
        print_json(spending_document(chosen.name, spending, health))
        return
    console = make_console()
    if prices == "now":
        costs = [share.cost_usd for share in spending.models if share.cost_usd is not None]
        totals = replace(totals, cost_usd=sum(costs) if costs else None)
    say(console, f"Run {chosen.name}: {spent(totals)}", "bold")
    if spending.prices:
        sources = ", ".join(f"{one_line(source)} for {count(number)}" for source, number in spending.prices.items())
        say(console, f"Prices of replies: {sources}")
    for what, shares in (("operator", spending.operators), ("model", spending.models)):
        if shares:
            say(console)
            _print_shares(console, what, shares)
    if spending.levels:
        say(console)
        scale = Scale.of([] if champion is None else [champion.candidate.evaluation])
        _print_levels(console, spending.levels, scale, chosen.name)
    if health.whole.all.replies:
        print_health(console, health)


def _print_shares(console: Console, what: str, shares: Sequence[SpendingShare]) -> None:
    rows = [_cells(what, each) for each in shares]
    told = {part for part in _PARTS if any(row[part] != "0" for row in rows)}
    columns = [column for column in rows[0] if column not in _PARTS or column in told]
    table = make_table(console, columns, right=_FIGURES, wrap=[what], least_useful=_LEAST_USEFUL)
    for row in rows:
        table.add_row(*(row[column] for column in columns))
    console.print(table)


def _cells(what: str, each: SpendingShare) -> dict[str, str]:
    return {
        what: one_line(each.name),
        "requests": count(each.requests),
        "tokens": count(each.tokens),
        "sent": count(each.prompt_tokens),
        "cached": count(each.cached_tokens),
        "received": count(each.completion_tokens),
        "reasoning": count(each.reasoning_tokens),
        "estimated": count(each.estimated_tokens),
        "cost": "-" if each.cost_usd is None else money(each.cost_usd),
        "of use": f"{share(each.useful, each.requests):.0%}",
        "solved": count(each.solved),
        "bests": count(each.bests),
        "gain": f"{each.gain:.4g}",
        "$ per point": "-" if each.usd_per_gain is None else money(each.usd_per_gain),
    }


def _print_levels(console: Console, levels: Sequence[QualityLevel], scale: Scale, run: str) -> None:
    table = make_table(
        console, ["objective", "candidate", "requests", "tokens", "cost"], right=_FIGURES, least_useful=["requests"]
    )
    for level in levels:
        price = "-" if level.cost_usd is None else money(level.cost_usd)
        cells = (scale.text(level.objective), f"{run}/{level.candidate}", count(level.requests), count(level.tokens), price)
        table.add_row(*cells)
    console.print(table)
