"""The display of a run for people.

A live display on a terminal, plain lines elsewhere, and a summary at the end of both.
"""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console

from evoheur.archive.records import Totals
from evoheur.observers.live_display import LiveDisplay
from evoheur.observers.plain_lines import PlainLines
from evoheur.observers.progress import Progress
from evoheur.observers.run_summary import print_summary
from evoheur.run.events import Event, RunStopped

__all__ = ["ConsoleObserver"]


class _View(Protocol):
    def show(self, event: Event) -> None: ...

    def report(self) -> None: ...

    def close(self) -> None: ...


class ConsoleObserver:
    """Shows a run on a console.

    Use it as a context manager: a run that ends with an exception says nothing to its observers, and the terminal must be given back.

    Args:
        console: Where to write; an interactive one gets the live display.
        clock: Seconds that only move forward.
        command_options: Added to each command that the summary suggests, such as "--archive sqlite:///other.db".
    """

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic, command_options: str = "") -> None:
        self._console = console
        self._command_options = command_options
        self._progress = Progress(clock)
        interactive = console.is_interactive
        self._view: _View = LiveDisplay(console, self._progress) if interactive else PlainLines(console, self._progress, clock)

    def notify(self, event: Event) -> None:
        """See `Observer.notify`.

        Raises:
            BrokenPipeError: Whoever read the output is gone.
        """
        try:
            self._progress.hear(event)
            self._view.show(event)
            if isinstance(event, RunStopped):
                print_summary(self._console, event, command_options=self._command_options)
        except SystemExit as error:  # rich leaves the program when a pipe breaks, which would end a run that is paid for
            raise BrokenPipeError("nobody reads the console's output any more") from error

    def count(self, totals: Totals) -> None:
        """Take in what was done by now, where no event says so.

        As of a run that is watched through its archive.

        Raises:
            BrokenPipeError: Whoever read the output is gone.
        """
        try:
            self._progress.count(totals)
            self._view.report()
        except SystemExit as error:
            raise BrokenPipeError("nobody reads the console's output any more") from error

    def close(self) -> None:
        """Give the terminal back; harmless when repeated."""
        self._view.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
