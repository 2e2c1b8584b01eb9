"""`evoheur sweep`: runs of every strategy with every seed.

One after another in one archive, with the comparison at the end.
"""

import shlex
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from evoheur import load_config
from evoheur.api.configurations import folder_beside, stem_of
from evoheur.api.interruption import Interruption
from evoheur.api.sweep_plan import PlannedRun, SweepPlan, make_plan
from evoheur.api.sweep_runs import Sweep, open_sweep
from evoheur.cli.options import ArchiveOfConfig, AsJson, ConfigArgument, Overrides, archive_option_for
from evoheur.cli.tables.arm_tables import print_equal_budget
from evoheur.cli.terminal.interrupted import INTERRUPTED, going_on, say_stopping, see_that_it_finished
from evoheur.cli.terminal.output import make_console, notice, print_json, say, working
from evoheur.cli.terminal.sweep_progress import SayingProgress, closing_line
from evoheur.report.comparison_as_document import comparison_document
from evoheur.report.equal_budget import EqualBudget

__all__ = ["sweep"]


def sweep(  # noqa: PLR0913 - a command has as many parameters as it has options
    config: ConfigArgument,
    *,
    strategies: Annotated[
        str,
        typer.Option(
            "--strategies",
            metavar="KIND,…",
            help="Kinds of strategies, or NAME=FILE for the strategy that another configuration has.",
        ),
    ],
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Each strategy runs with the seeds 1 to this.")] = 5,
    settings: Overrides = None,
    controls: Annotated[
        bool, typer.Option("--controls/--no-controls", help="Add the control arms, es as (1+1) and random, if they are missing.")
    ] = True,
    name: Annotated[str | None, typer.Option("--name", help="Name of the sweep; by default the file's.")] = None,
    archive: ArchiveOfConfig = None,
    as_json: AsJson = False,
) -> None:
    """Run several strategies with several seeds, and compare them.

    All of them have one problem and one budget.

    The control arms come with them: es, which is the plain loop (1+1), and random sampling. The first sentence below the tables says
    whether a strategy beats (1+1).

    Runs are named SWEEP-STRATEGY-SEED. The same command again goes on: it skips what is finished, resumes what is not, and takes more
    seeds, more strategies or a larger budget. A strategy has the settings of CONFIG if it is of the kind there, else its defaults.

    Example:
        evoheur sweep quickstart --strategies eoh,reevo --seeds 8
    """
    loaded = load_config(config, settings or (), notify=notice)
    stem = name or loaded.name or stem_of(config)
    plan = make_plan(loaded, strategies, seeds, name=stem, beside=folder_beside(config), controls=controls)
    again = ["evoheur", "sweep", config, "--strategies", strategies, "--seeds", str(seeds), "--name", plan.name]
    again += [] if controls else ["--no-controls"]
    again += [word for setting in settings or () for word in ("--set", setting)]
    again += [] if archive is None else shlex.split(archive_option_for(archive))
    go_on = f"`{shlex.join(again)}`"
    console = make_console(stderr=as_json)
    try:
        found = _carried(plan, archive or loaded.archive, go_on=go_on, console=console)
    except KeyboardInterrupt:
        _end_early(go_on)
    if as_json:
        print_json(comparison_document(found, sweep=plan.name))
    else:
        say(console)
        print_equal_budget(console, found)


def _carried(plan: SweepPlan, url: str, *, go_on: str, console: Console) -> EqualBudget:
    """Carry out every run, and compare them."""
    with working("Preparing the problem"):
        prepared = open_sweep(plan, url)
    with going_on(go_on), prepared as sweeping:
        for place, planned in enumerate(plan.runs, start=1):
            _carry(sweeping, planned, place=f"[{place}/{len(plan.runs)}]", go_on=go_on, console=console)
        with working("Reading runs"):
            return sweeping.comparison()


def _carry(sweeping: Sweep, planned: PlannedRun, *, place: str, go_on: str, console: Console) -> None:
    interruption = Interruption(say_stopping)
    with working(f"{place} {planned.name}") as saying:
        done = sweeping.carry(planned, [SayingProgress(saying)], interruption)
    see_that_it_finished(done.run, go_on=go_on)
    was = " was" if done.was_finished else ""
    say(console, f"{place} {planned.name}{was} {closing_line(done)}")
    if interruption.asked:
        _end_early(go_on)


def _end_early(go_on: str) -> NoReturn:
    """End a sweep early, and say how to continue."""
    typer.echo(f"Interrupted; what is finished stays. Go on with {go_on}.", err=True)
    raise typer.Exit(INTERRUPTED)
