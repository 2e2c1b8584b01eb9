"""The parts that a run needs besides an archive, made and checked from its configuration."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evoheur.archive.archive import Archive
from evoheur.candidate import Candidate
from evoheur.errors import ConfigError
from evoheur.generation.generator import Generator, GeneratorContext, RecordedReply
from evoheur.generation.mutation.breeding import Breeder
from evoheur.generation.mutation.splicing import LARGEST, Splicer
from evoheur.generation.mutation.typed_signature import baseline_source, read_signature
from evoheur.generation.mutator import Mutator
from evoheur.generation.recording import Recording
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import SHARED_FOLDER, PromptLibrary
from evoheur.run.answered_prompts import AnsweredPrompts, AskedPrompts
from evoheur.run.budget import Budget
from evoheur.run.config import RunConfig
from evoheur.run.events import CallsHalved, Events, Observer, Throttled
from evoheur.run.fresh_strategy import fresh_strategy, unasked_notes
from evoheur.run.funnel import check_stages
from evoheur.run.instance_source import InstanceSource
from evoheur.run.prompt_news import PromptNews, lasting_facts
from evoheur.run.recorded_run import recording_of
from evoheur.run.rivals import check_race
from evoheur.run.textbook_evaluations import TextbookEvaluations
from evoheur.strategies.note_skipping import note_operators
from evoheur.strategies.repairing import REPAIR_CARD
from evoheur.strategies.strategy import Strategy
from evoheur.variation import Variation

__all__ = ["Parts", "prepare", "refuse_unknown_price"]


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
        return _template_folders(self.config)

    @property
    def unasked_notes(self) -> tuple[str, ...]:
        """The strategy's operators that are not asked for, since the generator has nothing to say."""
        return unasked_notes(self.config)

    @property
    def splicer(self) -> Splicer:
        """What writes crossed parents into prompts; offline they are what is bred."""
        generator, functions = self.generator, self.problem.functions()

        def breeder() -> Breeder:
            if isinstance(generator, Mutator):
                return generator.breeder
            signatures = [read_signature(function, nonnegative=True) for function in functions]
            return Breeder(signatures, baseline_source(functions), max_nodes=LARGEST, order_terms=None)

        return Splicer(breeder)

    def make_news(self, advice: Callable[[int], tuple[str, ...]] | None = None) -> PromptNews:
        """Make what prompts tell of the run; scores the textbook rules on train, unless that is done.

        Args:
            advice: Number of a request → the hints that its prompt shows; None for those of the configuration.
        """
        train = self.rules.instances("train")
        lasting = lasting_facts(
            self.config.prompt_facts,
            self.problem,
            self.card,
            instances=train.instances,
            textbook=self.rules.on("train"),
            cpu_seconds=self.config.evaluation.limits.cpu_seconds,
            imports=self.config.evaluation.screen.allowing(self.problem.libraries).imports,
        )
        given = tuple(each.text for each in self.config.advice if not each.withdrawn)
        lasting = replace(lasting, fills=self.config.fill is not None)
        return PromptNews(
            config=self.config.prompt_facts, lasting=lasting, bounds=train.bounded, advice=advice or (lambda _number: given)
        )

    def make_strategy(self, baseline: Candidate) -> Strategy:
        """Make a fresh strategy; equal seeds make equal strategies, in every process."""
        return fresh_strategy(self.config, baseline)


def prepare(
    config: RunConfig,
    *,
    environ: Mapping[str, str],
    archive: Archive | None = None,
    resumed: str | None = None,
    observers: Sequence[Observer] = (),
    rehearsed: bool = False,
) -> Parts:
    """Make and check the parts of a run.

    Args:
        config: Validated.
        environ: Environment variables: the only source of keys.
        archive: Where recorded replies of earlier runs are found.
        resumed: Name of the run in the archive that goes on; None for a new one.
        observers: Who looks on.
        rehearsed: Whether nothing will be asked, so that no key is needed.

    Raises:
        ConfigError: The problem, a key, the price that a budget of money needs, a template or a package is missing, the isolation is too
            weak for the generator, objectives cannot be relative to what they should be, or a warm start has no code.
    """
    for start in config.seeds:
        if start.code is None:
            raise ConfigError(
                f"The code of seeds: {start.source!r} was not read; `evoheur.discover` does it, or give it as code."
            )
    config.evaluation.executor.check()
    problem = load_problem(config.problem.name, config.problem.settings)
    card = replace(ProblemCard.from_problem(problem), structured=config.generator.asks_for_json)
    prompts = PromptLibrary(
        card, None if config.prompts_folder is None else Path(config.prompts_folder), config.strategy.own_templates
    )
    events = Events([*observers, *(observer.build() for observer in config.observers)])
    generator = config.generator.build(
        GeneratorContext(
            problem=problem,
            environ=environ,
            variations=_variations(config),
            rehearsed=rehearsed,
            prompts_hash=prompts.hash(*_template_folders(config)),
            **_told_and_read(events, archive, resumed),
        )
    )
    _check_generator(config, generator)
    notes = config.notes
    if notes is None and resumed is None and not generator.writes_notes and note_operators(config.strategy):
        notes = False  # stored, since a run that began with notes goes on with them, whatever generator it is resumed with
    source = InstanceSource.of(problem, config.problem, memory_mib=config.evaluation.limits.memory_mib).pinned()
    rules = TextbookEvaluations(source, config.train, seed=config.seed)
    rules.refuse(config.problem)
    if config.evaluation.funnel:
        check_stages(config.evaluation.funnel, source.split("train"))
    if config.evaluation.statistical_racing is not None:
        check_race(config.evaluation.statistical_racing, source.split("train"))
    return Parts(
        config=config.model_copy(update={"problem": config.problem.with_files(source.files), "notes": notes}),
        problem=problem,
        source=source,
        rules=rules,
        card=card,
        prompts=prompts,
        generator=generator,
        events=events,
    )


def _told_and_read(events: Events, archive: Archive | None, resumed: str | None) -> dict[str, Any]:
    """Whom a generator tells of waits, and what it reads of earlier runs and of the one that is resumed."""
    return {
        "throttled": lambda seconds, reason: events.emit(Throttled(seconds=seconds, reason=reason)),
        "outage": events.emit,
        "halved": lambda endpoint, limit, why: events.emit(CallsHalved(endpoint=endpoint, limit=limit, why=why)),
        "replies": lambda run: _replies(archive, run),
        "recording": lambda run: _recording(archive, run),
        "answered": AnsweredPrompts(archive, resumed) if archive and resumed else (),
        "asked": AskedPrompts(archive, resumed) if archive and resumed else (),
    }


def _template_folders(config: RunConfig) -> tuple[str, ...]:
    return (*config.strategy.template_folders, *([SHARED_FOLDER] if config.repair or config.prompt_evolution else []))


def refuse_unknown_price(budget: Budget, generator: Generator) -> None:
    """See that a budget of money can be kept.

    Raises:
        ConfigError: What the generator costs is not known.
    """
    if budget.cost_usd is not None and generator.knows_prices is False:
        raise ConfigError(
            f"budget.cost_usd is {budget.cost_usd:g}, but what the generator costs is not known, so it would limit nothing. Give "
            "its price in US dollars for a million tokens, --set 'generator.price={input: 0.25, output: 2.0}', or limit budget.tokens "
            "instead (--set budget.cost_usd=null)."
        )


def _check_generator(config: RunConfig, generator: Generator) -> None:
    refuse_unknown_price(config.budget, generator)
    if config.prompt_evolution is not None and not generator.writes_notes:
        raise ConfigError(
            f"prompts.evolve is {config.prompt_evolution.evolve!r}, but the generator {config.generator.kind!r} reads no prompts, so there "
            "is nothing to gain. Take a model (generator.kind=openai), or leave prompts.evolve out."
        )
    sandbox = config.evaluation.sandbox
    if generator.online and not sandbox.isolates and not sandbox.allow_unisolated:
        raise ConfigError(
            f"The generator {config.generator.kind!r} is a model whose code nobody has read, and sandbox level {sandbox.kind!r} keeps "
            "that code from neither your files nor the network. Use --set evaluation.sandbox.kind=jail, or accept it with "
            "--set evaluation.sandbox.allow_unisolated=true."
        )


def _variations(config: RunConfig) -> dict[str, Variation | None]:
    """The changes to code of the operators that ask for heuristics."""
    cards = {**config.strategy.catalogue, **(REPAIR_CARD if config.repair else {})}
    return {operator: card.variation for operator, card in cards.items() if card.kind.asks_model and card.produces == "heuristic"}


def _recording(archive: Archive | None, run: str) -> Recording:
    if archive is None:
        raise ConfigError(f"The replies of run {run!r} are wanted, but there is no archive to read them from.")
    return recording_of(archive, run)


def _replies(archive: Archive | None, run: str) -> Iterator[RecordedReply]:
    if archive is None:
        raise ConfigError(f"The replies of run {run!r} are wanted, but there is no archive to read them from.")
    for messages, completion in archive.replies(run):
        yield RecordedReply(messages=messages, completion=completion)
