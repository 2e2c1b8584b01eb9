"""The strategy of a configuration, before its first request."""

import random

from evoheur.candidate import Candidate
from evoheur.problem_loading import load_problem
from evoheur.run.config import RunConfig
from evoheur.strategies.asking_again import AskingAgain
from evoheur.strategies.editing import Editing
from evoheur.strategies.hard_instances import HardResampling
from evoheur.strategies.note_skipping import note_operators, without_notes
from evoheur.strategies.prompt_duels import evolving
from evoheur.strategies.repairing import REPAIR_CARD, Repairing
from evoheur.strategies.resampling import Resampling
from evoheur.strategies.strategy import Strategy
from evoheur.strategies.tuning import Tuning
from evoheur.strategies.tuning_before_survival import TuningBeforeSurvival
from evoheur.strategies.warm_starting import WarmStarting

__all__ = ["fresh_strategy", "unasked_notes"]


def unasked_notes(config: RunConfig) -> tuple[str, ...]:
    """The strategy's operators that are not asked for, since the generator has nothing to say."""
    return note_operators(config.strategy) if config.notes is False else ()


def fresh_strategy(config: RunConfig, baseline: Candidate) -> Strategy:
    """Make a fresh strategy with all that the configuration puts around it; equal seeds make equal strategies, in every process.

    Args:
        config: Of the run, as its archive stores it.
        baseline: Candidate 0, evaluated.
    """
    strategy = config.strategy.build(baseline, random.Random(f"{config.seed}/strategy"))  # noqa: S311 - not a secret
    if unasked_notes(config):
        strategy = without_notes(strategy)
    if config.train.resample is not None:
        strategy = _resampling(strategy, config, baseline, config.train.resample.every)
    if config.novelty.twins == "ask_again":
        strategy = AskingAgain(strategy)
    if config.repair:
        strategy = Repairing(strategy, config.repair)
    if config.prompt_evolution is not None:  # outside of repair, so that an instruction is judged by what came first
        strategy = evolving(strategy, config.prompt_evolution, random.Random(f"{config.seed}/prompts"))  # noqa: S311 - not a secret
    if config.edits is not None:
        cards = {**config.strategy.catalogue, **(REPAIR_CARD if config.repair else {})}
        strategy = Editing(strategy, cards, config.edits.from_lines)
    if config.seeds:  # outside of repair, since nobody but its author mends a program that was named
        strategy = WarmStarting(strategy, config.seeds)
    if config.tune is None:
        return strategy
    return Tuning(strategy, config.tune) if config.tune.before_survival is None else TuningBeforeSurvival(strategy, config.tune)


def _resampling(strategy: Strategy, config: RunConfig, baseline: Candidate, every: int) -> Strategy:
    hard = config.train.hard_instances
    if hard is None:
        return Resampling(strategy, baseline, every)
    return HardResampling(
        strategy,
        baseline,
        every,
        config=hard,
        variations=load_problem(config.problem.name, config.problem.settings).variations(),
        rng=random.Random(f"{config.seed}/hard instances"),  # noqa: S311 - not a secret
    )
