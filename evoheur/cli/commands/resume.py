"""`evoheur resume`: the continuation of a run."""

from typing import Annotated

import typer

from evoheur import Result, RunInterrupted
from evoheur import resume as go_on_with
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, LogFile, Overrides, Quiet, archive_option_for, suggest
from evoheur.cli.terminal.interrupted import end_interrupted, say_stopping, see_that_it_finished
from evoheur.cli.terminal.output import make_console, notice, say
from evoheur.cli.terminal.run_display import run_display
from evoheur.observers.run_summary import print_summary

__all__ = ["resume"]


def resume(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name of the run; `evoheur runs` lists them.")],
    *,
    settings: Overrides = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    log: LogFile = None,
    quiet: Quiet = False,
) -> None:
    """Continue a run that was stopped, or extend its budget.

    No stored reply is asked for again. Budgets, in_flight, validation, executor, sandbox, generator and prompt_facts may be changed.

    Example:
        evoheur resume quickstart-1 --set budget.evaluations=5000
    """
    again = suggest(f"resume {run}", archive)
    observers = run_display(archive, log=log, quiet=quiet)
    try:
        result = go_on_with(run, settings or (), archive=archive, observers=observers, on_interrupt=say_stopping, notify=notice)
    except RunInterrupted:
        end_interrupted(again)
    if result.was_finished:
        if not quiet:
            _print_finished(result, archive)
        return
    see_that_it_finished(result.stopped.run, go_on=again)
    if result.unwritten:
        raise typer.Exit(1)


def _print_finished(result: Result, archive: str) -> None:
    console = make_console()
    extended = suggest(f"resume {result.run} --set {result.config.budget.extended(result.spent)}", archive)
    say(console, f"Run {result.run} is finished ({result.reason}); to go on, extend its budget, such as {extended}.")
    print_summary(console, result.stopped, command_options=archive_option_for(archive))
