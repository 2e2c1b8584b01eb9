"""A run as plain lines, for logs and pipes.

Few enough to read, each whole on one line.
"""

import contextlib
import threading
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from evoheur.observers.conclusions import audit_sentence
from evoheur.observers.number_text import (
    breeding,
    count,
    duration,
    estimated,
    evaluations_of_budget,
    failures,
    internal_error,
    money,
    one_line,
)
from evoheur.observers.outage_text import outage_sentence
from evoheur.observers.progress import Progress
from evoheur.observers.run_header import header
from evoheur.run.events import (
    BestAudited,
    Event,
    InternalError,
    NewBest,
    OutageNews,
    Preparing,
    RunStarted,
    RunStopped,
    SpendingEstimated,
    Throttled,
)

__all__ = ["PlainLines"]

_PROGRESS_SECONDS = 10.0
_PATIENCE_SECONDS = 1.0


class PlainLines:
    """Prints a run in lines, few enough to read.

    One line at the start, one per new best and per audit of the best, one per new reason to wait, two per outage, and one on progress at
    most every ten seconds. What else takes longer than a second, such as compiling, is a line while it lasts.

    Args:
        console: Where lines go.
        progress: Has heard of every event before this has.
        clock: Seconds that only move forward.
        patience: Seconds after which a step of the preparation is worth a line.
    """

    def __init__(
        self, console: Console, progress: Progress, clock: Callable[[], float], *, patience: float = _PATIENCE_SECONDS
    ) -> None:
        self._console = console
        self._progress = progress
        self._clock = clock
        self._reported_at = clock()
        self._reason = ""
        self._down: set[str] = set()  # endpoints whose outage has its line
        self._patience = patience
        self._step: threading.Timer | None = None

    def show(self, event: Event) -> None:
        """Print the lines that an event is worth."""
        self.close()
        if isinstance(event, Preparing):
            self._step = threading.Timer(self._patience, self._say_step, [event.step])
            self._step.daemon = True
            self._step.start()
            return
        if isinstance(event, RunStarted):
            self._start(event)
        elif isinstance(event, NewBest):
            self._new_best(event)
        elif isinstance(event, BestAudited):
            self._say(f"{self._time()} {audit_sentence(event.candidate.id, event.verdict)}")
        elif isinstance(event, SpendingEstimated):
            words = f"estimate after {count(event.forecast.replies)} replies: {estimated(event.forecast)}"
            self._say(f"{self._time()} {words}")
        elif isinstance(event, Throttled):
            self._throttled(event)
        elif isinstance(event, OutageNews):
            self._outage(event)
        elif isinstance(event, InternalError) and not event.again:
            self._say(f"{self._time()} {internal_error(event)}")
        if not isinstance(event, RunStopped):
            self.report()

    def report(self) -> None:
        """Print a line on progress, if the last one is ten seconds old."""
        if self._clock() - self._reported_at >= _PROGRESS_SECONDS:
            self._reported_at = self._clock()
            self._say(f"{self._time()} {self._figures()}")

    def close(self) -> None:
        """Print no more lines on what was being prepared."""
        if self._step is not None:
            self._step.cancel()
            self._step = None

    def _say_step(self, step: str) -> None:
        with contextlib.suppress(OSError, SystemExit):  # the next event finds out too, where it can be dealt with
            self._say(f"{step[:1].upper()}{step[1:]} …")

    def _start(self, event: RunStarted) -> None:
        self._reported_at, self._reason, self._down = self._clock(), "", set()
        line = header(event, self._console.encoding)
        done = event.totals
        if done.requests:
            best = f", best {self._progress.scale.text(done.best_objective)}" if done.best_objective is not None else ""
            line += f"; goes on after {count(done.requests, 'request')} and {count(done.evaluations, 'evaluation')}{best}"
        self._say(line)

    def _new_best(self, event: NewBest) -> None:
        candidate = event.candidate
        score = self._progress.scale.text(candidate.objective)
        self._say(
            f"{self._time()} new best {score} on train: candidate {candidate.id} ({breeding(candidate)}): {candidate.thought}"
        )

    def _throttled(self, event: Throttled) -> None:
        kind = event.reason.partition(":")[0]  # what follows a colon are the server's words, which may differ every time
        if kind != self._reason:
            self._reason = kind
            self._say(f"{self._time()} waiting {event.seconds:.0f} s: {event.reason}")

    def _outage(self, event: OutageNews) -> None:
        if event.is_over or event.endpoint not in self._down:
            self._say(f"{self._time()} {outage_sentence(event)}")
        (self._down.discard if event.is_over else self._down.add)(event.endpoint)

    def _figures(self) -> str:
        progress, totals = self._progress, self._progress.totals
        evaluations = evaluations_of_budget(totals, progress.budget, progress.generation)
        if progress.share is not None:
            evaluations += f" ({progress.share:.0%} of the budget)"
        parts = [evaluations]
        if progress.rate is not None:
            parts.append(f"{progress.rate:.3g}/s")
        if progress.seconds_left is not None:
            parts.append(f"about {duration(progress.seconds_left)} left")
        tokens = f"{totals.tokens:,} tokens" + (f", {money(totals.cost_usd)}" if totals.cost_usd is not None else "")
        groups = [", ".join(parts), self._best(), f"failures: {failures(totals.failures)}", tokens]
        if progress.waiting is not None:
            groups.append(f"waiting {progress.waiting[0]:.0f} s: {progress.waiting[1]}")
        groups += progress.outages
        return "; ".join(groups)

    def _best(self) -> str:
        progress, scale = self._progress, self._progress.scale
        marks = []
        if progress.started is not None:
            marks.append(f"own heuristic {scale.text(progress.started.baseline.objective)}")
        if progress.best_textbook_rule is not None:
            marks.append(f"{progress.best_textbook_rule[0]} {scale.text(progress.best_textbook_rule[1])}")
        against = f" ({', '.join(marks)})" if marks else ""
        return f"best {scale.text(progress.totals.best_objective)}{against}"

    def _time(self) -> str:
        return f"[{duration(self._progress.elapsed)}]"

    def _say(self, line: str) -> None:
        self._console.print(Text(one_line(line, self._console.encoding, width=1000)), soft_wrap=True)
