"""`evoheur discoveries`: what configurations discover with several seeds, in tables beside the textbook rules."""

import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evoheur import ConfigError, load_config
from evoheur.api.configurations import folder_beside, stem_of
from evoheur.api.discovery_tables import discovery_tables
from evoheur.api.interruption import Interruption
from evoheur.api.sweep_plan import SweepPlan, make_plan
from evoheur.api.sweep_runs import open_sweep
from evoheur.cli.options import ArchiveOfConfig, Overrides, archive_option_for
from evoheur.cli.tables.family_columns_table import print_discovery_table
from evoheur.cli.terminal.interrupted import INTERRUPTED, going_on, say_stopping, see_that_it_finished
from evoheur.cli.terminal.output import make_console, notice, say, working
from evoheur.cli.terminal.sweep_progress import SayingProgress, closing_line

__all__ = ["discoveries"]


def discoveries(
    configs: Annotated[
        list[str],
        typer.Argument(metavar="CONFIG…", help="Configurations: files, or names that ship with evoheur.", show_default=False),
    ],
    *,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Each configuration runs with the seeds 1 to this.")] = 3,
    settings: Overrides = None,
    archive: ArchiveOfConfig = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the tables to this file too, as Markdown.")] = None,
) -> None:
    """Discover with several seeds, and compare with the textbook rules by family.

    Every configuration runs with every seed. The best of each run (on validation, among the best on train) is scored on train, validation
    and test. The same command again goes on: it skips what is finished, and resumes what is not.

    Example:
        evoheur discoveries eoh_tsp_insertion --seeds 3
    """
    console = make_console()
    again = ["evoheur", "discoveries", *configs, "--seeds", str(seeds)]
    again += [word for setting in settings or () for word in ("--set", setting)]
    again += [] if archive is None else shlex.split(archive_option_for(archive))
    go_on = f"`{shlex.join([*again, *([] if output is None else ['--output', str(output)])])}`"
    texts = []
    for config in configs:
        loaded = load_config(config, settings or (), notify=notice)
        plan = make_plan(loaded, loaded.strategy.kind, seeds, name=loaded.name or stem_of(config), beside=folder_beside(config))
        url = archive or loaded.archive
        _carry_out(plan, url, go_on=go_on, console=console)
        with going_on(go_on):
            texts.append(_tabulated(plan, url, console))
    if output is None:
        return
    try:
        output.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(output)!r} cannot be written ({error.strerror}); name a file that you may write.") from error
    typer.echo(f"Wrote the tables to {output}.", err=True)


def _carry_out(plan: SweepPlan, url: str, *, go_on: str, console: Console) -> None:
    with working("Preparing the problem"):
        prepared = open_sweep(plan, url)
    with going_on(go_on), prepared as sweeping:
        for planned in plan.runs:
            interruption = Interruption(say_stopping)
            with working(planned.name) as saying:
                done = sweeping.carry(planned, [SayingProgress(saying)], interruption)
            see_that_it_finished(done.run, go_on=go_on)
            say(console, f"{planned.name}{' was' if done.was_finished else ''} {closing_line(done)}")
            if interruption.asked:
                typer.echo(f"Interrupted; what is finished stays. Go on with {go_on}.", err=True)
                raise typer.Exit(INTERRUPTED)


def _tabulated(plan: SweepPlan, url: str, console: Console) -> str:
    parts = [f"## {plan.name}", f"Problem `{plan.runs[0].config.problem.name}`; gaps in percent."]
    say(console)
    say(console, parts[0], "bold")
    with working("Scoring") as saying:
        tables = discovery_tables(url, plan, saying)
    for table in tables:
        block = [f"### {table.split}", table.markdown(), table.conclusions()]
        parts += block
        if console.is_terminal:
            say(console, table.split, "bold")
            print_discovery_table(console, table)
            say(console, table.conclusions())
        else:
            say(console, "\n\n".join(block))
        say(console)
    return "\n\n".join(parts)
