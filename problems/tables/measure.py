"""Textbook rules on instances with references: gaps and seconds, family by family."""

import csv
import math
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evoheur.errors import ConfigError
from evoheur.problem import Instance, Problem, to_json

__all__ = ["DISCOVERED", "Figures", "Score", "by_family", "figures", "proven_names", "scores"]

DISCOVERED = "discovered"
"""Stands where a textbook rule has its class."""

_TABLE = "optima.csv"
_FOLDERS_UP = 2
_ROUNDING = 1e-6  # percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One rule on one instance.

    Attributes:
        rule: The rule's name.
        rule_class: What it knows and how much work it does, in words; `DISCOVERED` for a competitor.
        instance: The instance's name.
        family: What it is reported with.
        cost: Minimised.
        reference: Optimum, best known cost or bound.
        proven: Whether nothing can cost less than the reference.
        seconds: Processor time of the rule.
    """

    rule: str
    rule_class: str
    instance: str
    family: str
    cost: float
    reference: float
    proven: bool
    seconds: float

    @property
    def gap(self) -> float:
        """Percent above the reference."""
        return 100.0 * (self.cost / self.reference - 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One rule on one family: gaps in percent, processor seconds per instance."""

    mean: float
    worst: float
    seconds: float


def scores(
    problem: Problem[Any],
    instances: Sequence[Instance],
    proven: Iterable[str],
    *,
    family: Callable[[Any], str],
    whole: bool,
    competitors: Mapping[str, Callable[[Any], Any]] = MappingProxyType({}),
) -> list[Score]:
    """Solve every instance with every textbook rule, and with what competes with them.

    The solutions are priced.

    Args:
        problem: Has read the instances; its kernels are compiled.
        instances: All of them with references.
        proven: Names of the instances whose reference nothing can beat.
        family: Says what an instance is reported with.
        whole: Whether only the whole part of the cost counts, the rest being a tie-breaker.
        competitors: Name → solver of an instance; they come after the rules.

    Raises:
        ConfigError: An instance has no reference, or a rule costs less than a reference that nothing can beat.
    """
    certain, found = set(proven), []
    classes = problem.rule_classes()
    for instance in instances:
        reference = problem.reference(instance)
        if reference is None:
            raise ConfigError(f"{instance.name} has no reference; put optima.csv or reference.csv beside its file.")
        for rule, solver in {**problem.textbook_rules(), **competitors}.items():
            start = time.thread_time()
            solution = solver(instance)
            seconds = time.thread_time() - start
            cost = problem.cost(instance, to_json(solution))
            score = Score(
                rule=rule,
                rule_class=DISCOVERED if rule in competitors else str(classes.of(rule)),
                instance=instance.name,
                family=family(instance),
                cost=float(math.floor(cost)) if whole else cost,
                reference=reference,
                proven=instance.name in certain,
                seconds=seconds,
            )
            _check(score)
            found.append(score)
    return found


def _check(score: Score) -> None:
    if score.proven and score.gap < -_ROUNDING:
        raise ConfigError(
            f"{score.rule} costs {score.cost} on {score.instance}, less than the proven optimum {score.reference}; the reference is of "
            "another file, or the price is wrong."
        )


def by_family(found: Iterable[Score]) -> Mapping[str, Mapping[str, list[Score]]]:
    """Family → rule → scores.

    Families by name with numbers by size, rules as they come.
    """
    families: dict[str, dict[str, list[Score]]] = {}
    for score in sorted(found, key=lambda score: _by_size(score.family)):
        families.setdefault(score.family, {}).setdefault(score.rule, []).append(score)
    return families


def _by_size(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def figures(found: Sequence[Score], *, pooled: bool) -> Figures:
    """Summary of one rule's scores.

    Args:
        found: At least one.
        pooled: Whether the mean is that of the costs over that of the references, as papers on online packing report it; else of the gaps.
    """
    mean = sum(score.gap for score in found) / len(found)
    if pooled:
        mean = 100.0 * (sum(score.cost for score in found) / sum(score.reference for score in found) - 1.0)
    return Figures(mean=mean, worst=max(score.gap for score in found), seconds=sum(score.seconds for score in found) / len(found))


def proven_names(folder: Path) -> set[str]:
    """Instances whose optimum is listed as proven.

    It is listed in the `optima.csv` in a folder, or at most two above. That is every line of a table without the column `status`, else
    those with the status "optimal".
    """
    for place in (folder, *folder.resolve().parents[:_FOLDERS_UP]):
        file = place / _TABLE
        if file.is_file():
            with file.open(newline="", encoding="utf-8") as lines:
                return {row["name"] for row in csv.DictReader(lines) if row.get("status", "optimal") == "optimal"}
    return set()
