"""The table of heuristics and textbook rules side by side.

It has a section per family of instances.
"""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from evoheur.api.family_comparison import FamilyComparison
from evoheur.cli.terminal.output import make_table, say
from evoheur.observers.number_text import count, one_line

__all__ = ["LEGEND", "print_comparison"]

LEGEND = "Lower is better. Brackets hold the number of instances, seconds are processor time per instance."

_LOSES = "!"


def print_comparison(console: Console, comparison: FamilyComparison, *, own: Sequence[str] = ()) -> None:
    """Print heuristics side by side, with a section per family.

    Says what stands in place of gaps, and where heuristics of one's own lose.

    Args:
        console: Where to.
        comparison: What was found.
        own: The heuristics that are to beat the others; where one does not, its row says by how many it is beaten.
    """
    scales = sorted({family.scale.value for family in comparison.families})
    figures = [" or ".join(scales), "seconds"]
    marked = any(family.better_than(name) for family in comparison.families for name in own)
    classed = any(standing.rule_class for family in comparison.families for standing in family.standings)
    columns = ["family", "heuristic", *(["class"] if classed else []), *figures, *([""] if marked else [])]
    table = make_table(console, columns, right=figures, wrap=["family", "heuristic"], least_useful=["class", "seconds"])
    for family in comparison.families:
        heading = f"{family.name} ({count(family.instances)})"
        for standing in family.standings:
            mine = standing.name in own
            cells = [
                heading,
                standing.name,
                *([standing.rule_class] if classed else []),
                family.scale.text(family.value(standing)),
                "-" if standing.seconds is None else _seconds(standing.seconds),
                _mark(family.better_than(standing.name)) if mine else "",
            ]
            shown = [Text(one_line(cell, console.encoding), style="bold" if mine else "") for cell in cells]
            table.add_row(*shown[: len(columns)])
            heading = ""
        table.add_section()
    console.print(table)
    for line in _notes(comparison, own):
        say(console, line)


def _seconds(seconds: float) -> str:
    """Seconds with three decimals.

    Below half a millisecond, what is measured is mostly the measuring.
    """
    return f"{seconds:.3f}" if seconds >= 0.0005 else "<0.001"


def _mark(better: Sequence[str]) -> str:
    return f"{_LOSES} {count(len(better))} better" if better else ""


def _notes(comparison: FamilyComparison, own: Sequence[str]) -> Iterator[str]:
    without = [family for family in comparison.families if family.unreferenced]
    if without:
        shown = ", ".join(
            f"{family.name} ({family.unreferenced:,} of {count(family.instances, 'instance')})" for family in without
        )
        yield f"Mean costs in place of gaps, because references are missing: {shown}."
    for name in own:
        yield from _verdict(comparison, name, alone=all(len(family.standings) == len(own) for family in comparison.families))


def _verdict(comparison: FamilyComparison, name: str, *, alone: bool) -> Iterator[str]:
    """Where a heuristic loses: to those of its class first, which know as much and work as much."""
    families = comparison.families
    lost = [family.name for family in families if family.better_than(name, alike=True)]
    rule_class = families[0].standing(name).rule_class if families else ""
    kind = f" of its class ({rule_class})" if rule_class else ""
    if lost:
        to = f" to others{kind}" if kind else ""
        yield f"{_LOSES} {name} loses{to} in {len(lost)} of {_families(len(families))}: {', '.join(lost)}."
    elif not alone:
        yield f"No other heuristic here{kind} beats {name} in any family."
    others = [each.name for each in families if set(each.better_than(name)) - set(each.better_than(name, alike=True))]
    if others:
        yield f"Those of another class beat it in {len(others)} of {_families(len(families))}: {', '.join(others)}."


def _families(number: int) -> str:
    return "1 family" if number == 1 else f"{number:,} families"
