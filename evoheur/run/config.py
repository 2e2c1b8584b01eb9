"""The configuration of a run.

YAML in, validated and immutable models out; all mistakes are found at once.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from evoheur.archive.advice import Advice
from evoheur.code.screening import ScreenConfig
from evoheur.components import Config, resolve
from evoheur.errors import ConfigError
from evoheur.evaluation.executor import BUILTIN_EXECUTORS, ExecutorConfig, LocalConfig
from evoheur.evaluation.isolation import BUILTIN_SANDBOXES, JailConfig, LimitsConfig, SandboxConfig
from evoheur.generation.generator import BUILTIN_GENERATORS, GeneratorConfig
from evoheur.generation.tuning.filling import FillConfig
from evoheur.generation.tuning.optimiser import BUILTIN_OPTIMISERS
from evoheur.plugin_folders import folder_of
from evoheur.problem_modules import names_class, problem_module
from evoheur.run.budget import Budget
from evoheur.run.config_check import ComponentKind, check, raise_mistakes
from evoheur.run.configured_observers import BUILTIN_OBSERVERS, ObserverConfig
from evoheur.run.flights import TellOrder
from evoheur.run.funnel import FunnelStage
from evoheur.run.novelty import NoveltyConfig
from evoheur.run.overrides import apply_overrides
from evoheur.run.problem_config import ProblemConfig, mistakes_of_problem
from evoheur.run.prompt_news import PromptFactsConfig
from evoheur.run.rivals import StatisticalRacingConfig
from evoheur.run.selection_config import AuditConfig, KeptSolutionsConfig, TrainConfig, ValidationConfig
from evoheur.run.yaml_text import Document, Mistake, read_document
from evoheur.run.yaml_text import Path as Keys
from evoheur.simplification.simplifier import SimplifyConfig
from evoheur.strategies.editing import EditsConfig
from evoheur.strategies.prompt_evolving import PromptsConfig
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.strategies.tuning import TuneConfig
from evoheur.strategies.warm_starting import WarmStart
from evoheur.text_files import read_text

__all__ = [
    "FAMILIES",
    "EvaluationConfig",
    "RunConfig",
    "change_config",
    "load_config",
    "parse_config",
]

FAMILIES: dict[Keys, ComponentKind] = {
    ("strategy",): ComponentKind(base=StrategyConfig, builtin=BUILTIN_STRATEGIES, what="strategy"),
    ("generator",): ComponentKind(base=GeneratorConfig, builtin=BUILTIN_GENERATORS, what="generator"),
    ("evaluation", "executor"): ComponentKind(base=ExecutorConfig, builtin=BUILTIN_EXECUTORS, what="executor"),
    ("evaluation", "sandbox"): ComponentKind(base=SandboxConfig, builtin=BUILTIN_SANDBOXES, what="sandbox"),
    ("observers",): ComponentKind(base=ObserverConfig, builtin=BUILTIN_OBSERVERS, what="observer"),
}

_MOST_MIB = 1


class EvaluationConfig(Config):
    """The evaluation of candidates."""

    executor: SerializeAsAny[ExecutorConfig] = Field(default_factory=LocalConfig)
    sandbox: SerializeAsAny[SandboxConfig] = Field(default_factory=JailConfig)
    limits: LimitsConfig = LimitsConfig()
    backlog: int | None = Field(default=None, ge=0, le=4096)
    """Replies that may be evaluated, or wait for that, while `in_flight` calls are under way: more of them keep the model busy where
    replies come unevenly, and let prompts know less of what was found last. Unset, twice the executor's slots and at least 4; but 0 with
    one call in flight, where a method is sequential, and with `tell_order: asked`, where so many more requests would be asked ahead."""
    screen: ScreenConfig = ScreenConfig()
    funnel: tuple[FunnelStage, ...] = ()
    """Stages of growing shares of the training instances, such as [{instances: 8, keep: 0.5}, {instances: 24}]. A candidate that is not
    among the better share of a stage is not scored any further (status "pruned"); what was tuned, is named in `seeds` or is scored again
    always is. Off without stages. Unlike racing it may drop what would have been good."""
    racing: bool = True
    """Whether a candidate is stopped once its costs so far prove that it cannot enter the population. The search goes the same way with and
    without; it applies where every reference is a lower bound and the strategy says from which objective on nothing can change."""
    statistical_racing: StatisticalRacingConfig | None = None
    """Whether a candidate is stopped once a few instances show that the best known ones all beat it significantly, such as {} or
    {rivals: 20}; for long evaluations and where references are no bounds. Unlike `racing` it may drop what would have been good."""
    scale_probe: bool = True
    """Whether a candidate that may become the best, or is validated, must solve instances the same way in other units, where the problem
    declares such symmetries. Switch it off to search with a published interface as its papers do, where rules may mix units."""

    @model_validator(mode="after")
    def _stops_in_one_way(self) -> Self:
        if self.funnel and self.statistical_racing is not None:
            raise ValueError("funnel and statistical_racing both drop candidates after a few instances; leave one out")
        return self


class RunConfig(Config):
    """The configuration of a run."""

    name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Unique in its archive; unset, the file's stem and a number."""
    problem: ProblemConfig
    strategy: SerializeAsAny[StrategyConfig]
    generator: SerializeAsAny[GeneratorConfig]
    prompts: PromptsConfig | None = None
    """A folder of prompt templates of your own, such as `my_prompts`; or a group of settings, of which `folder` is that, and `evolve` says
    how a part of prompts evolves."""
    prompt_facts: PromptFactsConfig = PromptFactsConfig()
    """What prompts tell of limits, scores and recent failures; `false` leaves all of it out."""
    advice: tuple[Advice, ...] = ()
    """Hints to the model that every prompt shows, such as `["Look ahead."]`; `evoheur advise` adds to them while a run goes on."""
    repair: Annotated[int, Field(ge=0, le=5)] = 0
    """How often a candidate that failed is sent back to be mended; each time is a request."""
    edits: EditsConfig | None = None
    """Whether operators that change one heuristic ask for its changed lines only (search and replace) where it is long, such as
    `{from_lines: 40}`; whole code if not given."""
    notes: bool | None = None
    """Whether the generator is asked for notes, such as reflections and descriptions, where the strategy has them written. Unset, it is
    unless the generator has nothing to say, as `mutator`: a method's calls then all go into heuristics."""
    tune: TuneConfig | None = None
    """Constant tuning on evaluation slots that the search leaves idle; none if not given."""
    fill: FillConfig | None = None
    """Replies may mark alternatives and ranges, `choice(a, b)` and `number(low, high)`, which are filled by trying them out, such as
    `{evaluations: 20}`; each trial is an evaluation of the search. Marked replies are refused if not given."""
    evaluation: EvaluationConfig = EvaluationConfig()
    observers: tuple[SerializeAsAny[ObserverConfig], ...] = ()
    """Observers of your own that hear of every event of the run, in every session, each with its `kind`."""
    seeds: tuple[WarmStart, ...] = ()
    """What the search begins with, whatever the strategy: own programs, candidates of earlier runs, textbook rules, such as
    `[my_rule.py, RUN/best, RUN/17, textbook]`. Each is an evaluation and a request, and no model call."""
    novelty: NoveltyConfig = NoveltyConfig()
    """What becomes of candidates that do what an earlier one does; `false` scores all of them."""
    budget: Budget = Budget()
    train: TrainConfig = TrainConfig()
    validation: ValidationConfig = ValidationConfig()
    audit: AuditConfig = AuditConfig()
    """Whether and how the best are scored on fresh instances, so that one that is good on train only is found out. Problems that draw none
    have no audit."""
    simplify: SimplifyConfig = SimplifyConfig()
    solutions: KeptSolutionsConfig = KeptSolutionsConfig()
    """Which solutions are kept at the end, so that they can be drawn; nothing else of a run depends on it."""
    archive: str = "sqlite:///runs/evoheur.db"
    """Database URL; a relative SQLite path is relative to the working directory."""
    plugins: str | None = None
    """Where modules that a `kind` names are found if they are not installed; unset, the folder of the configuration. A relative path is
    relative to that folder. Stored with the run, if it has such a plug-in, so that it can be resumed from anywhere."""
    seed: int = Field(default=1, ge=0)
    """Seeds strategy, offline generator and stochastic frames."""
    in_flight: Annotated[int, Field(ge=1, le=1024)] = 4
    """Calls to the generator under way at the same time; 1 makes every method sequential as in its reference code."""
    breeding_process: Annotated[int, Field(ge=0)] | None = 150
    """After so many replies, if there are five a second or more, a process beside the loop breeds offline and reads replies; null for
    never. It needs a second processor and 50 MB of memory, and changes nothing of what a run finds."""
    tell_order: TellOrder = "arrival"
    """"asked" tells outcomes in the order of asking, which makes a run with an offline generator repeatable; "arrival" never waits."""

    @property
    def prompts_folder(self) -> str | None:
        """The folder of prompt templates of the user's own."""
        return None if self.prompts is None else self.prompts.folder

    @property
    def prompt_evolution(self) -> PromptsConfig | None:
        """How prompts evolve; None where they do not."""
        return None if self.prompts is None or self.prompts.evolve is None else self.prompts

    @field_validator("problem", mode="before", json_schema_input_type=str | ProblemConfig)
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @field_validator("novelty", mode="before", json_schema_input_type=bool | NoveltyConfig)
    @classmethod
    def _novelty_switch(cls, value: Any) -> Any:
        return {True: {}, False: {"twins": "evaluate"}}[value] if isinstance(value, bool) else value

    @field_validator("prompts", mode="before", json_schema_input_type=str | PromptsConfig | None)
    @classmethod
    def _prompt_folder(cls, value: Any) -> Any:
        return {"folder": value} if isinstance(value, str) else value

    @field_validator("prompt_facts", mode="before", json_schema_input_type=bool | PromptFactsConfig)
    @classmethod
    def _facts_switch(cls, value: Any) -> Any:
        if not isinstance(value, bool):
            return value
        return {} if value else {"limits": False, "example": False, "scores": False, "failures": 0}

    @field_validator("audit", mode="before", json_schema_input_type=bool | AuditConfig)
    @classmethod
    def _audit_switch(cls, value: Any) -> Any:
        return {True: {}, False: {"candidates": 0}}[value] if isinstance(value, bool) else value

    @field_validator("solutions", mode="before", json_schema_input_type=bool | KeptSolutionsConfig)
    @classmethod
    def _solutions_switch(cls, value: Any) -> Any:
        return {True: {}, False: {"instances": 0}}[value] if isinstance(value, bool) else value

    @field_validator("advice", mode="before", json_schema_input_type=tuple[str | Advice, ...])
    @classmethod
    def _plain_hints(cls, value: Any) -> Any:
        return [{"text": each} if isinstance(each, str) else each for each in value] if isinstance(value, list | tuple) else value

    @field_validator("seeds", mode="before", json_schema_input_type=tuple[str | WarmStart, ...])
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        return (
            [{"source": each} if isinstance(each, str) else each for each in value] if isinstance(value, list | tuple) else value
        )

    @model_validator(mode="after")
    def _can_resample(self) -> Self:
        if self.train.resample is None:
            return self
        if self.tune is not None:
            raise ValueError("tune scores on the problem's own training instances, which train.resample gives up; leave one out")
        for strategy in (self.strategy, *getattr(self.strategy, "members", ())):
            if isinstance(strategy, StrategyConfig) and not strategy.takes_new_worth:
                raise ValueError(
                    f"the strategy {strategy.kind} cannot take scores on fresh instances, which train.resample asks for; leave "
                    "train.resample out, or override Strategy.rescored and set takes_new_worth in its configuration"
                )
        return self

    @model_validator(mode="after")
    def _has_generations(self) -> Self:
        if self.budget.generations is not None and not self.strategy.has_generations:
            raise ValueError(
                f"budget.generations is {self.budget.generations}, but the strategy {self.strategy.kind} has no generations; limit "
                "budget.evaluations or budget.requests, or take a strategy that has them, such as eoh, es, reevo or hsevo"
            )
        return self

    @model_validator(mode="after")
    def _has_one_form_of_answer(self) -> Self:
        if self.edits is not None and self.generator.asks_for_json:
            raise ValueError("edits asks for changed lines, and generator.structured for JSON with whole code; leave one out")
        return self

    @model_validator(mode="after")
    def _can_evolve_prompts(self) -> Self:
        if self.prompt_evolution is None:
            return self
        if self.notes is False:
            raise ValueError(
                f"prompts.evolve: {self.prompt_evolution.evolve} has the generator write prompts, which notes: false rules out; leave one "
                "out"
            )
        if self.strategy.hides_problem:
            raise ValueError(
                "prompts.evolve shows the problem, which this strategy's prompts are set to hide; switch one of the two off"
            )
        return self

    @model_validator(mode="after")
    def _keeps_the_problem_hidden(self) -> Self:
        if self.repair and self.strategy.hides_problem:
            raise ValueError("repair shows the problem, which this strategy's prompts are set to hide; switch one of the two off")
        return self


def load_config(path: Path, overrides: Sequence[str] = (), *, notify: Callable[[str], None] = lambda _notice: None) -> RunConfig:
    """Read a configuration file.

    Args:
        path: A YAML file.
        overrides: "a.b=value" each, applied over the file; values are YAML.
        notify: Takes a line on settings that an override has made meaningless, which are left out.

    Raises:
        ConfigError: The file cannot be read or is no YAML mapping, or something in it is wrong; names all that is.
    """
    remedy = "give the path of a YAML file, or the name of one that ships with evoheur, such as quickstart"
    text = read_text(path, what="configuration file", most_mib=_MOST_MIB, remedy=remedy)
    document = read_document(text, str(path))
    if isinstance(document.data, dict):
        for notice in apply_overrides(document, overrides, FAMILIES, _plugin_folder(document, path.parent)):
            notify(notice)
    elif not document.mistakes:
        holds = "nothing" if document.data is None else type(document.data).__name__
        raise ConfigError(f"{path} must hold a mapping of settings, but holds {holds}; `evoheur init` writes one.")
    if not isinstance(document.data, dict):
        raise_mistakes(document.mistakes, str(path))
    document.mistakes.extend(mistakes_of_problem(document, _plugin_folder(document, path.parent)))
    return _parsed(document, where=str(path), beside=path.parent)


def parse_config(data: Mapping[str, Any], *, where: str) -> RunConfig:
    """Validate a configuration.

    Args:
        data: As read from YAML or from the archive.
        where: Names the source in messages.

    Raises:
        ConfigError: Something is wrong; names the keys, the values and the remedies.
    """
    return _parsed(Document.of(dict(data), where), where=where)


def change_config(
    data: dict[str, Any], overrides: Sequence[str], *, where: str, notify: Callable[[str], None] = lambda _notice: None
) -> RunConfig:
    """Validate a stored configuration with changes.

    Args:
        data: As stored; it is changed.
        overrides: As for `load_config`.
        where: Names the source in messages.
        notify: As for `load_config`.

    Raises:
        ConfigError: Something is wrong; names the keys, the values and the remedies.
    """
    document = Document.of(data, where)
    for notice in apply_overrides(document, overrides, FAMILIES, _plugin_folder(document, None)):
        notify(notice)
    return _parsed(document, where=where)


def _parsed(document: Document, *, where: str, beside: Path | None = None) -> RunConfig:
    folder = _plugin_folder(document, beside)
    config = check(RunConfig, document, list(FAMILIES.values()), folder)
    parts: list[Any] = [] if config is None else [type(part) for part in _components(config)]
    if config is not None and config.tune is not None:
        try:
            parts.append(resolve(config.tune.method, BUILTIN_OPTIMISERS, what="optimiser", folder=folder))
        except ConfigError as error:
            document.mistakes.append(Mistake(document.place_of(("tune", "method")), str(error).removesuffix(".")))
    if config is not None and names_class(config.problem.name):
        with contextlib.suppress(
            ConfigError
        ):  # a stored run of a problem that is gone can still be looked at; loading it says what is wrong
            parts.append(problem_module(config.problem.name, folder))
    used = sorted({str(found) for part in parts if (found := folder_of(part)) is not None})
    if len(used) > 1:
        words = f"its plug-ins lie in several folders ({', '.join(used)}); put them into one, and name it: plugins: FOLDER"
        document.mistakes.append(Mistake(document.place_of(()), words))
    raise_mistakes(document.mistakes, where)
    assert config is not None, "without a mistake there is a configuration"
    return config.model_copy(update={"plugins": used[0] if used else None})


def _plugin_folder(document: Document, beside: Path | None) -> Path | None:
    named = document.data.get("plugins")
    if isinstance(named, str):
        return Path(beside or Path(), Path(named).expanduser()).resolve()
    return None if beside is None else beside.resolve()


def _components(config: RunConfig) -> Iterator[Config]:
    evaluation = config.evaluation
    yield from (config.generator, evaluation.executor, evaluation.sandbox, config.strategy, *config.observers)
    yield from (member for member in getattr(config.strategy, "members", ()) if isinstance(member, Config))
