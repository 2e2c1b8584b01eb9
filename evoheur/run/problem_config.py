"""The part of a configuration that names the problem and its instances."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from evoheur.components import Config, nearest
from evoheur.errors import ConfigError
from evoheur.problem import SPLITS, Split
from evoheur.problem_loading import load_problem, problem_settings
from evoheur.problem_modules import known_problems
from evoheur.run.yaml_text import Document, Mistake, written

__all__ = ["InstanceFiles", "InstancesConfig", "ProblemConfig", "mistakes_of_problem"]


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


def mistakes_of_problem(document: Document, folder: Path | None) -> Iterator[Mistake]:
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
