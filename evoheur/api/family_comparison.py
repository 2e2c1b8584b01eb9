"""Comparison of heuristics, family by family.

Gaps are never pooled over families; costs stand where there is no reference to measure from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evoheur.api.scoring import complete_families
from evoheur.candidate import Evaluation, InstanceResult
from evoheur.documents.score_document import FamilyDocument, FamilyStandingDocument
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import gap_percent
from evoheur.observers.number_text import Scale
from evoheur.problem import Aggregate
from evoheur.textbook_rule import RuleClasses

__all__ = ["ComparedFamily", "FamilyComparison", "FamilyStanding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyStanding:
    """One heuristic on one family.

    Attributes:
        name: Of the heuristic.
        gap: In percent, lower is better; None unless every instance of the family is solved and has a reference.
        cost: Mean cost; None unless every instance is solved.
        seconds: Mean processor time per solved instance, in seconds; None if none was solved.
        rule_class: What it knows and how much work it does, in words; "" where all compared are alike.
    """

    name: str
    gap: float | None
    cost: float | None
    seconds: float | None
    rule_class: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFamily:
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
    standings: tuple[FamilyStanding, ...]

    @property
    def scale(self) -> Scale:
        """The scale on which heuristics are compared here."""
        return Scale.COST if self.unreferenced else Scale.GAP

    def value(self, standing: FamilyStanding) -> float | None:
        """The gap or the cost, as the scale wants."""
        return standing.cost if self.unreferenced else standing.gap

    def better_than(self, name: str, *, alike: bool = False) -> list[str]:
        """The other heuristics that are better on this family.

        Better by as much as is shown; where this one fails on the family, all that solve it.

        Args:
            name: The heuristic they are compared with.
            alike: Leave out those of another class: with other knowledge, or with more or less work.
        """
        mine = self.standing(name)
        own = self.value(mine)
        better = []
        for standing in self.standings:
            value = self.value(standing)
            if standing.name == name or value is None or (alike and standing.rule_class != mine.rule_class):
                continue
            if own is None or (value < own and self.scale.text(value) != self.scale.text(own)):
                better.append(standing.name)
        return better

    def standing(self, name: str) -> FamilyStanding:
        """How one heuristic stands."""
        return next(standing for standing in self.standings if standing.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyComparison:
    """Heuristics on the same instances.

    Attributes:
        families: In the order in which they first appear among the instances.
    """

    families: tuple[ComparedFamily, ...]

    @classmethod
    def of(
        cls,
        evaluations: Mapping[str, Evaluation],
        instances: InstanceSet,
        aggregate: Aggregate,
        *,
        classes: RuleClasses | None = None,
    ) -> "FamilyComparison":
        """Compare evaluations of heuristics, by name, on one set of instances."""
        told = {name: str(classes.textbook.get(name, classes.own)) if classes and classes.differ else "" for name in evaluations}
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
                    [
                        replace(
                            _standing(name, solved[name][family], tried[name].get(family, []), aggregate), rule_class=told[name]
                        )
                        for name in evaluations
                    ],
                )
                for family, names in members.items()
            )
        )

    def document(self) -> list[FamilyDocument]:
        """The comparison as a document, for `--json`."""
        return [
            FamilyDocument(
                family=family.name,
                instances=family.instances,
                without_reference=family.unreferenced,
                scale="mean cost" if family.unreferenced else "gap",
                heuristics=[
                    FamilyStandingDocument(
                        name=each.name, rule_class=each.rule_class or None, gap=each.gap, cost=each.cost, seconds=each.seconds
                    )
                    for each in family.standings
                ],
            )
            for family in self.families
        ]


def _family(name: str, instances: int, unreferenced: int, standings: Sequence[FamilyStanding]) -> ComparedFamily:
    unsorted = ComparedFamily(name=name, instances=instances, unreferenced=unreferenced, standings=tuple(standings))
    worst = float("inf")

    def rank(standing: FamilyStanding) -> float:
        value = unsorted.value(standing)
        return worst if value is None else value

    return ComparedFamily(name=name, instances=instances, unreferenced=unreferenced, standings=tuple(sorted(standings, key=rank)))


def _standing(
    name: str, solved: Sequence[InstanceResult], tried: Sequence[InstanceResult], aggregate: Aggregate
) -> FamilyStanding:
    costs = [result.cost for result in solved if result.cost is not None]
    return FamilyStanding(
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
