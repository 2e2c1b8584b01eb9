"""`evoheur sandbox check`: attacks the isolation levels of this machine with the red team, and shows what held."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from evoheur.cli.options import AsJson
from evoheur.cli.output import make_console, make_table, print_json, say
from evoheur.errors import ConfigError
from evoheur.plugins import nearest
from evoheur.sandbox.sandbox import Entry, SandboxUnavailable
from evoheur.testing.red_team.attack import USUAL, Verdict
from evoheur.testing.red_team.levels import LevelUnderAttack, levels_to_attack
from evoheur.testing.red_team.run import MakeSandbox
from evoheur.testing.red_team.tally import Tally, tally
from evoheur.testing.red_team.team import ATTACKS, FAMILIES, SCORES, run_red_team

__all__ = ["Inspected", "check", "inspect", "report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What became of one level.

    Attributes:
        level: Its name.
        obstacle: Why it does not work here; empty if it does.
        tallies: Of the attacks, family by family.
    """

    level: str
    obstacle: str = ""
    tallies: Sequence[Tally] = ()

    @property
    def holds(self) -> bool:
        """It works, and every promise was kept."""
        return not self.obstacle and not any(family.holes for family in self.tallies)

    def as_json(self) -> dict[str, Any]:
        """For programs: each family with its counts and the verdicts that are not "stopped"."""
        families = [{**asdict(family), "attacks": family.attacks} for family in self.tallies]
        return {
            "level": self.level,
            "works": not self.obstacle,
            "reason": self.obstacle,
            "holds": self.holds,
            "families": families,
        }


_HONEST = "def answer(q):\n    return q"

_Levels = Annotated[
    list[str] | None,
    typer.Option(
        "--level",
        metavar="KIND",
        help="Attack this level (jail, docker, process, a plug-in's name or package.module:Class); may be repeated. Left out: all that "
        "isolate, as far as they work here.",
    ),
]
_Families = Annotated[
    list[str] | None,
    typer.Option("--family", metavar="NAME", help=f"Run these attacks only; may be repeated. One of: {', '.join(FAMILIES)}."),
]


def check(level: _Levels = None, family: _Families = None, *, as_json: AsJson = False) -> None:
    """Attack what candidates run in, on this machine, and show what held.

    Exits with 0 if every promise was kept, else with 1; a level that is asked for by name must work.
    """
    for name in family or []:
        if name not in FAMILIES:
            raise ConfigError(
                f"There is no family of attacks named {name!r}{nearest(name, FAMILIES)}; known: {', '.join(FAMILIES)}."
            )
    chosen = levels_to_attack(level or [])
    families = tuple(family or FAMILIES)
    with _progress(len(_attacks_in(families))) as told:
        found = [inspect(target, families, told) for target in chosen]
    if not report(found, make_console(), as_json=as_json, all_must_work=bool(level)):
        raise typer.Exit(1)


def _attacks_in(families: Collection[str]) -> list[str]:
    """Names of the attacks in some families."""
    chosen = [attack.name for attack in ATTACKS if attack.family in families]
    return chosen + [attack.name for attack in SCORES if attack.family in families]


def inspect(target: LevelUnderAttack, families: Collection[str], told: Callable[[str], None]) -> Inspected:
    """Attack one level.

    Args:
        target: The level.
        families: The attacks to run.
        told: Called with the level's name before the attacks and after each.

    Raises:
        SandboxUnavailable: The level works, and an attack broke it for good.
    """
    if obstacle := target.obstacle() or _refusal(target.make):
        return Inspected(level=target.name, obstacle=obstacle)

    def watched() -> Iterator[Verdict]:
        told(target.name)
        for verdict in run_red_team(target.make, families=families):
            yield verdict
            told(target.name)

    return Inspected(level=target.name, tallies=tally(watched(), promised=target.promised))


def report(found: Sequence[Inspected], console: Console, *, as_json: bool, all_must_work: bool = False) -> bool:
    """Print what was found.

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
        print_json({"ok": ok, "levels": [level.as_json() for level in found]})
        return ok
    if working:
        _print_table(working, console)
    for level in found:
        _print_words(level, console)
    say(console, "Every promise was kept." if ok else _failure(working), "" if ok else "bold red")
    return ok


def _refusal(make: MakeSandbox) -> str:
    sandbox = make(Entry(module="evoheur.testing.hostile_entry", payload={}))
    try:
        session, _ = sandbox.open(_HONEST, USUAL)
        session.close()
    except SandboxUnavailable as error:
        return str(error)
    finally:
        sandbox.close()
    return ""


def _print_table(working: Sequence[Inspected], console: Console) -> None:
    figures = ["attacks", "stopped", "known to be open", "not promised", "HOLES"]
    table = make_table(console, ["level", "family", *figures], right=figures, wrap=["family"])
    for level in working:
        for index, family in enumerate(level.tallies):
            opened = [str(len(verdicts) or "-") for verdicts in (family.admitted, family.unpromised, family.holes)]
            name = level.level if index == 0 else ""
            style = "bold red" if family.holes else ""
            table.add_row(name, Text(family.family, style), str(family.attacks), str(family.stopped), *opened)
        table.add_section()
    console.print(table)


def _print_words(level: Inspected, console: Console) -> None:
    if level.obstacle:
        say(console, f"{level.level} does not work here: {level.obstacle}", "yellow")
    for family in level.tallies:
        for verdict in family.admitted:
            say(console, f"{level.level} is known not to stop {verdict.name}: {verdict.open_because}")
        for verdict in family.holes:
            say(console, f"HOLE at {level.level}: {verdict.name} ({verdict.family}): {verdict.detail}", "bold red")


def _failure(working: Sequence[Inspected]) -> str:
    if any(not level.holds for level in working):
        return "A promise was broken: do not run code that you do not trust at that level on this machine."
    return "A level that was asked for does not work here." if working else "No level that isolates works here."


@contextmanager
def _progress(attacks: int) -> Iterator[Callable[[str], None]]:
    """Shows on a terminal how far the attacks on each level are."""
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
