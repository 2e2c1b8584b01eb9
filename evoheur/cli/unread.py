"""Files of a user's folder that could not be read: named on standard error, and an exit code that says so."""

from collections.abc import Iterable

import typer

from evoheur.cli.output import make_console, say
from evoheur.evaluation.instances import InstanceSet
from evoheur.observers.figures import count

__all__ = ["report_unread"]


def report_unread(sets: Iterable[InstanceSet]) -> None:
    """Name every file that could not be read, with its reason; called last, when all results are printed.

    Raises:
        typer.Exit: There are such files; the exit code is 1.
    """
    reasons = [reason for each in sets for reason in each.unread.values()]
    if not reasons:
        return
    console = make_console(stderr=True)
    for reason in reasons:
        say(console, f"not read: {' '.join(reason.split())}", "red")
    say(console, f"Everything above is without {count(len(reasons), 'file')} that could not be read.", "bold red")
    raise typer.Exit(1)
