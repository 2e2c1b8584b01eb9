"""`evoheur run`: a discovery, as a configuration says."""

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console

from evoheur import Evaluation, RunInterrupted, discover, load_config
from evoheur.api.configurations import overrides_of, stem_of
from evoheur.api.rehearsal import Rehearsal, SpendingForecast, rehearse
from evoheur.cli.options import ArchiveOfConfig, ConfigArgument, LogFile, Overrides, Quiet, suggest
from evoheur.cli.terminal.interrupted import end_interrupted, say_stopping, see_that_it_finished
from evoheur.cli.terminal.output import make_console, notice, say, working
from evoheur.cli.terminal.run_display import run_display
from evoheur.observers.number_text import Scale, count, money

__all__ = ["run"]


def run(
    config: ConfigArgument,
    *,
    settings: Overrides = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the run; by default the file's and a number.")] = None,
    archive: ArchiveOfConfig = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything, show first prompts and what they cost, write nothing.")
    ] = False,
    log: LogFile = None,
    quiet: Quiet = False,
) -> None:
    """Discover a heuristic as a configuration says.

    Everything is checked before anything is written or spent. Ctrl-C ends the run in order, and `evoheur resume` goes on with it.

    Example:
        evoheur run quickstart --set budget.evaluations=500
    """
    named = overrides_of({} if name is None else {"name": name})
    loaded = load_config(config, [*(settings or ()), *named], notify=notice)
    url = archive or loaded.archive
    if dry_run:
        with working("Evaluating the problem's own heuristic"):
            rehearsal = rehearse(loaded, archive=url)
        _print_rehearsal(make_console(), rehearsal)
        return
    observers = run_display(url, log=log, quiet=quiet)
    try:
        result = discover(loaded, archive=url, stem=stem_of(config), observers=observers, on_interrupt=say_stopping)
    except RunInterrupted as stop:
        end_interrupted(suggest(f"resume {stop.run}", url))
    see_that_it_finished(result.stopped.run, go_on=suggest(f"resume {result.run}", url))
    if result.unwritten:
        raise typer.Exit(1)


def _print_rehearsal(console: Console, rehearsal: Rehearsal) -> None:
    config, own = rehearsal.config, rehearsal.start
    scale = Scale.of([own])
    say(console, "Dry run: nothing is written and no model is called.", "bold")
    parts_named = f"{config.problem.name}, {config.strategy.kind}, {config.generator.kind}"
    say(console, f"{parts_named}; candidates would run at isolation level {own.level!r}")
    say(console, f"The problem's own heuristic: {scale.text(own.objective)} on {count(rehearsal.instances, 'training instance')}")
    say(console, f"Textbook rules: {_listed(rehearsal.textbook, scale)}")
    for prompt in rehearsal.prompts:
        for message in prompt.messages:
            say(console)
            size = f"about {count(prompt.tokens, 'token')}; {prompt.share:.0%} of the requests"
            say(console, f"First prompt, operator {prompt.operator!r}, {message.role}: ({size})", "bold")
            say(console, message.content)
    if rehearsal.forecast is not None:
        say(console)
        _print_forecast(console, rehearsal.forecast)


def _print_forecast(console: Console, forecast: SpendingForecast) -> None:
    price = "at no known price" if forecast.cost_usd is None else money(forecast.cost_usd)
    sent, received = count(forecast.prompt_tokens, "token"), f"{forecast.completion_tokens:,} received"
    say(
        console,
        f"Estimate for {forecast.limit or 'a part of the run'}: {count(forecast.requests, 'request')}, {sent} sent and {received}, {price}",
        "bold",
    )
    say(
        console,
        f"It assumes four characters to a token, replies of {count(forecast.reply_tokens, 'token')}, a new heuristic in each, and as long "
        "ones in later prompts as the problem's own. What a model thinks aloud, failures and copies come on top.",
    )


def _listed(rules: Mapping[str, Evaluation], scale: Scale) -> str:
    return ", ".join(f"{name} {scale.text(evaluation.objective)}" for name, evaluation in rules.items()) or "none"
