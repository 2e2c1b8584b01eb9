"""Take recordings of runs elsewhere, or repeat a run without a model."""

from pathlib import Path
from typing import Annotated

import typer

from evoheur import ConfigError, RunInterrupted
from evoheur.api import recordings
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, LogFile, Overrides, Quiet, suggest
from evoheur.cli.terminal.interrupted import end_interrupted, say_stopping, see_that_it_finished
from evoheur.cli.terminal.output import make_console, say
from evoheur.cli.terminal.run_display import run_display
from evoheur.observers.number_text import count

__all__ = ["SUBCOMMANDS", "export_run", "import_file", "replay"]

_Run = Annotated[str, typer.Argument(metavar="RUN", help="Name of the run; `evoheur runs` lists them.")]


def export_run(
    run: _Run,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write; JSONL, a line for every request.")],
    *,
    hashes: Annotated[bool, typer.Option("--hashes", help="Write the hashes of prompts in place of their texts.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Write the recording of a run into a file.

    It has the replies, the order of asks and tells, and the configuration without its generator; keys are taken out.

    Example:
        evoheur record export quickstart-1 recording.jsonl
    """
    if file.exists() and not force:
        raise ConfigError(f"{str(file)!r} exists already; name another file, or pass --force to replace it.")
    replies = recordings.export_recording(run, file, archive=archive, whole_prompts=not hashes)
    say(make_console(), f"Wrote {count(replies, 'answer')} of run {run} to {file}.")


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As `evoheur record export` writes it.")],
    *,
    name: Annotated[str | None, typer.Option("--name", help="Name of the run; by default the one that it had.")] = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Store a recording from a file as a run that can be replayed.

    It has requests and replies, and no candidates, which are evaluated when it is replayed.

    Example:
        evoheur record import recording.jsonl --name night-3
    """
    run = recordings.import_recording(file, archive=archive, name=name)
    say(make_console(), f"Stored the recording as run {run}; repeat it with {suggest(f'record replay {run}', archive)}.")


def replay(
    run: _Run,
    *,
    settings: Overrides = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the new run; by default RUN-replay and a number.")] = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    log: LogFile = None,
    quiet: Quiet = False,
) -> None:
    """Repeat a run without a model, in the recorded order.

    The new run has the same configuration and comes to the same rows, unless something changed; then it stops and says where.

    Example:
        evoheur record replay quickstart-1 --name again
    """
    observers = run_display(archive, log=log, quiet=quiet)
    try:
        result = recordings.replay(
            run, settings or (), archive=archive, name=name, observers=observers, on_interrupt=say_stopping
        )
    except RunInterrupted as stop:
        end_interrupted(suggest(f"resume {stop.run}", archive))
    see_that_it_finished(result.stopped.run, go_on=suggest(f"resume {result.run}", archive))
    if result.unwritten:
        raise typer.Exit(1)


SUBCOMMANDS = {"export": export_run, "import": import_file, "replay": replay}
