"""Results of attacks on isolation levels, as table and JSON."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from evoheur.api.sandbox_attack import AttackedLevel
from evoheur.cli.terminal.output import make_console, make_table, print_json, say
from evoheur.documents.machine_document import LevelsDocument

__all__ = ["report_attacks", "showing_attacks"]


def report_attacks(found: Sequence[AttackedLevel], console: Console, *, as_json: bool, all_must_work: bool = False) -> bool:
    """Print the results of attacks.

    Args:
        found: Level by level.
        console: Where to.
        as_json: {"ok": …, "levels": […]} instead of tables.
        all_must_work: A level that does not work here is a failure; otherwise one that works is enough.

    Returns:
        True if every level that works keeps its promises, and enough of them work.
    """
    working = [level for level in found if not level.obstacle]
    ok = all(level.holds for level in working) and (len(working) == len(found) if all_must_work else bool(working))
    if as_json:
        print_json(LevelsDocument(format="levels/1", ok=ok, levels=[level.document() for level in found]))
        return ok
    if working:
        _print_table(working, console)
    for level in found:
        _print_words(level, console)
    say(console, "Every promise was kept." if ok else _failure(working), "" if ok else "bold red")
    return ok


def _print_table(working: Sequence[AttackedLevel], console: Console) -> None:
    figures = ["attacks", "stopped", "known to be open", "not promised", "HOLES"]
    table = make_table(
        console, ["level", "family", *figures], right=figures, wrap=["family"], least_useful=["known to be open", "attacks"]
    )
    for level in working:
        for index, family in enumerate(level.tallies):
            opened = [str(len(verdicts) or "-") for verdicts in (family.admitted, family.unpromised, family.holes)]
            name = level.level if index == 0 else ""
            style = "bold red" if family.holes else ""
            table.add_row(name, Text(family.family, style), str(family.attacks), str(family.stopped), *opened)
        table.add_section()
    console.print(table)


def _print_words(level: AttackedLevel, console: Console) -> None:
    if level.obstacle:
        say(console, f"{level.level} does not work here: {level.obstacle}", "yellow")
    for family in level.tallies:
        for verdict in family.admitted:
            say(console, f"{level.level} is known not to stop {verdict.name}: {verdict.open_because}")
        for verdict in family.holes:
            say(console, f"HOLE at {level.level}: {verdict.name} ({verdict.family}): {verdict.detail}", "bold red")


def _failure(working: Sequence[AttackedLevel]) -> str:
    if any(not level.holds for level in working):
        return "A promise was broken: do not run code that you do not trust at that level on this machine."
    return "A level that was asked for does not work here." if working else "No level that isolates works here."


@contextmanager
def showing_attacks(attacks: int) -> Iterator[Callable[[str], None]]:
    """Show the progress of the attacks on each level, on a terminal only."""
    console = make_console(stderr=True)
    bar = Progress(
        TextColumn("attacking {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    tasks: dict[str, Any] = {}

    def told(level: str) -> None:
        if level in tasks:
            bar.advance(tasks[level])
        else:
            tasks[level] = bar.add_task(level, total=attacks)

    with bar:
        yield told
