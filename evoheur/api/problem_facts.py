"""Facts about a problem.

What a model is told of it, its settings and limits, and what there is to beat.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evoheur.api.plugin_listing import usable_problems
from evoheur.api.problem_scores import OWN, SplitScores, score_sets
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import LimitsConfig
from evoheur.problem import SPLITS, Problem, Split, to_json
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.run.problem_config import ProblemConfig

__all__ = ["OWN", "LimitsConfig", "ProblemCard", "ProblemFacts", "SplitScores", "problem_facts", "usable_cards"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFacts:
    """All there is to know of a problem.

    Attributes:
        named: Its name and settings.
        problem: The problem itself.
        card: What a model is told.
        scores: Split → what its own heuristic and its textbook rules are worth there.
        limits: What a candidate may use, unless a configuration says otherwise.
    """

    named: ProblemConfig
    problem: Problem[Any]
    card: ProblemCard
    scores: Mapping[str, SplitScores]
    limits: LimitsConfig

    @property
    def defaults(self) -> dict[str, Any]:
        """The settings with their defaults; None where one has no default."""
        parameters = inspect.signature(type(self.problem)).parameters.values()
        return {
            parameter.name: None if parameter.default is parameter.empty else to_json(parameter.default)
            for parameter in parameters
        }


def problem_facts(
    named: ProblemConfig,
    *,
    splits: Sequence[Split] = SPLITS,
    instances: Path | None = None,
    saying: Callable[[str], None] = lambda _what: None,
) -> ProblemFacts:
    """Find out everything about a problem; scoring its textbook rules takes seconds.

    Args:
        named: The problem.
        splits: What is scored.
        instances: A file or folder of your own, in place of the splits.
        saying: Hears what is being scored.

    Raises:
        ConfigError: There is no such problem, or the instances cannot be read.
        ExecutorError: The sandbox cannot be started.
    """
    problem = load_problem(named.name, named.settings)
    card = ProblemCard.from_problem(problem)
    if instances is not None:
        sets = [InstanceSet.of_path(problem, instances, partly=True)]
    else:
        sets = [InstanceSet.of_split(problem, split) for split in splits]
    scores = score_sets(problem, named, sets, saying)
    return ProblemFacts(named=named, problem=problem, card=card, scores=scores, limits=LimitsConfig())


def usable_cards() -> dict[str, ProblemCard]:
    """The descriptions of all problems, as models are told them.

    By name: sorted, the problems that ship with evoheur before those of installed plug-ins.

    Raises:
        EvoheurError: There are none, so that something is wrong with the installation.
    """
    return {name: ProblemCard.from_problem(load_problem(name)) for name in usable_problems()}
