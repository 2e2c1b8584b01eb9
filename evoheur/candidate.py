"""Candidates, their evaluations and their results by instance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from evoheur import html_fragments
from evoheur.problem import Aggregate

__all__ = [
    "AUDIT",
    "BY_SOURCE",
    "UNNUMBERED",
    "Candidate",
    "Evaluation",
    "InstanceResult",
    "ObjectiveKind",
    "Status",
    "TextbookGap",
]

AUDIT = "audit"
"""The split of fresh instances on which the best of a run are scored at its end, and which no selection ever sees."""
BY_SOURCE = "source"
"""Stands for an isolation level where nothing was executed: trusted code did what the candidate's source says."""
UNNUMBERED = -1
"""Stands for the number of a candidate that has none yet: it gets one when it is stored, before the strategy is told."""
ObjectiveKind: TypeAlias = Literal["gap_percent", "mean_cost", "textbook_ratio"]
"""What an objective is: the gap to the references in percent; the mean cost where they do not count; or the gap as a multiple of the best
textbook rule's, by family (`evoheur.evaluation.objective.fold`). All are minimised."""


_KIND_WORDS: Mapping[ObjectiveKind | None, str] = {
    "gap_percent": "gap in percent",
    "mean_cost": "mean cost",
    "textbook_ratio": "times textbook",
    None: "objective",
}


class Status(StrEnum):
    """How an evaluation ended.

    Every failure has its own word and a reason beside it.
    """

    OK = "ok"
    REJECTED = "rejected"  # did not pass the static screen
    ERROR = "error"  # the heuristic raised
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"  # the answer was larger than the limit
    CRASHED = "crashed"  # the guest process died
    INFEASIBLE = "infeasible"  # the solution broke a constraint, or was no solution at all
    PRUNED = "pruned"  # stopped early, since what it cost so far already kept it out; no fault
    CHEATING = "cheating"  # the answer came out of turn, or used what it could not know
    SCALE_DEPENDENT = "scale_dependent"  # another solution in other units, or under another symmetry of the problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TextbookGap:
    """The best textbook rule on one family of instances.

    Attributes:
        rule: Its name.
        gap: Its gap over the family, in percent.
    """

    rule: str
    gap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceResult:
    """One heuristic on one instance.

    Attributes:
        instance: The instance's name.
        family: The group of instances it is reported with.
        status: How it ended.
        cost: The trusted price of the solution, minimised; None unless the status is OK.
        reference: Optimum, best known value or bound in units of cost; None where there is none.
        cpu_seconds: Processor time of the candidate on this instance, in seconds; small instances that it was asked together share theirs.
        detail: Shortened traceback or violated constraint.
        notes: What the solver noted of itself, such as the path it took; claimed by the guest, so never part of a score.
    """

    instance: str
    family: str
    status: Status
    cost: float | None
    reference: float | None
    cpu_seconds: float = 0.0
    detail: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def gap(self) -> float | None:
        """Excess of cost over reference, in percent of the reference's size.

        None without either, or where the reference is 0. A problem that maximises has negative costs and references: of a bound of -100, a
        cost of -90 misses 10 %.
        """
        if self.cost is None or not self.reference:
            return None
        excess = 100.0 * (self.cost / self.reference - 1.0)
        return excess if self.reference > 0 else 0.0 - excess  # which is never -0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One heuristic on one split.

    Attributes:
        status: OK only if every instance is OK; else the status of the first instance that failed.
        objective: Minimised; its kind says what it is. None unless OK.
        objective_kind: What the objective is; None exactly where there is none.
        aggregate: How the problem makes one gap of those of instances; None where it was not stored (archives before schema 0005).
        split: The instances' split, "audit" for the fresh ones of `AUDIT`, or "custom" for a user's own file.
        results: Per instance, in the order they ran; shorter than the split after a failure.
        measures: Numbers that describe the code (lines, nodes, loops, …), equal in every process; for reports and MAP-Elites.
        level: The isolation level that the candidate ran at; `BY_SOURCE` where it did not run (in archives of earlier versions the level of
            those who would have run it).
        detail: Why the status is what it is; empty if OK.
        epoch: Which training instances these were: 0 for the problem's own, from 1 on for fresh ones (`train.resample`).
        fingerprint: Hash of what the heuristic answers in probe states, 32 hexadecimal digits, claimed by the guest; empty where it was
            not asked, or failed.
        executed: Whether the candidate itself solved the instances; False where trusted code did, by what its source says. Not stored, as
            that makes no difference to the costs.
    """

    status: Status
    objective: float | None
    objective_kind: ObjectiveKind | None = None
    aggregate: Aggregate | None = None
    split: str
    results: tuple[InstanceResult, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    level: str = ""
    detail: str = ""
    epoch: int = 0
    fingerprint: str = ""
    executed: bool = field(default=True, compare=False)

    @property
    def cpu_seconds(self) -> float:
        """Processor time over all instances, in seconds."""
        return sum([result.cpu_seconds for result in self.results])

    @property
    def stopped_unsolved(self) -> bool:
        """Whether it was cut short before the first instance, as of a twin."""
        return self.status is Status.PRUNED and not self.results

    @property
    def behaviour(self) -> tuple[float, ...] | None:
        """The costs of all instances in order; None unless OK.

        By these, heuristics are found that differ in code but not in effect.
        """
        costs = tuple(result.cost for result in self.results if result.cost is not None)
        return costs if self.status is Status.OK and len(costs) == len(self.results) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A heuristic with its history and its worth on the training split.

    Attributes:
        id: Number within its run, from 0 (the baseline) in the order the strategy was told.
        code: Python source that defines the problem's heuristic.
        thought: The idea in a sentence (EoH's "algorithm").
        operator: What bred it: "e1", "m2", "baseline", …
        parents: Numbers of the candidates it was bred from.
        evaluation: Its worth on the training split.
        duplicate_of: Number of the earlier candidate whose evaluation this one shares: with the same normalised code or, of a twin, with
            other code that does the same (`evoheur.run.novelty`).
        code_hash: Hash of the normalised code, by which duplicates are found; empty for one that no archive has seen.
        is_twin: Whether it shares an evaluation although its code is another.
    """

    id: int
    code: str
    thought: str
    operator: str
    parents: tuple[int, ...]
    evaluation: Evaluation
    duplicate_of: int | None = None
    code_hash: str = ""
    is_twin: bool = False

    @property
    def objective(self) -> float | None:
        """The training objective, minimised; None if the candidate failed."""
        return self.evaluation.objective

    @property
    def bred_by(self) -> str:
        """The operator and the parents, such as "m2 of 3" or "i1"."""
        parents = ", ".join(str(parent) for parent in self.parents)
        return f"{self.operator} of {parents}" if parents else self.operator

    def _repr_html_(self) -> str:
        """The candidate in a notebook; what a model wrote is escaped."""
        evaluation = self.evaluation
        failed = f"{evaluation.status.value}: {evaluation.detail}" if evaluation.detail else evaluation.status.value
        worth = failed if evaluation.objective is None else f"{_KIND_WORDS[evaluation.objective_kind]} {evaluation.objective:.6g}"
        return "".join(
            [
                html_fragments.paragraph(f"Candidate {self.id} ({self.bred_by}); {worth} on train", strong=True),
                html_fragments.paragraph(self.thought, emphasis=True),
                html_fragments.code_block(self.code),
            ]
        )
