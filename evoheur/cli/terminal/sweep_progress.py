"""Progress of a sweep on the terminal.

Where the present run is, and one line when it is done.
"""

from collections.abc import Callable

from evoheur import Event, OutcomeTold, Preparing, RunStarted
from evoheur.api.sweep_runs import SweptRun
from evoheur.observers.number_text import Scale, count, duration

__all__ = ["SayingProgress", "closing_line"]


class SayingProgress:
    """An observer that has a few words for every outcome.

    Args:
        saying: Shows them in place of the last ones.
    """

    def __init__(self, saying: Callable[[str], None]) -> None:
        self._saying = saying
        self._scale = Scale.COST

    def notify(self, event: Event) -> None:
        """See `Observer.notify`."""
        if isinstance(event, Preparing):
            self._saying(event.step)
        if isinstance(event, RunStarted):
            self._scale = Scale.of([event.baseline.evaluation])
        if isinstance(event, RunStarted | OutcomeTold):
            best = self._scale.text(event.totals.best_objective)
            self._saying(f"{count(event.totals.evaluations, 'evaluation')}, best {best} on train")


def closing_line(done: SweptRun) -> str:
    """The line at the end of a sweep's run.

    "finished: 200 evaluations, 212 requests, best 3.21 % on train, 12 s".
    """
    totals = done.totals
    scale = Scale.COST if done.start is None else Scale.of([done.start.evaluation])
    parts = [count(totals.evaluations, "evaluation"), count(totals.requests, "request")]
    parts += [f"best {scale.text(totals.best_objective)} on train", duration(totals.seconds)]
    return f"{done.run.status}: {', '.join(parts)}"
