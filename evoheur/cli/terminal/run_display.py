"""The observers of a run that a command starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evoheur import Observer
from evoheur.api.archives import archive_option_for
from evoheur.api.discover import Looking
from evoheur.cli.terminal.output import make_console, warn_of_compiling
from evoheur.observers.console import ConsoleObserver
from evoheur.observers.jsonl import JsonlObserver

__all__ = ["run_display"]


def run_display(url: str, *, log: Path | None, quiet: bool) -> list[Looking]:
    """The observers of a run that the command line brings.

    A log of events, if wanted, and the terminal, unless it is to be quiet. Nothing is opened before a run has been checked and enters
    them.
    """
    return [*([_logging(log)] if log is not None else []), *([] if quiet else [_showing(url)])]


@contextmanager
def _logging(file: Path) -> Iterator[Observer]:
    with JsonlObserver(file) as observer:
        yield observer


@contextmanager
def _showing(url: str) -> Iterator[Observer]:
    warn_of_compiling()
    with ConsoleObserver(make_console(), command_options=archive_option_for(url)) as observer:
        yield observer
