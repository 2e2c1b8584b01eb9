"""The best of a run over its evaluations, as a small drawing on a terminal."""

from collections.abc import Sequence

from rich.console import Console

from evoheur import CandidateRecord, Totals
from evoheur.cli.terminal.drawn_steps import drawn_steps
from evoheur.cli.terminal.output import say
from evoheur.observers.number_text import Scale, count

__all__ = ["print_run_curve"]

_HEIGHT, _WIDEST, _NARROWEST = 5, 60, 16


def print_run_curve(
    console: Console, record: CandidateRecord, start: float | None, steps: Sequence[tuple[int, float]], totals: Totals
) -> None:
    """Draw how the best on train fell in a run.

    Nothing is drawn in a pipe, on a terminal that is too narrow, or where nothing was better than the start.

    Args:
        console: Where to.
        record: The candidate whose value is marked.
        start: Objective of the problem's own heuristic.
        steps: Evaluations and objective of the moments at which the best improved.
        totals: Of the run.
    """
    scale = Scale.of([record.candidate.evaluation])
    first = [] if start is None else [(0.0, start)]
    better = [(float(evaluations), best) for evaluations, best in steps if start is None or best < start]
    labels = [scale.text(value) for _, value in [*first, *better]]
    margin = max(map(len, labels), default=0) + 2
    width = min(_WIDEST, console.width - margin - 1)
    if not console.is_terminal or not better or width < _NARROWEST or console.is_dumb_terminal:
        return
    lines = drawn_steps([*first, *better], totals.evaluations, width=width, height=_HEIGHT, encoding=console.encoding)
    say(console)
    say(console, "Best on train in the course of the run:", "bold")
    for place, line in enumerate(lines):
        label = labels[0] if place == 0 else labels[-1] if place == len(lines) - 1 else ""
        say(console, f"{label:>{margin - 2}}  {line}", "cyan")
    evaluations = count(totals.evaluations, "evaluation")
    say(console, f"{'':>{margin}}0{evaluations:>{width - 1}}")
    say(console, f"{record.id} has {scale.text(record.candidate.objective)} there.")
