"""Scores of a problem's textbook rules, made once.

For all the runs that are shown beside them, and for those that are measured by them.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evoheur.candidate import Evaluation, TextbookGap
from evoheur.errors import ConfigError
from evoheur.evaluation.instance_set import InstanceSet, cannot_resample, cannot_vary
from evoheur.evaluation.objective import refolded
from evoheur.evaluation.textbook_gaps import best_textbook_gaps, counting_rules, gaps_to_measure_by, refuse_unmeasurable
from evoheur.evaluation.textbook_scores import best_first, score_textbook_rules, with_textbook_references
from evoheur.problem import Problem, Split
from evoheur.request import VariedFamily
from evoheur.run.instance_source import InstanceSource
from evoheur.run.problem_config import ProblemConfig
from evoheur.run.selection_config import TrainConfig

__all__ = ["ScoredTextbook", "TextbookEvaluations", "epoch_seed", "score_textbook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredTextbook:
    """Instances with the evaluations of the textbook rules on them.

    Attributes:
        instances: With the rules' gaps, if objectives are relative to those.
        rules: Textbook rule → its evaluation, best objective first, relative to the best of them if objectives are.
        fault: Why objectives are gaps or costs, although they should be relative; None if they are as they should be.
    """

    instances: InstanceSet
    rules: Mapping[str, Evaluation]
    fault: ConfigError | None = None


def _unheard(_name: str) -> None:
    pass


def score_textbook(
    problem: Problem[Any], instances: InstanceSet, train: TrainConfig, *, starting: Callable[[str], None] = _unheard
) -> ScoredTextbook:
    """Score textbook rules, with objectives as a configuration wants them.

    Args:
        problem: Warmed up.
        instances: What the rules solve.
        train: Says what objectives are relative to.
        starting: Hears the name of each rule before it is scored.
    """
    rules = score_textbook_rules(problem, instances, starting=starting)
    if train.relative_to == "references":
        return ScoredTextbook(instances=instances, rules=rules)
    try:
        counting = counting_rules(problem, train.rules)
        refuse_unmeasurable(problem, instances)
        gaps = gaps_to_measure_by(rules, instances, problem.aggregate, counting)
    except ConfigError as fault:
        return ScoredTextbook(instances=instances, rules=rules, fault=fault)
    relative = {name: refolded(evaluation, problem.aggregate, gaps) for name, evaluation in rules.items()}
    return ScoredTextbook(instances=replace(instances, textbook=gaps), rules=best_first(relative))


def epoch_seed(seed: int, epoch: int) -> int:
    """The seed of an epoch's fresh training instances, from 0 to below 2^31.

    Args:
        seed: The run's.
        epoch: At least 1.
    """
    return int.from_bytes(hashlib.sha256(f"{seed}/train/{epoch}".encode()).digest()[:4]) >> 1


class TextbookEvaluations:
    """Scores a split's rules when they are first asked for.

    Args:
        source: The instances of every split; its problem is warmed up by then.
        train: Says what objectives are relative to.
        seed: The run's, from which fresh training instances follow.
    """

    def __init__(self, source: InstanceSource, train: TrainConfig, *, seed: int) -> None:
        self._source = source
        self._train = train
        self._seed = seed
        self._varied: dict[int, tuple[tuple[VariedFamily, ...], bool]] = {}
        self._made: dict[tuple[Split, int], InstanceSet] = {}
        self._scored: dict[tuple[Split, int], ScoredTextbook] = {}

    def on(self, split: Split, epoch: int = 0) -> Mapping[str, Evaluation]:
        """The evaluations of the rules on a split, best objective first.

        Args:
            split: Which.
            epoch: Of training instances, as in `Evaluation`. Of the fresh ones only the latest asked for are kept.
        """
        return self._on(split, epoch).rules

    def instances(self, split: Split, epoch: int = 0) -> InstanceSet:
        """The instances of a split as candidates are scored on them.

        Args:
            split: Which.
            epoch: As for `on`.

        Raises:
            ConfigError: Objectives are to be relative to textbook rules, and cannot be.
        """
        if self._train.relative_to == "references":
            return self._plain(split, epoch)
        scored = self._on(split, epoch)
        if scored.fault is not None:
            raise scored.fault
        return scored.instances

    def vary(self, epoch: int, varied: Sequence[VariedFamily], *, only: bool) -> None:
        """Take note of the families that join the training instances of an epoch, before it is made.

        Args:
            epoch: At least 1.
            varied: The families.
            only: Whether they are tried on: all of it, with what the best textbook rule costs as references.
        """
        self._varied = {epoch: (tuple(varied), only)}

    def audited(self, seed: int, most: int) -> InstanceSet:
        """Fresh instances for an audit, as candidates are scored on them; the rules are scored only where objectives need them.

        Args:
            seed: As `Problem.resampled` takes it.
            most: At most so many.

        Raises:
            ConfigError: As for `instances`, or the problem draws none.
        """
        plain = InstanceSet.of_audit(self._source.problem, seed=seed, most=most)
        if self._train.relative_to == "references":
            return plain
        scored = score_textbook(self._source.problem, plain, self._train)
        if scored.fault is not None:
            raise scored.fault
        return scored.instances

    def gaps(self, split: Split, epoch: int = 0) -> Mapping[str, TextbookGap]:
        """Family → the best textbook rule on a split.

        Of those that objectives are relative to, or else of the heuristics' own class.
        """
        scored = self._on(split, epoch)
        if scored.instances.textbook is not None:
            return scored.instances.textbook
        alike = self._source.problem.rule_classes().alike(scored.rules) or scored.rules
        return best_textbook_gaps({name: scored.rules[name] for name in alike})

    def refuse(self, named: ProblemConfig) -> None:
        """Refuse what objectives cannot be relative to, before anything is spent.

        Args:
            named: The problem as it is configured.

        Raises:
            ConfigError: `train.resample` is set, and there are no fresh training instances; or `train.relative_to` is "textbook", and the
                problem has no textbook rules or minimises no gaps, its set is a published one, or an instance of train or validation
                has no reference.
        """
        self._refuse_resampling(named)
        self._refuse_variations()
        if self._train.relative_to == "references":
            return
        published = named.settings.get("set")
        if published is not None:
            raise ConfigError(
                f"The set {published!r} is a published one, on which results compare with papers by plain gaps; use train.relative_to: "
                "references with it, or train on the problem's own instances."
            )
        counting_rules(self._source.problem, self._train.rules)
        splits: tuple[Split, ...] = ("train", "validation")
        for split in splits:
            refuse_unmeasurable(self._source.problem, self._plain(split, 0))

    def _refuse_resampling(self, named: ProblemConfig) -> None:
        if self._train.resample is None:
            return
        if "train" in named.files:
            raise ConfigError(
                f"The training instances are those of {named.files['train'].path!r}, and train.resample asks for fresh ones; leave one of "
                "the two out."
            )
        if self._source.problem.resampled(epoch_seed(self._seed, 1)) is None:
            raise ConfigError(cannot_resample(self._source.problem))

    def _refuse_variations(self) -> None:
        problem = self._source.problem
        if self._train.hard_instances is None:
            return
        if not problem.variations():
            raise ConfigError(cannot_vary(problem))
        if problem.aggregate != "mean_of_gaps":
            raise ConfigError(
                f"{type(problem).__name__} makes its objective by {problem.aggregate!r}, in which the share of train.hard_instances is not "
                "that of their number; leave train.hard_instances out, or set aggregate to mean_of_gaps in the problem."
            )

    def _plain(self, split: Split, epoch: int) -> InstanceSet:
        if (split, epoch) not in self._made:
            _forget_fresh(self._made, epoch)
            self._made[split, epoch] = self._fresh(epoch) if epoch else self._source.split(split)
        return self._made[split, epoch]

    def _fresh(self, epoch: int) -> InstanceSet:
        varied, only = self._varied.get(epoch, ((), False))
        made = self._source.resampled(seed=epoch_seed(self._seed, epoch), epoch=epoch, varied=varied, only_varied=only)
        return with_textbook_references(self._source.problem, made) if only else made

    def _on(self, split: Split, epoch: int) -> ScoredTextbook:
        if (split, epoch) not in self._scored:
            _forget_fresh(self._scored, epoch)
            plain = self._plain(split, epoch)
            self._scored[split, epoch] = score_textbook(self._source.problem, plain, self._train)
        return self._scored[split, epoch]


def _forget_fresh(made: dict[tuple[Split, int], Any], epoch: int) -> None:
    """Forget fresh instances before others take their place: a long run makes hundreds of them."""
    if epoch:
        for key in [key for key in made if key[1]]:
            del made[key]
