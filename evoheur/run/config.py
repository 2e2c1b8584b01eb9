"""The configuration of a run.

YAML in, validated and immutable models out; all mistakes are found at once.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from evoheur.code.screening import ScreenConfig
from evoheur.components import Config, nearest, resolve
from evoheur.errors import ConfigError
from evoheur.evaluation.executor import BUILTIN_EXECUTORS, ExecutorConfig, LocalConfig
from evoheur.evaluation.isolation import BUILTIN_SANDBOXES, JailConfig, LimitsConfig, SandboxConfig
from evoheur.generation.generator import BUILTIN_GENERATORS, GeneratorConfig
from evoheur.generation.tuning.optimiser import BUILTIN_OPTIMISERS
from evoheur.plugin_folders import folder_of
from evoheur.problem import SPLITS, Split
from evoheur.problem_loading import load_problem, problem_settings
from evoheur.problem_modules import known_problems, names_class, problem_module
from evoheur.run.budget import Budget
from evoheur.run.config_check import ComponentKind, check, raise_mistakes
from evoheur.run.configured_observers import BUILTIN_OBSERVERS, ObserverConfig
from evoheur.run.loop import TellOrder
from evoheur.run.overrides import apply_overrides
from evoheur.run.yaml_text import Document, Mistake, read_document, written
from evoheur.run.yaml_text import Path as Keys
from evoheur.simplification.simplifier import SimplifyConfig
from evoheur.strategies.resampling import ResampleConfig
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.strategies.tuning import TuneConfig
from evoheur.strategies.warm_starting import WarmStart
from evoheur.text_files import read_text

__all__ = [
    "FAMILIES",
    "AuditConfig",
    "EvaluationConfig",
    "InstanceFiles",
    "InstancesConfig",
    "ProblemConfig",
    "RunConfig",
    "TrainConfig",
    "ValidationConfig",
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


class InstanceFiles(Config):
    """A user's own instances; a plain string stands for a path."""

    path: str
    """A file or folder of a form that the problem reads, relative to the working directory."""
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    """Of the instances and their references; stored when a run starts, and no other instances are taken from then on."""


class InstancesConfig(Config):
    """The sources of the instances of each split.

    What is not named is the problem's own.
    """

    set: str | None = None
    """One of the problem's published sets: short for its setting "set"."""
    train: InstanceFiles | None = None
    """What heuristics are bred on."""
    validation: InstanceFiles | None = None
    """What the best of them are scored on at the end."""
    test: InstanceFiles | None = None
    """What only `evoheur evaluate --split test` scores on."""

    @field_validator("train", "validation", "test", mode="before", json_schema_input_type=str | InstanceFiles | None)
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"path": value} if isinstance(value, str) else value


class ProblemConfig(Config):
    """The problem and its settings; a plain string stands for one without settings."""

    name: str
    """Bundled name, name of an installed plug-in, package.module:Class, or the path of a folder with a problem.py."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """The problem's own settings; `evoheur problems show NAME` lists them."""
    instances: InstancesConfig = InstancesConfig()
    """Published sets, or files of your own, in place of the instances the problem makes."""

    @property
    def files(self) -> dict[Split, InstanceFiles]:
        """The user's own instances, by the splits that have some."""
        named: dict[Split, InstanceFiles | None] = {split: getattr(self.instances, split) for split in SPLITS}
        return {split: files for split, files in named.items() if files is not None}

    def with_files(self, files: Mapping[Split, InstanceFiles]) -> "ProblemConfig":
        """The same problem with a user's own instances for these splits."""
        changed: dict[str, Any] = {split: named for split, named in files.items()}  # noqa: C416 - dict() would keep the narrow key type
        return self.model_copy(update={"instances": self.instances.model_copy(update=changed)})

    @model_validator(mode="after")
    def _name_the_set_once(self) -> Self:
        named = self.instances.set
        if named is not None and self.settings.setdefault("set", named) != named:
            raise ValueError(f"instances.set is {named!r} and settings.set is {self.settings['set']!r}; name one set.")
        return self


class EvaluationConfig(Config):
    """The evaluation of candidates."""

    executor: SerializeAsAny[ExecutorConfig] = Field(default_factory=LocalConfig)
    sandbox: SerializeAsAny[SandboxConfig] = Field(default_factory=JailConfig)
    limits: LimitsConfig = LimitsConfig()
    screen: ScreenConfig = ScreenConfig()
    racing: bool = True
    """Whether a candidate is stopped once its costs so far prove that it cannot enter the population. The search goes the same way with and
    without; it applies where every reference is a lower bound and the strategy says from which objective on nothing can change."""
    scale_probe: bool = True
    """Whether a candidate that may become the best, or is validated, must solve instances the same way in other units, where the problem
    declares such symmetries. Switch it off to search with a published interface as its papers do, where rules may mix units."""


class TrainConfig(Config):
    """The objective that the search minimises."""

    relative_to: Literal["references", "textbook"] = "references"
    """"references": the gap over all instances. "textbook": in every family, the gap as a multiple of the best textbook rule's gap there;
    the objective is half the sum of the families' mean and the worst family, so that 1 is level with the textbook everywhere, and no
    family can be given up for another. The same holds for validation and test, by the rules' gaps there."""
    rules: tuple[str, ...] = ()
    """The textbook rules that count for "textbook". If none is named, those that know as much as heuristics do and do as much work; all of
    the problem's, if there are none of these."""
    resample: ResampleConfig | None = None
    """Whether training goes on with fresh instances of the same families now and then (`true`, or `{every: 100}` for so many candidates),
    on which the strategy's best are scored again. Which instances follows from the seed. Not with files of your own, a published set or
    tuning beside the search."""

    @field_validator("resample", mode="before", json_schema_input_type=bool | ResampleConfig | None)
    @classmethod
    def _switch(cls, value: Any) -> Any:
        return {True: {}, False: None}[value] if isinstance(value, bool) else value

    @model_validator(mode="after")
    def _measure_by_rules(self) -> Self:
        if self.rules and self.relative_to != "textbook":
            raise ValueError("rules are only measured by with relative_to: textbook; add that, or leave rules out")
        return self


class ValidationConfig(Config):
    """The scoring at the end, when the budget is spent."""

    top: int = Field(default=10, ge=0)
    """So many of the best candidates on train are scored on the validation split, and the best of them there is what `RUN/best` names;
    with 0 that is the best on train."""
    surpass_start: float | None = Field(default=None, gt=0.5, lt=1.0)
    """If set, `RUN/best` is candidate 0, the heuristic that the search begins from, unless the best on validation is better there with
    this confidence: by a paired test over the instances, stricter the more candidates are scored. For a search that begins from a strong
    textbook rule, so that it does not end below it by luck. Unset, candidate 0 is no choice."""


class AuditConfig(Config):
    """The audit at the end, on fresh instances that no selection has seen."""

    candidates: int = Field(default=10, ge=0)
    """So many of the best are scored, but no more than one for every 20 evaluations of the run, and always the one that `RUN/best` names;
    with 0 (`audit: false`) there is no audit."""
    instances: int = Field(default=60, ge=1)
    """At most so many instances, of all families; where the problem draws fewer, those."""


class RunConfig(Config):
    """The configuration of a run."""

    name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Unique in its archive; unset, the file's stem and a number."""
    problem: ProblemConfig
    strategy: SerializeAsAny[StrategyConfig]
    generator: SerializeAsAny[GeneratorConfig]
    prompts: str | None = None
    """A folder of prompt templates of your own, each in place of the shipped one of the same name; `evoheur prompts show` lists them."""
    repair: Annotated[int, Field(ge=0, le=5)] = 0
    """How often a candidate that failed is sent back to be mended; each time is a request."""
    tune: TuneConfig | None = None
    """Constant tuning on evaluation slots that the search leaves idle; none if not given."""
    evaluation: EvaluationConfig = EvaluationConfig()
    observers: tuple[SerializeAsAny[ObserverConfig], ...] = ()
    """Observers of your own that hear of every event of the run, in every session, each with its `kind`."""
    seeds: tuple[WarmStart, ...] = ()
    """What the search begins with, whatever the strategy: own programs, candidates of earlier runs, textbook rules, such as
    `[my_rule.py, RUN/best, RUN/17, textbook]`. Each is an evaluation and a request, and no model call."""
    budget: Budget = Budget()
    train: TrainConfig = TrainConfig()
    validation: ValidationConfig = ValidationConfig()
    audit: AuditConfig = AuditConfig()
    """Whether and how the best are scored on fresh instances, so that one that is good on train only is found out. Problems that draw none
    have no audit."""
    simplify: SimplifyConfig = SimplifyConfig()
    archive: str = "sqlite:///runs/evoheur.db"
    """Database URL; a relative SQLite path is relative to the working directory."""
    plugins: str | None = None
    """Where modules that a `kind` names are found if they are not installed; unset, the folder of the configuration. A relative path is
    relative to that folder. Stored with the run, if it has such a plug-in, so that it can be resumed from anywhere."""
    seed: int = Field(default=1, ge=0)
    """Seeds strategy, offline generator and stochastic frames."""
    in_flight: Annotated[int, Field(ge=1, le=1024)] = 4
    """Requests under way at the same time; 1 makes every method sequential as in its reference code."""
    tell_order: TellOrder = "arrival"
    """"asked" tells outcomes in the order of asking, which makes a run with an offline generator repeatable; "arrival" never waits."""

    @field_validator("problem", mode="before", json_schema_input_type=str | ProblemConfig)
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @field_validator("audit", mode="before", json_schema_input_type=bool | AuditConfig)
    @classmethod
    def _audit_switch(cls, value: Any) -> Any:
        return {True: {}, False: {"candidates": 0}}[value] if isinstance(value, bool) else value

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
    document.mistakes.extend(_mistakes_of_the_problem(document, _plugin_folder(document, path.parent)))
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


def _mistakes_of_the_problem(document: Document, folder: Path | None) -> Iterator[Mistake]:
    """The mistakes that only the problem itself can find.

    It is not there, it has no such settings, or it refuses their values.
    """
    section = document.data.get("problem")
    short = isinstance(section, str)
    name = section if short else section.get("name") if isinstance(section, dict) else None
    if not isinstance(name, str):
        return
    settings: Any = {} if short else section.get("settings", {})
    place = ("problem",) if short else ("problem", "name")
    try:
        known = problem_settings(name, folder)
        unknown = [key for key in settings if key not in known] if isinstance(settings, dict) else []
        for key in unknown:
            words = f"problem {name!r} has no setting {written(key)}{nearest(key, known)}; it has: {', '.join(known) or 'none'}"
            yield Mistake(document.place_of_key(("problem", "settings", key)), words)
        if isinstance(settings, dict) and settings and not unknown:
            place = ("problem", "settings", *(settings if len(settings) == 1 else ()))
            load_problem(name, settings, folder=folder)
    except ConfigError as error:
        suggestion = nearest(name, known_problems()) if place[-1] in {"problem", "name"} else ""
        yield Mistake(document.place_of(place), f"{str(error).removesuffix('.')}{suggestion}")
