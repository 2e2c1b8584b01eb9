"""Messages where a run is interrupted or fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from evoheur import ArchiveError, EvoheurError, RunRecord

__all__ = ["INTERRUPTED", "RunFailed", "end_interrupted", "going_on", "say_stopping", "see_that_it_finished"]

INTERRUPTED = 130
"""The exit code."""


class RunFailed(EvoheurError):
    """A run that stopped because something it needs failed; it can be resumed."""


def say_stopping() -> None:
    """Say what the first and a second Ctrl-C do."""
    typer.echo("Stopping: what is in flight is being finished. Press Ctrl-C again to stop at once.", err=True)


def end_interrupted(go_on: str) -> NoReturn:
    """End an interrupted command, and say how to continue.

    Args:
        go_on: The command that goes on, as messages name it.
    """
    typer.echo(f"Interrupted; nothing that was paid for is lost. Go on with {go_on}.", err=True)
    raise typer.Exit(INTERRUPTED)


def see_that_it_finished(run: RunRecord, *, go_on: str) -> None:
    """End the command, unless a run is finished.

    Says what there is to do.

    Args:
        run: As it is stored now.
        go_on: The command that goes on, as messages name it.

    Raises:
        RunFailed: It stopped early; says why and how to go on.
    """
    if run.status == "interrupted":
        end_interrupted(go_on)
    if run.status != "finished":
        raise RunFailed(f"Run {run.name} failed: {run.reason} Once that is mended, go on with {go_on}.")


@contextmanager
def going_on(go_on: str) -> Iterator[None]:
    """Say how to continue where an archive fails that was opened before.

    Such as one on a server that has gone away.

    Args:
        go_on: The command that goes on, as messages name it.
    """
    try:
        yield
    except ArchiveError as error:
        raise type(error)(f"{error} Then go on with {go_on}.") from error
