"""What the members of a set, and selectors among them, cost on the instances of a split."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.api.selection_forms import SelectionSettings
from evoheur.api.selection_pool import PooledHeuristic, SelectionPool
from evoheur.api.selection_scores import SelectionScores, worths_of
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.code.several_heuristics import taking_over
from evoheur.code.signature import signatures_of
from evoheur.evaluation.textbook_scores import score_textbook_rules
from evoheur.online import OnlineProblem
from evoheur.problem import Split
from evoheur.strategies.complementary import InstanceWeights

__all__ = ["CostMaking", "SplitCosts"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(slots=True)
class SplitCosts:
    """What is known of one split; columns are members, NaN where one failed.

    Attributes:
        families: Of each instance.
        weights: How much each instance counts, 1 together.
        alone: Worths of the members, shape (instances, members).
        selected: The same if a selector names the member: online, after the prefix of the first.
        probes: Costs on the small instances; None where there are none.
        shares: How much of each instance its probe is.
        oracle: The best worth of all heuristics that are scored there, shape (instances,).
        oracle_size: How many these are.
        textbook: Rule of the heuristics' class → its worths.
    """

    families: list[str]
    weights: Floats
    alone: Floats
    selected: Floats
    probes: Floats | None
    shares: list[float]
    oracle: Floats
    oracle_size: int
    textbook: dict[str, Floats] = field(default_factory=dict)


class CostMaking:
    """Makes what is known of a split.

    Args:
        pool: What the set was chosen from.
        scores: Made so far.
        candidates: The pool with training evaluations, numbered by place.
        members: Of the largest set.
        further: What the greedy choice would take next.
        settings: Of the selection.
        notes: Gets what a reader should know.
    """

    def __init__(
        self,
        pool: SelectionPool,
        scores: SelectionScores,
        candidates: Sequence[Candidate],
        *,
        members: Sequence[PooledHeuristic],
        further: Sequence[PooledHeuristic],
        settings: SelectionSettings,
        notes: list[str],
    ) -> None:
        self._pool, self._scores, self._candidates, self._members = pool, scores, candidates, members
        self._further, self._settings, self._notes = further, settings, notes

    def costs(self, split: Split) -> SplitCosts:
        """Score everything on a split that is not scored there yet."""
        pool, scores, members = self._pool, self._scores, self._members
        instances = scores.instances(split)
        families = [instance.family for instance in instances.instances]
        alone = _columns(members, scores.of_heuristics(members, split), len(families), split, self._notes)
        selected, probes, shares = alone, None, []
        if len(members) > 1:
            selected = self._taken_over(split, alone)
            if scores.can_probe:
                tried = scores.evaluations({each.name: each.code for each in members}, f"probe:{split}")
                probes = np.column_stack([_costs_of(tried[each.name], len(families)) for each in members])
                shares = scores.shares(split)
        rules = pool.problem.rule_classes().alike(pool.problem.textbook_rules())
        scored = score_textbook_rules(pool.problem, instances, only=rules)
        known = {tuple(column.tolist()) for column in [*alone.T, *self._others(split)] if not np.isnan(column).any()}
        return SplitCosts(
            families=families,
            weights=_weights(families, self._settings.weight_kind),
            alone=alone,
            selected=selected,
            probes=probes,
            shares=shares,
            oracle=np.array(sorted(known)).min(axis=0) if known else np.full(len(families), np.nan),
            oracle_size=len(known),
            textbook={name: worths for name, each in scored.items() if (worths := worths_of(each)) is not None},
        )

    def _others(self, split: Split) -> list[Floats]:
        """What is known of heuristics that are no members."""
        scored = list(self._scores.of_heuristics(self._further, split))
        if split == "train":
            scored += [each.evaluation for each in self._candidates]
        else:
            scored += [found for each in self._pool.heuristics if (found := self._scores.known(each, split)) is not None]
        return [worths for each in scored if (worths := worths_of(each)) is not None]

    def _taken_over(self, split: Split, alone: Floats) -> Floats:
        """What each member is worth if it is chosen.

        Online, the first decides on the prefix, and the chosen one from then on.
        """
        problem, members = self._pool.problem, self._members
        if not isinstance(problem, OnlineProblem):
            return alone
        arrived = problem.arrivals_argument()
        if arrived is None:
            words = "Heuristics of this problem are not told how many pieces have arrived, so none can take over: always the single best."
            self._notes += [] if words in self._notes else [words]
            return np.column_stack([alone[:, 0]] * len(members))
        signature, prefix = signatures_of(problem.functions())[0], self._settings.prefix
        codes = {
            f"{members[0].name} then {each.name}": taking_over(
                members[0].code, each.code, signature, arrived=arrived, after=prefix
            )
            for each in members[1:]
        }
        made = self._scores.evaluations(codes, split)
        rows = alone.shape[0]
        columns = [worths if (worths := worths_of(made[name])) is not None else np.full(rows, np.nan) for name in codes]
        return np.column_stack([alone[:, 0], *columns])


def _columns(
    members: Sequence[PooledHeuristic], evaluations: Sequence[Evaluation], instances: int, split: str, notes: list[str]
) -> Floats:
    columns = []
    for each, evaluation in zip(members, evaluations, strict=True):
        worths = worths_of(evaluation)
        if worths is None:
            notes.append(
                f"{each.name} fails on {split} ({evaluation.status.value}: {evaluation.detail}); what needs it is worth nothing there."
            )
        columns.append(np.full(instances, np.nan) if worths is None else worths)
    return np.column_stack(columns)


def _costs_of(evaluation: Evaluation, instances: int) -> Floats:
    """Costs on small instances; infinite from where a heuristic failed, so that it is not kept."""
    costs = np.full(instances, np.inf)
    if evaluation.status is Status.OK:
        costs[:] = [result.cost for result in evaluation.results]
    return costs


def _weights(families: Sequence[str], kind: InstanceWeights) -> Floats:
    size = Counter(families)
    by_family = kind == "families"
    return np.array([1.0 / (len(size) * size[family]) if by_family else 1.0 / len(families) for family in families])
