"""Tables of a run's health, by operator and by model."""

from rich.console import Console

from evoheur.api.run_health import NEWEST, HealthShare, HealthWindow, RunHealth
from evoheur.cli.terminal.output import make_table, say, share
from evoheur.observers.number_text import count, one_line

__all__ = ["health_sentence", "print_health"]

_FIGURES = ("replies", "valid", "distinct", "better", "among best")


def print_health(console: Console, health: RunHealth) -> None:
    """Print the shares of all replies, and of the newest where there are more than these."""
    windows = [("Of all replies", health.whole)]
    if health.whole.all.replies > NEWEST:
        windows.append((f"Of the last {NEWEST} replies", health.newest))
    for title, window in windows:
        say(console)
        say(
            console,
            f"{title}: valid, new beside earlier ones, better than the best parent, and among the {health.among} best so far",
            "bold",
        )
        _print_window(console, window)


def health_sentence(health: RunHealth) -> str:
    """The newest shares in a sentence; empty where no reply came."""
    newest = health.newest.all
    if not newest.replies:
        return ""
    replies = "reply" if newest.replies == 1 else f"{count(newest.replies)} replies"
    return (
        f"Of the last {replies}, {_percent(newest.valid, newest)} are valid, "
        f"{_percent(newest.distinct, newest)} distinct, {_percent(newest.better, newest)} better than their parents."
    )


def _print_window(console: Console, window: HealthWindow) -> None:
    table = make_table(console, ["of", *_FIGURES], right=_FIGURES, wrap=["of"])
    for each in (window.all, *window.operators, *window.models):
        parts = (each.valid, each.distinct, each.better, each.among_best)
        table.add_row(one_line(each.name), count(each.replies), *(_percent(part, each) for part in parts))
    console.print(table)


def _percent(part: int, each: HealthShare) -> str:
    return f"{share(part, each.replies):.0%}"
