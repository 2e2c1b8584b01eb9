"""A run as a display in a notebook's cell.

Each picture takes the place of the last. Jupyter and marimo are asked by what they have loaded themselves; neither is a dependency.
"""

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from evoheur import html_fragments
from evoheur.observers.number_text import internal_error
from evoheur.observers.progress import Progress
from evoheur.observers.progress_rows import budget_words, progress_rows, step_words
from evoheur.run.events import Event, InternalError, NewBest, RunStarted, RunStopped

__all__ = ["NotebookDisplay", "notebook_output"]

_LEAST_SECONDS = 0.5  # between two pictures, each of which goes to the browser
_WIDTH, _HEIGHT, _MARGIN = 420, 90, 6  # of the curve, in pixels


def notebook_output() -> Callable[[str], None] | None:
    """What shows HTML in the cell that runs now.

    In place of what it showed before; None outside of notebooks. In marimo that is the cell's output, in Jupyter a display of the cell's
    own. It is to be called in the cell's thread.
    """
    marimo: Any = sys.modules.get("marimo")
    if marimo is not None and marimo.running_in_notebook():
        return lambda html: marimo.output.replace(marimo.Html(html))
    shell = _jupyter_shell()
    return None if shell is None else _JupyterOutput()


def _jupyter_shell() -> Any:
    """The shell of the Jupyter kernel that this process is.

    None in a terminal, also in that of IPython.
    """
    ipython: Any = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell if getattr(shell, "kernel", None) is not None else None


class _JupyterOutput:
    def __init__(self) -> None:
        self._handle: Any = None

    def __call__(self, html: str) -> None:
        display: Any = sys.modules["IPython.display"]  # which every kernel has loaded
        if self._handle is None:
            self._handle = display.display(display.HTML(html), display_id=True)
        else:
            self._handle.update(display.HTML(html))


class NotebookDisplay:
    """Shows a run in a notebook's cell.

    Drawn in the thread that made it, which is the cell's: at an event that is heard there, and whenever `draw` is called there, at most
    twice a second. Where the run is in a thread of its own, the cell's thread calls `draw` while it waits.

    Args:
        show: Takes HTML in place of the last; see `notebook_output`.
        clock: Seconds that only move forward.
    """

    def __init__(self, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._show = show
        self._clock = clock
        self._progress = Progress(clock)
        self._thread = threading.get_ident()
        self._lock = threading.RLock()
        self._drawn_at = -_LEAST_SECONDS + clock()
        self._course: list[tuple[int, float]] = []
        self._errors: list[str] = []
        self._ending = ""

    def notify(self, event: Event) -> None:
        """See `Observer.notify`."""
        with self._lock:
            self._progress.hear(event)
            if isinstance(event, RunStarted):
                own = event.baseline.objective
                self._course = [] if own is None else [(0, own)]
                self._ending, self._errors = "", []
            elif isinstance(event, NewBest) and event.candidate.objective is not None:
                self._course.append((event.totals.evaluations, event.candidate.objective))
            elif isinstance(event, InternalError) and not event.again:
                self._errors.append(internal_error(event))
            elif isinstance(event, RunStopped):
                self._ending = f"{event.run.status}: {event.run.reason}"
        self.draw()

    def draw(self, *, at_once: bool = False) -> None:
        """Show how the run stands.

        Only if this is the cell's thread, and the last picture is old enough.
        """
        if threading.get_ident() != self._thread:
            return
        if at_once or self._clock() - self._drawn_at >= _LEAST_SECONDS:
            self._drawn_at = self._clock()
            with self._lock:
                html = self.picture()
            self._show(html)

    def picture(self) -> str:
        """The display as of now, as HTML."""
        progress, fragments = self._progress, html_fragments
        if progress.started is None:
            return fragments.paragraph(step_words(progress).plain if progress.step else "Preparing …")
        head = f"Run {progress.started.run.name}" + (f" {self._ending}" if self._ending else "")
        share = 1.0 if self._ending else progress.share
        return "".join(
            [
                fragments.paragraph(head, strong=True),
                "" if progress.share is None or share is None else _bar(share),
                fragments.paragraph(budget_words(progress)),
                self._curve(),
                fragments.table((), [(name, text.plain) for name, text in progress_rows(progress)]),
                *(fragments.paragraph(words) for words in self._errors),
            ]
        )

    def _curve(self) -> str:
        """The best so far on train over evaluations, as steps.

        Nothing before there are two of them.
        """
        progress = self._progress
        if len(self._course) < 2 or progress.started is None:
            return ""
        last, values = max(1, progress.totals.evaluations), [value for _, value in self._course]
        low, high = min(values), max(values)
        span = (high - low) or 1.0
        points: list[str] = []
        for place, (evaluations, value) in enumerate([*self._course, (last, self._course[-1][1])]):
            across = _MARGIN + (_WIDTH - 2 * _MARGIN) * evaluations / last
            down = _MARGIN + (_HEIGHT - 2 * _MARGIN) * (high - value) / span
            if place:
                points.append(f"{across:.1f},{points[-1].partition(',')[2]}")
            points.append(f"{across:.1f},{down:.1f}")
        words = f"best on train, from {progress.scale.text(high)} to {progress.scale.text(low)}"
        return (
            f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{words}">'
            f"<title>{words}</title>"
            f'<polyline fill="none" stroke="#0072b2" stroke-width="2" points="{" ".join(points)}"/></svg>'
        )


def _bar(share: float) -> str:
    percent = f"{min(1.0, max(0.0, share)):.0%}"
    return (
        f'<div style="width:{_WIDTH}px;border:1px solid #8888;border-radius:3px" role="progressbar" aria-valuenow="{percent[:-1]}">'
        f'<div style="width:{percent};background:#0072b2;height:10px"></div></div>'
    )
