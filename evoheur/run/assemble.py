"""Assembling a run from its configuration.

Reads like the picture in the README.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evoheur.archive.archive import Archive
from evoheur.archive.connection import shown
from evoheur.archive.records import RunRecord
from evoheur.candidate import Candidate
from evoheur.code.signature import signatures_of
from evoheur.errors import ConfigError, ReplayDiverged
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import Executor
from evoheur.generation.generator import Generator, GeneratorContext, RecordedReply
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems, names_folder
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import SHARED_FOLDER, PromptLibrary
from evoheur.run.answered_prompts import AnsweredPrompts
from evoheur.run.audit import Audit
from evoheur.run.breeding_session import Breeding
from evoheur.run.config import EvaluationConfig, ProblemConfig, RunConfig
from evoheur.run.discovery import Discovery
from evoheur.run.events import Events, Observer, Preparing, Throttled
from evoheur.run.instance_source import InstanceSource
from evoheur.run.pipeline import Pipeline
from evoheur.run.problem_hash import changed_files, is_problem, problem_hash
from evoheur.run.textbook_evaluations import TextbookEvaluations
from evoheur.run.train_epochs import TrainEpochs
from evoheur.strategies.repairing import REPAIR_CARD, Repairing
from evoheur.strategies.resampling import Resampling
from evoheur.strategies.strategy import Strategy
from evoheur.strategies.tuning import Tuning
from evoheur.strategies.warm_starting import WarmStarting
from evoheur.variation import Variation
from evoheur.version import __version__

__all__ = ["Parts", "assemble", "check_unchanged", "create_run", "make_executor", "prepare", "update_run"]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts that a run needs besides an archive.

    Made and checked before anything is written or spent.

    Attributes:
        config: The run's configuration.
        problem: The problem, trusted side.
        source: The instances of its splits; those from files with their hashes, as in `config`.
        rules: The problem's textbook rules on them.
        prompts: Renders requests.
        generator: Answers them.
        events: Who looks on.
    """

    config: RunConfig
    problem: Problem[Any]
    source: InstanceSource
    rules: TextbookEvaluations
    card: ProblemCard
    prompts: PromptLibrary
    generator: Generator
    events: Events

    @property
    def template_folder(self) -> str:
        """The folder of the strategy's templates."""
        return self.config.strategy.template_folder

    @property
    def template_folders(self) -> tuple[str, ...]:
        """The folders of all templates of this run."""
        return (*self.config.strategy.template_folders, *([SHARED_FOLDER] if self.config.repair else []))

    def make_strategy(self, baseline: Candidate) -> Strategy:
        """Make a fresh strategy; equal seeds make equal strategies, in every process."""
        config = self.config
        strategy = config.strategy.build(baseline, random.Random(f"{config.seed}/strategy"))  # noqa: S311 - not a secret
        if config.train.resample is not None:
            strategy = Resampling(strategy, baseline, config.train.resample.every)
        if config.repair:
            strategy = Repairing(strategy, config.repair)
        if config.seeds:  # outside of repair, since nobody but its author mends a program that was named
            strategy = WarmStarting(strategy, config.seeds)
        return strategy if config.tune is None else Tuning(strategy, config.tune)


def prepare(
    config: RunConfig,
    *,
    environ: Mapping[str, str],
    archive: Archive | None = None,
    resumed: str | None = None,
    observers: Sequence[Observer] = (),
) -> Parts:
    """Make and check the parts of a run.

    Args:
        config: Validated.
        environ: Environment variables: the only source of keys.
        archive: Where recorded replies of earlier runs are found.
        resumed: Name of the run in the archive that goes on; None for a new one.
        observers: Who looks on.

    Raises:
        ConfigError: The problem, a key, a template or a package is missing, the isolation is too weak for the generator, objectives
            cannot be relative to what they should be, or a warm start has no code.
    """
    for start in config.seeds:
        if start.code is None:
            raise ConfigError(
                f"The code of seeds: {start.source!r} was not read; `evoheur.discover` does it, or give it as code."
            )
    config.evaluation.executor.check()
    problem = load_problem(config.problem.name, config.problem.settings)
    card = ProblemCard.from_problem(problem)
    events = Events([*observers, *(observer.build() for observer in config.observers)])
    context = GeneratorContext(
        problem=problem,
        environ=environ,
        throttled=lambda seconds, reason: events.emit(Throttled(seconds=seconds, reason=reason)),
        replies=lambda run: _replies(archive, run),
        variations=_variations(config),
        answered=AnsweredPrompts(archive, resumed) if archive and resumed else (),
    )
    generator = config.generator.build(context)
    sandbox = config.evaluation.sandbox
    if generator.online and not sandbox.isolates and not sandbox.allow_unisolated:
        raise ConfigError(
            f"The generator {config.generator.kind!r} is a model whose code nobody has read, and sandbox level {sandbox.kind!r} keeps "
            "that code from neither your files nor the network. Use --set evaluation.sandbox.kind=jail, or accept it with "
            "--set evaluation.sandbox.allow_unisolated=true."
        )
    source = InstanceSource.of(problem, config.problem, memory_mib=config.evaluation.limits.memory_mib).pinned()
    rules = TextbookEvaluations(source, config.train, seed=config.seed)
    rules.refuse(config.problem)
    return Parts(
        config=config.model_copy(update={"problem": config.problem.with_files(source.files)}),
        problem=problem,
        source=source,
        rules=rules,
        card=card,
        prompts=PromptLibrary(card, None if config.prompts is None else Path(config.prompts), config.strategy.own_templates),
        generator=generator,
        events=events,
    )


def make_executor(problem: Problem[Any], named: ProblemConfig, evaluation: EvaluationConfig, *, seed: int) -> Executor:
    """Make the executor of a configuration.

    Every slot gets an evaluator with a sandbox of its own.
    """
    recipe = EvaluatorRecipe(
        problem=named.name,
        settings=named.settings,
        sandbox=evaluation.sandbox,
        limits=evaluation.limits.limits(),
        seed=seed,
    )
    return evaluation.executor.build(recipe, problem)


def create_run(parts: Parts, archive: Archive, *, name: str) -> RunRecord:
    """Store a new run, which can be resumed from here on.

    Raises:
        ArchiveError: The name is taken.
    """
    config = parts.config
    return archive.create_run(
        name=name,
        config=_stored(config, archive),
        seed=config.seed,
        problem=config.problem.name,
        problem_hash=problem_hash(config.problem.name),
        prompts_hash=parts.prompts.hash(*parts.template_folders),
        evoheur_version=__version__,
    )


def update_run(parts: Parts, archive: Archive, run: RunRecord) -> None:
    """Store the configuration that a run continues with."""
    archive.update_config(run.id, _stored(parts.config, archive))


def _stored(config: RunConfig, archive: Archive) -> dict[str, Any]:
    """A configuration as the archive keeps it.

    With the archive's own address, whatever the file said, and without a password.
    """
    return config.model_copy(update={"archive": shown(archive.url)}).model_dump(mode="json")


def check_unchanged(parts: Parts, run: RunRecord) -> None:
    """Check that a stored run can be continued, by what is here now.

    Raises:
        ReplayDiverged: The problem's sources or the prompt templates changed since.
    """
    if not is_problem(run.problem_hash, run.problem):
        raise ReplayDiverged(_changed_problem(run))
    if parts.prompts.hash(*parts.template_folders) != run.prompts_hash:
        own = "" if parts.config.prompts is None else f" in {parts.config.prompts!r} or of evoheur"
        raise ReplayDiverged(
            f"What the prompts of run {run.name!r} are made of changed since it was started: a template{own}, or what the problem tells "
            f"the model (docstring of its class, heuristic with its comments). Undo that change (the run was started by evoheur "
            f"{run.evoheur_version}, this is {__version__}), or start a new run."
        )


def _changed_problem(run: RunRecord) -> str:
    files = ", ".join(changed_files(run.problem_hash, run.problem))
    if run.problem in bundled_problems():
        return (
            f"The problem {run.problem!r} of run {run.name!r} is not the one of this evoheur {__version__}"
            f"{f' ({files} changed)' if files else ''}, so its scores would not compare. Install evoheur {run.evoheur_version}, which "
            "started it, as it was, or start a new run."
        )
    place = f"{'in the folder' if names_folder(run.problem) else 'of'} {run.problem!r}"
    return (
        f"You changed {files or 'the code'} {place} since run {run.name!r} was started, so its scores would not compare. Undo the "
        "change, or start a new run."
    )


def assemble(parts: Parts, archive: Archive, run: RunRecord) -> Discovery:
    """Wire a run, new or resumed.

    Raises:
        ReplayDiverged: It cannot be continued by what is here now.
    """
    check_unchanged(parts, run)
    config = parts.config
    parts.events.emit(Preparing(step=f"compiling the kernels of {config.problem.name}"))
    parts.problem.warm_up()
    parts.events.emit(Preparing(step="scoring the textbook rules on train"))
    train = TrainEpochs(parts.rules)
    textbook_rules = parts.rules.on("train")
    executor = make_executor(parts.problem, config.problem, config.evaluation, seed=config.seed)
    pipeline = Pipeline(
        prompts=parts.prompts,
        template_folder=parts.template_folder,
        generator=parts.generator,
        signatures=signatures_of(parts.problem.functions()),
        screen=config.evaluation.screen,
        executor=executor,
        train=train,
        seed=config.seed,
        racing=config.evaluation.racing,
        scale_probe=config.evaluation.scale_probe,
    )
    breeding = Breeding(
        run=run,
        archive=archive,
        pipeline=pipeline,
        make_strategy=parts.make_strategy,
        baseline_code=parts.card.code,
        textbook_rules=textbook_rules,
        classes=parts.problem.rule_classes(),
        budget=config.budget,
        events=parts.events,
        in_flight=config.in_flight,
        tell_order=config.tell_order,
    )
    return Discovery(
        run=run,
        archive=archive,
        source=parts.source,
        rules=parts.rules,
        generator=parts.generator,
        breeding=breeding,
        events=parts.events,
        validated=config.validation.top,
        audit=Audit(parts.problem, parts.rules, config),
        simplifying=config.simplify,
    )


def _variations(config: RunConfig) -> dict[str, Variation | None]:
    """The changes to code of the operators that ask for heuristics."""
    cards = {**config.strategy.catalogue, **(REPAIR_CARD if config.repair else {})}
    return {operator: card.variation for operator, card in cards.items() if card.kind.asks_model and card.produces == "heuristic"}


def _replies(archive: Archive | None, run: str) -> Iterator[RecordedReply]:
    if archive is None:
        raise ConfigError(f"The replies of run {run!r} are wanted, but there is no archive to read them from.")
    for messages, completion in archive.replies(run):
        yield RecordedReply(messages=messages, completion=completion)
