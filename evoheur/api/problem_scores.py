"""Scores of a problem's own heuristic and textbook rules."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evoheur.api.family_comparison import FamilyComparison
from evoheur.api.scoring import score
from evoheur.candidate import Evaluation
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.textbook_scores import score_textbook_rules
from evoheur.problem import Aggregate, Problem
from evoheur.prompts.card import ProblemCard
from evoheur.run.config import EvaluationConfig
from evoheur.run.problem_config import ProblemConfig
from evoheur.textbook_rule import RuleClasses

__all__ = ["OWN", "SplitScores", "score_sets"]

OWN = "starting heuristic"
"""The problem's own heuristic, as tables name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitScores:
    """Scores of the problem's heuristic and rules on instances.

    Attributes:
        instances: The set.
        own: The problem's own heuristic, in the sandbox.
        rules: Textbook rule → its evaluation, best first.
        aggregate: The problem's.
        classes: Of the rules.
    """

    instances: InstanceSet
    own: Evaluation
    rules: Mapping[str, Evaluation]
    aggregate: Aggregate
    classes: RuleClasses = field(default_factory=RuleClasses)

    @property
    def comparison(self) -> FamilyComparison:
        """The comparison of heuristic and rules, family by family."""
        return FamilyComparison.of({OWN: self.own, **self.rules}, self.instances, self.aggregate, classes=self.classes)

    @property
    def seconds(self) -> float | None:
        """Mean processor seconds of the problem's own heuristic per instance.

        None if it solved none.
        """
        return self.own.cpu_seconds / len(self.own.results) if self.own.results else None

    @property
    def slowest(self) -> float:
        """The longest processor seconds of the problem's own heuristic, on one instance."""
        return max((result.cpu_seconds for result in self.own.results), default=0.0)


def score_sets(
    problem: Problem[Any], named: ProblemConfig, sets: Iterable[InstanceSet], saying: Callable[[str], None]
) -> dict[str, SplitScores]:
    """Score the problem's own heuristic and its textbook rules.

    Args:
        problem: Loaded from `named`.
        named: As the guest loads it too.
        sets: What to solve.
        saying: Hears what is being scored.

    Returns:
        Split → scores.

    Raises:
        ExecutorError: The guest cannot be started.
    """
    problem.warm_up()
    code = ProblemCard.from_problem(problem).code
    scores: dict[str, SplitScores] = {}
    for instances in sets:
        saying(f"{OWN} on {instances.split}")
        own = score(problem, named, EvaluationConfig(), code, instances, seed=1)
        rules = score_textbook_rules(problem, instances, starting=_on(instances.split, saying))
        scores[instances.split] = SplitScores(
            instances=instances, own=own, rules=rules, aggregate=problem.aggregate, classes=problem.rule_classes()
        )
    return scores


def _on(split: str, saying: Callable[[str], None]) -> Callable[[str], None]:
    return lambda rule: saying(f"{rule} on {split}")
