"""A run as a display that redraws itself on a terminal."""

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from evoheur.observers.number_text import internal_error, one_line
from evoheur.observers.progress import Progress
from evoheur.observers.progress_rows import budget_words, progress_rows, step_words
from evoheur.observers.run_header import header
from evoheur.run.events import Event, InternalError, Preparing, RunStarted, RunStopped

__all__ = ["LiveDisplay"]

_REFRESHES_PER_SECOND = 4
_BAR_WIDTH = 24


class LiveDisplay:
    """Shows a run on a terminal, redrawn in place.

    At most four times a second in a thread of its own, whatever the number of events; leaves no trace when it ends.

    Args:
        console: An interactive terminal.
        progress: Has heard of every event before this has.
    """

    def __init__(self, console: Console, progress: Progress) -> None:
        self._console = console
        self._progress = progress
        self._live: Live | None = None
        self._spinner = Spinner("dots" if console.encoding == "utf-8" else "line")

    def show(self, event: Event) -> None:
        """Start or end the display with the run.

        What happens between is read from the progress at each redraw, but for internal errors.
        """
        if isinstance(event, Preparing) and self._live is None:
            self._begin()
        elif isinstance(event, RunStarted):
            self._start(event)
        elif isinstance(event, InternalError) and not event.again:
            self._console.print(Text(one_line(internal_error(event), self._console.encoding, width=1000), style="yellow"))
        elif isinstance(event, RunStopped):
            self.close()

    def report(self) -> None:
        """Nothing to do: each redraw asks the progress."""

    def close(self) -> None:
        """Give the terminal back; harmless when repeated."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _start(self, event: RunStarted) -> None:
        self.close()
        self._console.print(Text(header(event, self._console.encoding), style="bold"))
        self._begin()

    def _begin(self) -> None:
        self._live = Live(
            console=self._console, get_renderable=self.picture, refresh_per_second=_REFRESHES_PER_SECOND, transient=True
        )
        self._live.start()

    def picture(self) -> RenderableType:
        """The display as of now."""
        if self._progress.started is None:
            self._spinner.update(text=step_words(self._progress, self._console.encoding))
            return self._spinner
        rows = Table.grid(padding=(0, 2))
        rows.add_column(style="dim", no_wrap=True, overflow="crop")
        rows.add_column(overflow="fold")
        for name, value in progress_rows(self._progress, self._console.encoding):
            rows.add_row(name, value)
        return Padding(Group(self._budget(), rows), (0, 1))

    def _budget(self) -> RenderableType:
        progress = self._progress
        words = budget_words(progress)
        if progress.share is None:
            return Text(words)
        line = Table.grid(padding=(0, 1))
        for _ in range(3):
            line.add_column(overflow="fold")
        line.add_row(
            ProgressBar(total=1.0, completed=progress.share, width=_BAR_WIDTH), Text(f"{progress.share:4.0%}"), Text(words)
        )
        return line
