"""Gaps of the best textbook rules by family, by which objectives can be measured.

With the setting `train.relative_to: textbook` they travel with the instances to wherever candidates are evaluated.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evoheur.candidate import Evaluation, TextbookGap
from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import evaluated_family_gaps, family_gaps
from evoheur.problem import Aggregate, Problem

__all__ = ["best_textbook_gaps", "counting_rules", "gaps_to_measure_by", "refuse_unmeasurable"]

_REMEDY = "use train.relative_to: references"


def counting_rules(problem: Problem[Any], named: Sequence[str] = ()) -> tuple[str, ...]:
    """The textbook rules of a problem that heuristics are measured by.

    Args:
        problem: Has the rules.
        named: Those that a configuration names; if it names none, those of the heuristics' own class count, or all if none is of it.

    Raises:
        ConfigError: The problem has none, or none of a name.
    """
    known = tuple(problem.textbook_rules())
    if not known:
        raise ConfigError(
            f"{type(problem).__name__} has no textbook rules, so train.relative_to: textbook has nothing to measure by; add "
            f"textbook_rules() to the problem, or {_REMEDY}."
        )
    for name in named:
        if name not in known:
            raise ConfigError(
                f"train.rules names the textbook rule {name!r}{nearest(name, known)}, which {type(problem).__name__} does not have; it "
                f"has: {', '.join(known)}."
            )
    return tuple(named or problem.rule_classes().alike(known) or known)


def refuse_unmeasurable(problem: Problem[Any], instances: InstanceSet) -> None:
    """Refuse instances whose gaps cannot be set in relation to those of textbook rules.

    Raises:
        ConfigError: The problem's objective is no gap, or an instance has no reference, or one of 0.
    """
    if problem.aggregate == "mean_cost":
        raise ConfigError(
            f"{type(problem).__name__} minimises mean costs and no gaps, so train.relative_to: textbook has nothing to divide; {_REMEDY}."
        )
    without = [name for name, reference in instances.references.items() if not reference]
    if without:
        raise ConfigError(
            f"{len(without)} of {len(instances.instances)} instances of {instances.split} have no reference other than 0, such as "
            f"{without[0]!r}, so they have no gaps for train.relative_to: textbook; add references, or {_REMEDY}."
        )


def gaps_to_measure_by(
    rules: Mapping[str, Evaluation], instances: InstanceSet, aggregate: Aggregate, counting: Sequence[str]
) -> dict[str, TextbookGap]:
    """Family → the best textbook rule and its gap, for every family.

    Args:
        rules: Textbook rule → its evaluation on the instances.
        instances: All have references.
        aggregate: The problem's.
        counting: Names of the rules that count.

    Raises:
        ConfigError: None of them solves a family, or it has no gap (references that cancel out).
    """
    found: dict[str, TextbookGap] = {}
    for name in counting:
        for family, gap in family_gaps(rules[name].results, aggregate).items():
            if gap is not None and (family not in found or gap < found[family].gap):
                found[family] = TextbookGap(rule=name, gap=gap)
    for family in dict.fromkeys(instance.family for instance in instances.instances):
        if family not in found:
            raise ConfigError(
                f"None of the textbook rules ({', '.join(counting)}) has a gap on family {family!r} of {instances.split}, so "
                f"train.relative_to: textbook has nothing to measure by there; mend the rules, or {_REMEDY}."
            )
    return found


def best_textbook_gaps(rules: Mapping[str, Evaluation]) -> dict[str, TextbookGap]:
    """Family → the best textbook rule and its gap, where any rule that solved all instances has one."""
    found: dict[str, TextbookGap] = {}
    for name, evaluation in rules.items():
        for family, gap in evaluated_family_gaps(evaluation).items():
            if gap is not None and (family not in found or gap < found[family].gap):
                found[family] = TextbookGap(rule=name, gap=gap)
    return found
