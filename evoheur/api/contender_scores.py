"""Scores of a heuristic and the textbook rules, on the same instances."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evoheur.api.contender import Contender
from evoheur.api.family_comparison import FamilyComparison
from evoheur.api.scoring import complete_families, score
from evoheur.archive.archive import Archive
from evoheur.archive.connection import can_be_written
from evoheur.candidate import Evaluation, Status
from evoheur.code.program import measures
from evoheur.code.screening import screen
from evoheur.evaluation.instance_set import CUSTOM, InstanceSet
from evoheur.evaluation.objective import family_ratios, gap_percent, refolded
from evoheur.problem import Aggregate
from evoheur.run.problem_hash import is_problem
from evoheur.run.textbook_evaluations import score_textbook
from evoheur.textbook_rule import RuleClasses

__all__ = ["ContenderScores", "score_contender", "store_score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContenderScores:
    """The evaluations of a contender and of the textbook rules.

    All on the same instances.

    Attributes:
        contender: Its name.
        instances: What was solved.
        evaluation: Of the contender.
        rules: Textbook rule → its evaluation, best first; without the contender, if it is one.
        aggregate: The problem's.
        classes: Of the rules.
    """

    contender: str
    instances: InstanceSet
    evaluation: Evaluation
    rules: Mapping[str, Evaluation]
    aggregate: Aggregate
    classes: RuleClasses = field(default_factory=RuleClasses)

    @property
    def comparison(self) -> FamilyComparison:
        """The comparison of contender and rules, family by family."""
        scored = {self.contender: self.evaluation, **self.rules}
        return FamilyComparison.of(scored, self.instances, self.aggregate, classes=self.classes)

    def gap(self, evaluation: Evaluation) -> float | None:
        """The gap in percent over all instances.

        None unless every instance is solved and has a reference.
        """
        return gap_percent(evaluation.results, self.aggregate) if evaluation.status is Status.OK else None

    @property
    def ratios(self) -> dict[str, float]:
        """Family → the contender's gap as a multiple of the best textbook rule's.

        Empty unless its objective is made of these.
        """
        textbook = self.instances.textbook
        if textbook is None or self.evaluation.status is not Status.OK:
            return {}
        return family_ratios(self.evaluation.results, self.aggregate, textbook)

    def family_gaps(self, evaluation: Evaluation) -> dict[str, float | None]:
        """The gap of each family, in percent.

        None unless all of its instances are solved and have references.
        """
        families = complete_families(evaluation, self.instances)
        return {family: gap_percent(results, self.aggregate) for family, results in families.items()}


def score_contender(contender: Contender, instances: InstanceSet, saying: Callable[[str], None]) -> ContenderScores:
    """Score a contender, and the textbook rules beside it.

    The contender runs in the sandbox. Objectives are relative to textbook rules if the contender's run minimised those, and the instances
    have references.

    Args:
        contender: What is to be scored.
        instances: What to solve.
        saying: Hears the name of each rule before it is scored.

    Raises:
        ExecutorError: The guest cannot be started.
    """
    contender.problem.warm_up()
    own = None if contender.rule is not None else _score(contender, instances)
    scored = score_textbook(contender.problem, instances, contender.train, starting=saying)
    instances, rules = scored.instances, dict(scored.rules)
    if own is not None and instances.textbook is not None:
        own = refolded(own, contender.problem.aggregate, instances.textbook)
    if own is None:
        assert contender.rule is not None, "a contender is a rule or has code"
        own = rules.pop(contender.rule)
    return ContenderScores(
        contender=contender.name,
        instances=instances,
        evaluation=own,
        rules=rules,
        aggregate=contender.problem.aggregate,
        classes=contender.problem.rule_classes(),
    )


def store_score(archive: str, contender: Contender, evaluation: Evaluation) -> bool:
    """Store the score of a run's candidate in its archive.

    Only one that the run itself could have made; returns whether it was stored.
    """
    if contender.run is None or contender.record is None or evaluation.split in {"train", CUSTOM}:
        return False
    if not is_problem(contender.run.problem_hash, contender.run.problem) or not can_be_written(archive):
        return False
    with Archive.open(archive) as opened:
        opened.record_evaluation(contender.run.id, contender.record.candidate.id, evaluation)
    return True


def _score(contender: Contender, instances: InstanceSet) -> Evaluation:
    assert contender.code is not None, "a contender is a rule or has code"
    reason = (
        screen(contender.code, contender.evaluation.screen.allowing(contender.problem.libraries)) if contender.screened else None
    )
    if reason is not None:
        return Evaluation(
            status=Status.REJECTED, objective=None, split=instances.split, measures=measures(contender.code), detail=reason
        )
    return score(contender.problem, contender.named, contender.evaluation, contender.code, instances, seed=contender.seed)
