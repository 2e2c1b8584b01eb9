"""A run's configuration: YAML in, validated and immutable models out; every mistake is one line that names value and remedy."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar, get_args

import yaml
from pydantic import Field, SerializeAsAny, ValidationError, field_validator, model_validator

from evoheur.errors import ConfigError
from evoheur.evaluation.executor import BUILTIN_EXECUTORS, ExecutorConfig, LocalConfig
from evoheur.evaluation.isolation import BUILTIN_SANDBOXES, JailConfig, LimitsConfig, SandboxConfig
from evoheur.evaluation.screening import ScreenConfig
from evoheur.generation.generator import BUILTIN_GENERATORS, GeneratorConfig
from evoheur.plugins import Config, nearest, resolve_kind
from evoheur.problem import SPLITS, Split
from evoheur.run.budget import Budget
from evoheur.run.loop import TellOrder
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.strategies.tuning import TuneConfig

__all__ = [
    "EvaluationConfig",
    "InstanceFiles",
    "InstancesConfig",
    "ProblemConfig",
    "RunConfig",
    "ValidationConfig",
    "load_config",
    "parse_config",
    "set_value",
]

_KINDS: dict[tuple[str, ...], tuple[Mapping[str, str], type[Config]]] = {
    ("strategy",): (BUILTIN_STRATEGIES, StrategyConfig),
    ("generator",): (BUILTIN_GENERATORS, GeneratorConfig),
    ("evaluation", "executor"): (BUILTIN_EXECUTORS, ExecutorConfig),
    ("evaluation", "sandbox"): (BUILTIN_SANDBOXES, SandboxConfig),
}


class InstanceFiles(Config):
    """A user's own instances; a plain string stands for a path."""

    path: str
    """A file or folder of a form that the problem reads, relative to the working directory."""
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    """Of the instances and their references; stored when a run starts, and no other instances are taken from then on."""


class InstancesConfig(Config):
    """Where the instances come from; what is not named is the problem's own."""

    set: str | None = None
    """One of the problem's published sets: short for its setting "set"."""
    train: InstanceFiles | None = None
    """What heuristics are bred on."""
    validation: InstanceFiles | None = None
    """What the best of them are scored on at the end."""
    test: InstanceFiles | None = None
    """What only `evoheur evaluate --split test` scores on."""

    @field_validator("train", "validation", "test", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"path": value} if isinstance(value, str) else value


class ProblemConfig(Config):
    """Which problem; a plain string stands for one without settings."""

    name: str
    """Bundled name, or the path of a folder with a problem.py."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """The problem's own settings; `evoheur problems show NAME` lists them."""
    instances: InstancesConfig = InstancesConfig()
    """Published sets, or files of your own, in place of the instances the problem makes."""

    @property
    def files(self) -> dict[Split, InstanceFiles]:
        """Split → the user's own instances, for those that have some."""
        named: dict[Split, InstanceFiles | None] = {split: getattr(self.instances, split) for split in SPLITS}
        return {split: files for split, files in named.items() if files is not None}

    def with_files(self, files: Mapping[Split, InstanceFiles]) -> "ProblemConfig":
        """The same problem with these instances of a user's own for these splits."""
        changed: dict[str, Any] = {split: named for split, named in files.items()}  # noqa: C416 - dict() would keep the narrow key type
        return self.model_copy(update={"instances": self.instances.model_copy(update=changed)})

    @model_validator(mode="after")
    def _name_the_set_once(self) -> Self:
        named = self.instances.set
        if named is not None and self.settings.setdefault("set", named) != named:
            raise ValueError(f"instances.set is {named!r} and settings.set is {self.settings['set']!r}; name one set.")
        return self


class EvaluationConfig(Config):
    """How candidates are evaluated."""

    executor: SerializeAsAny[ExecutorConfig] = Field(default_factory=LocalConfig)
    sandbox: SerializeAsAny[SandboxConfig] = Field(default_factory=JailConfig)
    limits: LimitsConfig = LimitsConfig()
    screen: ScreenConfig = ScreenConfig()
    racing: bool = True
    """Whether a candidate is stopped once its costs so far prove that it cannot enter the population. The search goes the same way with and
    without; it applies where every reference is a lower bound and the strategy says from which objective on nothing can change."""


class ValidationConfig(Config):
    """What happens when the budget is spent."""

    top: int = Field(default=5, ge=0)
    """So many of the best candidates on train are scored on the validation split."""


class RunConfig(Config):
    """A discovery run."""

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
    budget: Budget = Budget()
    validation: ValidationConfig = ValidationConfig()
    archive: str = "sqlite:///runs/evoheur.db"
    """Database URL; a relative SQLite path is relative to the working directory."""
    seed: int = Field(default=1, ge=0)
    """Seeds strategy, offline generator and stochastic frames."""
    in_flight: Annotated[int, Field(ge=1, le=1024)] = 4
    """Requests under way at the same time; 1 makes every method sequential as in its reference code."""
    tell_order: TellOrder = "arrival"
    """"asked" tells outcomes in the order of asking, which makes a run with an offline generator repeatable; "arrival" never waits."""

    @field_validator("problem", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _keeps_the_problem_hidden(self) -> Self:
        if self.repair and self.strategy.hides_problem:
            raise ValueError("repair shows the problem, which this strategy's prompts are set to hide; switch one of the two off")
        return self


def load_config(path: Path, overrides: Sequence[str] = ()) -> RunConfig:
    """Read a configuration file.

    Args:
        path: A YAML file.
        overrides: "a.b=value" each, applied over the file; values are YAML.

    Raises:
        ConfigError: The file is missing or no YAML mapping, or something in it is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(
            f"There is no configuration file {str(path)!r}; give the path of a YAML file, such as configs/quickstart.yaml."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration file {str(path)!r} cannot be read: {error}.") from error
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path} must hold a mapping of settings, but holds {type(data).__name__}.")
    for override in overrides:
        set_value(data, override)
    return parse_config(data, where=str(path))


def set_value(data: dict[str, Any], override: str) -> None:
    """Apply one "a.b=value" to nested mappings, in place.

    Raises:
        ConfigError: It has no "=", or the path leads through something that is no mapping.
    """
    path, equals, text = override.partition("=")
    keys = path.strip().split(".")
    if not equals or not all(keys):
        raise ConfigError(f"--set {override!r} must look like budget.evaluations=500.")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {override!r}: the value is not valid YAML: {' '.join(str(error).split())}.") from error
    for key in keys[:-1]:
        inner = data.setdefault(key, {})
        if isinstance(inner, str) and key == "problem":
            inner = data[key] = {"name": inner}
        if not isinstance(inner, dict):
            raise ConfigError(f"--set {override!r}: {key!r} is {inner!r}, not a group of settings.")
        data = inner
    data[keys[-1]] = value


def parse_config(data: Mapping[str, Any], *, where: str) -> RunConfig:
    """Validate a configuration.

    Args:
        data: As read from YAML or from the archive.
        where: Names the source in messages.

    Raises:
        ConfigError: Something is wrong; names the key, the value and the remedy.
    """
    data = dict(data)
    for path, (builtin, base) in _KINDS.items():
        parent = data
        for key in path[:-1]:
            inner = parent.get(key)
            if not isinstance(inner, dict):
                break
            parent[key] = parent = dict(inner)
        else:
            if isinstance(section := parent.get(path[-1]), dict):
                parent[path[-1]] = _parse_kind(section, path, builtin, base, where)
    return _validate(RunConfig, data, (), where)


def _parse_kind(
    section: dict[str, Any], path: tuple[str, ...], builtin: Mapping[str, str], base: type[Config], where: str
) -> Config:
    name = ".".join(path)
    kind = section.get("kind")
    if not isinstance(kind, str):
        raise ConfigError(f"{where}: {name} needs a kind, one of: {', '.join(builtin)}, or package.module:Class.")
    found = resolve_kind(kind, builtin, base, what=path[-1])
    return _validate(found, section, path, where)


ModelT = TypeVar("ModelT", bound=Config)


def _validate(model: type[ModelT], data: Mapping[str, Any], path: tuple[str, ...], where: str) -> ModelT:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        location = tuple(str(part) for part in first["loc"])
        name = ".".join((*path, *location)) or "the file"
        if first["type"] == "extra_forbidden":
            known = _fields_at(model, location[:-1])
            valid = ", ".join(known)
            raise ConfigError(f"{where}: unknown key {name!r}{nearest(location[-1], known)}; valid here: {valid}.") from None
        if first["type"] == "missing":
            raise ConfigError(f"{where}: {name!r} is missing; add it.") from None
        message = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{where}: {name} is {first['input']!r:.100}: {message[:1].lower()}{message[1:]}.") from None


def _fields_at(model: type[Config], location: tuple[str, ...]) -> list[str]:
    for part in location:
        field = model.model_fields.get(part)
        annotation = field.annotation if field else None
        inner = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type) and issubclass(kind, Config)]
        if not inner:
            return []
        model = inner[0]
    return list(model.model_fields)
