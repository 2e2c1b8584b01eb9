"""The textbook rules of a run's problem, scored on its instances."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from evoheur.api.contender import scoring_config
from evoheur.archive.records import RunRecord
from evoheur.candidate import Evaluation
from evoheur.errors import ConfigError
from evoheur.problem import Problem, Split
from evoheur.problem_loading import load_problem
from evoheur.run.config import RunConfig
from evoheur.run.instance_source import InstanceSource
from evoheur.run.problem_hash import is_problem
from evoheur.run.textbook_evaluations import TextbookEvaluations, epoch_seed, score_textbook
from evoheur.textbook_rule import RuleClasses

__all__ = ["RunTextbook", "score_run_textbook", "score_textbook_on_split"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTextbook:
    """Textbook rules on the instances of a run.

    Attributes:
        rules: Split → textbook rule → its evaluation, best objective first.
        classes: What the discovered and the textbook rules know, and how much work they do.
        fresh: Whether the run drew fresh training instances, so that objectives on train are of another epoch than the rules'.
    """

    rules: Mapping[str, Mapping[str, Evaluation]]
    classes: RuleClasses = field(default_factory=RuleClasses)
    fresh: bool = False

    def objectives(self, split: str) -> dict[str, float]:
        """Rule → its objective on a split, best first, of those that solved it."""
        scored = self.rules.get(split, {})
        return {name: evaluation.objective for name, evaluation in scored.items() if evaluation.objective is not None}


def score_run_textbook(
    run: RunRecord, splits: Collection[Split] = ("train", "validation"), *, saying: Callable[[str], None] = lambda _what: None
) -> RunTextbook:
    """Score the textbook rules of a run's problem; nothing is stored, and no candidate runs.

    Args:
        run: Its record.
        splits: On which instances; of train the problem's own, those of epoch 0.
        saying: Hears what is being done.

    Raises:
        ConfigError: The problem is not there, changed since the run, or its instances are not those of the run.
    """
    saying("preparing the problem")
    config, problem, source = _prepared(run)
    evaluations = TextbookEvaluations(source, config.train, seed=run.seed)
    scored: dict[str, Mapping[str, Evaluation]] = {}
    for split in splits:
        saying(f"scoring the textbook rules on {split}")
        scored[split] = evaluations.on(split)
    return RunTextbook(rules=scored, classes=problem.rule_classes(), fresh=config.train.resample is not None)


def score_textbook_on_split(
    run: RunRecord, split: str, *, epoch: int = 0, starting: Callable[[str], None] = lambda _name: None
) -> Mapping[str, Evaluation]:
    """Score the textbook rules on the instances of a split, in one of its epochs.

    Nothing is stored, and no candidate runs. They run on the trusted side; slow rules on large instances take minutes.

    Args:
        run: Its record.
        split: "train", "validation" or "test".
        epoch: Of training instances, as in `Evaluation`.
        starting: Hears the name of each rule before it is scored; what it raises ends the scoring.

    Returns:
        Textbook rule → its evaluation, best objective first; empty where the problem has none.

    Raises:
        ConfigError: It is no split of the problem's own; else as for `score_run_textbook`.
    """
    named = next((known for known in get_args(Split) if known == split), None)
    if named is None:
        raise ConfigError(f"Textbook rules are not scored on {split!r}; name one of {', '.join(get_args(Split))}.")
    config, problem, source = _prepared(run)
    if epoch and config.train.hard_instances is not None:
        raise ConfigError(
            f"The training instances of epoch {epoch} of run {run.name!r} hold families that only the run itself draws "
            "(train.hard_instances); score the textbook rules on validation."
        )
    instances = source.resampled(seed=epoch_seed(config.seed, epoch), epoch=epoch) if epoch else source.split(named)
    return score_textbook(problem, instances, config.train, starting=starting).rules


def _prepared(run: RunRecord) -> tuple[RunConfig, Problem[Any], InstanceSource]:
    """The configuration of a run, its problem, warmed up, and where its instances come from."""
    if not is_problem(run.problem_hash, run.problem):
        raise ConfigError(
            f"The sources of problem {run.problem!r} changed since run {run.name!r}, so scores would not compare; put them back, or do "
            "without the textbook rules."
        )
    config = scoring_config(run)
    named = config.problem
    problem: Problem[Any] = load_problem(named.name, named.settings)
    problem.warm_up()
    return config, problem, InstanceSource.of(problem, named, memory_mib=config.evaluation.limits.memory_mib)
