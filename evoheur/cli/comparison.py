"""Heuristics side by side, family by family: gaps never pooled over families, and costs where there is no reference to measure from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from evoheur.candidate import Evaluation, InstanceResult
from evoheur.cli.output import make_table, say
from evoheur.cli.scoring import complete_families
from evoheur.documents.score_document import FamilyDocument, FamilyStandingDocument
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.objective import gap_percent
from evoheur.observers.figures import Scale, count, one_line
from evoheur.problem import Aggregate

__all__ = ["LEGEND", "Comparison", "Family", "Standing", "print_comparison"]

LEGEND = "Lower is better. Brackets hold the number of instances, seconds are processor time per instance."

_LOSES = "!"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One heuristic on one family.

    Attributes:
        name: Of the heuristic.
        gap: In percent, lower is better; None unless every instance of the family is solved and has a reference.
        cost: Mean cost; None unless every instance is solved.
        seconds: Mean processor time per solved instance, in seconds; None if none was solved.
    """

    name: str
    gap: float | None
    cost: float | None
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Heuristics on one family of instances.

    Attributes:
        name: Of the family.
        instances: How many there are.
        unreferenced: How many of them have no reference (or one of 0), so that costs must stand for gaps.
        standings: Best first; those that did not solve the family last.
    """

    name: str
    instances: int
    unreferenced: int
    standings: tuple[Standing, ...]

    @property
    def scale(self) -> Scale:
        """What heuristics are compared by here."""
        return Scale.COST if self.unreferenced else Scale.GAP

    def value(self, standing: Standing) -> float | None:
        """The figure of the scale."""
        return standing.cost if self.unreferenced else standing.gap

    def better_than(self, name: str) -> list[str]:
        """Which others are better, by as much as is shown; all that solve the family where it does not."""
        own = next(self.value(standing) for standing in self.standings if standing.name == name)
        better = []
        for standing in self.standings:
            value = self.value(standing)
            if standing.name == name or value is None:
                continue
            if own is None or (value < own and self.scale.text(value) != self.scale.text(own)):
                better.append(standing.name)
        return better


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Heuristics on the same instances.

    Attributes:
        families: In the order in which they first appear among the instances.
    """

    families: tuple[Family, ...]

    @classmethod
    def of(cls, evaluations: Mapping[str, Evaluation], instances: InstanceSet, aggregate: Aggregate) -> "Comparison":
        """Compare evaluations of heuristics, by name, on one set of instances."""
        solved = {name: complete_families(evaluation, instances) for name, evaluation in evaluations.items()}
        tried = {name: _by_family(evaluation.results) for name, evaluation in evaluations.items()}
        members: dict[str, list[str]] = {}
        for instance in instances.instances:
            members.setdefault(instance.family, []).append(instance.name)
        return cls(
            families=tuple(
                _family(
                    family,
                    len(names),
                    sum(not instances.references[name] for name in names),
                    [_standing(name, solved[name][family], tried[name].get(family, []), aggregate) for name in evaluations],
                )
                for family, names in members.items()
            )
        )

    def document(self) -> list[FamilyDocument]:
        """For `--json`."""
        return [
            FamilyDocument(
                family=family.name,
                instances=family.instances,
                without_reference=family.unreferenced,
                scale="mean cost" if family.unreferenced else "gap",
                heuristics=[
                    FamilyStandingDocument(name=each.name, gap=each.gap, cost=each.cost, seconds=each.seconds)
                    for each in family.standings
                ],
            )
            for family in self.families
        ]


def print_comparison(console: Console, comparison: Comparison, *, own: Sequence[str] = ()) -> None:
    """Print one table with a section per family, what stands in place of gaps, and where heuristics of one's own lose.

    Args:
        console: Where to.
        comparison: What was found.
        own: The heuristics that are to beat the others; where one does not, its row says by how many it is beaten.
    """
    scales = sorted({family.scale.value for family in comparison.families})
    figures = [" or ".join(scales), "seconds"]
    marked = any(family.better_than(name) for family in comparison.families for name in own)
    columns = ["family", "heuristic", *figures, *([""] if marked else [])]
    table = make_table(console, columns, right=figures, wrap=["family", "heuristic"])
    for family in comparison.families:
        heading = f"{family.name} ({count(family.instances)})"
        for standing in family.standings:
            mine = standing.name in own
            cells = [
                heading,
                standing.name,
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


def _family(name: str, instances: int, unreferenced: int, standings: Sequence[Standing]) -> Family:
    unsorted = Family(name=name, instances=instances, unreferenced=unreferenced, standings=tuple(standings))
    worst = float("inf")

    def rank(standing: Standing) -> float:
        value = unsorted.value(standing)
        return worst if value is None else value

    return Family(name=name, instances=instances, unreferenced=unreferenced, standings=tuple(sorted(standings, key=rank)))


def _standing(name: str, solved: Sequence[InstanceResult], tried: Sequence[InstanceResult], aggregate: Aggregate) -> Standing:
    costs = [result.cost for result in solved if result.cost is not None]
    return Standing(
        name=name,
        gap=gap_percent(solved, aggregate),
        cost=sum(costs) / len(costs) if costs else None,
        seconds=sum(result.cpu_seconds for result in tried) / len(tried) if tried else None,
    )


def _by_family(results: Sequence[InstanceResult]) -> dict[str, list[InstanceResult]]:
    families: dict[str, list[InstanceResult]] = {}
    for result in results:
        if result.cost is not None:
            families.setdefault(result.family, []).append(result)
    return families


def _seconds(seconds: float) -> str:
    """Three decimals; below half a millisecond, what is measured is mostly the measuring."""
    return f"{seconds:.3f}" if seconds >= 0.0005 else "<0.001"


def _mark(better: Sequence[str]) -> str:
    return f"{_LOSES} {count(len(better))} better" if better else ""


def _notes(comparison: Comparison, own: Sequence[str]) -> Iterator[str]:
    without = [family for family in comparison.families if family.unreferenced]
    if without:
        shown = ", ".join(
            f"{family.name} ({family.unreferenced:,} of {count(family.instances, 'instance')})" for family in without
        )
        yield f"Mean costs in place of gaps, because references are missing: {shown}."
    for name in own:
        lost = [family.name for family in comparison.families if family.better_than(name)]
        rivals = any(len(family.standings) > len(own) for family in comparison.families)
        if lost:
            yield f"{_LOSES} {name} loses in {len(lost)} of {_families(len(comparison.families))}: {', '.join(lost)}."
        elif rivals:
            yield f"No other heuristic here beats {name} in any family."


def _families(number: int) -> str:
    return "1 family" if number == 1 else f"{number:,} families"
