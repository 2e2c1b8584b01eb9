"""Checking a whole configuration against the models.

All of it at once: every mistake with its place, its value and the nearest right word.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from evoheur.components import Config, nearest, resolve_kind, spell_kinds
from evoheur.errors import ConfigError, ConfigMistakes
from evoheur.generation.key_guard import SecretGiven
from evoheur.run.yaml_text import Document, Mistake, Path, written

__all__ = ["ComponentKind", "check", "raise_mistakes"]

_WRONG = object()
"""Stands for a value whose mistake is noted, until the group around it leaves it out."""

_MOST_SHOWN = 25

_SHORTER = {"model_type": "it must be a group of settings", "dict_type": "it must be a group of settings"}
"""What pydantic says of its own classes, in the words of a configuration."""

_OTHER_WORDS = {
    "timeout": "wall_seconds",
    "timeout_seconds": "wall_seconds",
    "time_limit": "cpu_seconds",
    "memory": "memory_mib",
    "memory_mb": "memory_mib",
    "isolation": "sandbox",
    "max_evaluations": "evaluations",
}
"""What other programs call a key of ours, for hints."""

_DEEPEST = 4  # groups within groups that are looked through for a key

_QUOTED = re.compile(r"'([^']*)'")

ConfigT = TypeVar("ConfigT", bound=Config)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentKind:
    """A kind of component.

    Attributes:
        base: What all its configurations derive from.
        builtin: Kind → class, of what ships with evoheur.
        what: For messages.
    """

    base: type[Config]
    builtin: Mapping[str, str]
    what: str

    def resolve(self, kind: str, folder: FilePath | None) -> type[Config]:
        """See `resolve_kind`."""
        return resolve_kind(kind, self.builtin, self.base, what=self.what, folder=folder)


def check(model: type[ConfigT], document: Document, families: Sequence[ComponentKind], folder: FilePath | None) -> ConfigT | None:
    """Make a configuration of a document.

    What is wrong is added to the document's mistakes. An unknown key that looks like a missing one is taken for it, so that what it
    holds is checked as well.

    Args:
        model: Of the whole.
        document: A mapping; its data may be changed.
        families: Where the class depends on a `kind`.
        folder: Where plug-ins are found that are not installed.

    Returns:
        None if there is a mistake.
    """
    return _Check(document, families, folder).run(model)


def raise_mistakes(mistakes: Sequence[Mistake], where: str) -> None:
    """Raise a ConfigError if there are mistakes.

    Args:
        mistakes: In any order; what is said twice of one place counts once.
        where: The file or run.

    Raises:
        ConfigError: There is a mistake. Of several it is `ConfigMistakes`.
    """
    lines = list(dict.fromkeys(map(str, sorted(mistakes, key=lambda mistake: mistake.place))))
    if len(lines) == 1:
        raise ConfigError(lines[0])
    if lines:
        more = [f"… and {len(lines) - _MOST_SHOWN} more."] if len(lines) > _MOST_SHOWN else []
        raise ConfigMistakes(f"{where} has {len(lines)} mistakes", [*lines[:_MOST_SHOWN], *more])


class _Check:
    def __init__(self, document: Document, families: Sequence[ComponentKind], folder: FilePath | None) -> None:
        self._document = document
        self._families = families
        self._folder = folder
        self._left_out = set(document.left_out)
        self._everywhere: list[Path] = []  # the keys of all groups

    def run(self, model: type[ConfigT]) -> ConfigT | None:
        self._everywhere = list(_keys_of(model, ()))
        mended = self._group(model, self._document.data, ())
        checked = self._validated(model, mended, ())
        return None if self._document.mistakes else checked

    def _wrong(self, path: Path, words: str, *, of_key: bool = False) -> None:
        place = self._document.place_of_key(path) if of_key else self._document.place_of(path)
        self._document.mistakes.append(Mistake(place, words))

    def _group(self, model: type[Config], data: Mapping[str, Any], path: Path) -> dict[str, Any]:
        """Check the settings of a model, and drop unknown keys.

        Each is checked where pydantic would not say enough.
        """
        settings: dict[str, Any] = {}
        for name, value in self._known(model, data, path).items():
            checked = self._setting(model.model_fields[name].annotation, value, (*path, name))
            if checked is _WRONG:
                self._left_out.add((*path, name))
            else:
                settings[name] = checked
        return settings

    def _known(self, model: type[Config], data: Mapping[str, Any], path: Path) -> dict[str, Any]:
        fields = list(model.model_fields)
        known = {key: value for key, value in data.items() if key in fields}
        for key, value in data.items():
            if key in fields:
                continue
            suggestion = (
                nearest(key, [field for field in fields if field.startswith(key) or key.startswith(field)])
                or self._in_another_group(key, path)
                or nearest(key, fields)
                or self._in_another_group(_OTHER_WORDS.get(key, key), path)
            )
            shown = written(_dotted((*path, key)))
            self._wrong((*path, key), f"unknown key {shown}{suggestion}; valid here: {', '.join(fields)}", of_key=True)
            meant = "".join(_QUOTED.findall(suggestion))
            if meant in fields and meant not in known and (*path, meant) not in self._left_out:
                self._document.move((*path, key), (*path, meant))
                known[meant] = value
        return known

    def _in_another_group(self, key: str, path: Path) -> str:
        """The place of a key that belongs to another group, as `nearest` would put it."""
        places = [place for place in self._everywhere if place[-1] == key]
        places.sort(key=lambda place: (place[: len(path)] != path, len(place)))  # below the group first, then the least deep
        return f" (did you mean {_dotted(places[0])!r}?)" if places else ""

    def _setting(self, annotation: Any, value: Any, path: Path) -> Any:
        """Check a value as far as it contains models.

        All else is pydantic's to refuse.
        """
        choices = list(_alternatives(annotation))
        model = next((choice for choice in choices if isinstance(choice, type) and issubclass(choice, Config)), None)
        if isinstance(value, bool) and bool not in choices and {int, float}.intersection(choices):
            self._wrong(path, f"{_dotted(path)} is {written(value)}: it must be a number")
            return _WRONG
        if value is None and model is not None and NoneType not in choices:
            self._wrong(path, f"{_dotted(path)} has nothing below it; give its settings, or leave it out")
            return _WRONG
        if isinstance(value, dict) and model is not None:
            family = next((family for family in self._families if issubclass(model, family.base)), None)
            return self._group(model, value, path) if family is None else self._component(family, value, path)
        inside = next((inner for choice in choices if (inner := _inside(choice, value)) is not None), None)
        if inside is None:
            return value
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        checked = {key: self._setting(inside, entry, (*path, key)) for key, entry in entries}
        if _WRONG in checked.values():
            return _WRONG
        return checked if isinstance(value, dict) else list(checked.values())

    def _component(self, family: ComponentKind, section: dict[str, Any], path: Path) -> Any:
        if "kind" not in section:
            likely = next((key for key in section if nearest(key, ["kind"])), None)
            if likely is not None:
                self._wrong(
                    (*path, likely), f"unknown key {written(_dotted((*path, likely)))} (did you mean 'kind'?)", of_key=True
                )
                self._document.move((*path, likely), (*path, "kind"))
                section = {"kind" if key == likely else key: value for key, value in section.items()}
        kind = section.get("kind")
        if not isinstance(kind, str):
            if (*path, "kind") not in self._left_out:
                known = spell_kinds(family.builtin, what=family.what)
                self._wrong(path, f"{_dotted(path)} needs a kind, one of: {known}")
            return _WRONG
        try:
            found = family.resolve(kind, self._folder)
        except ConfigError as error:
            about = f"{_dotted(path)}: " if path[-1] != family.what else ""
            self._wrong((*path, "kind"), f"{about}{str(error).removesuffix('.')}")
            return _WRONG
        checked = self._validated(found, self._group(found, section, path), path)
        return _WRONG if checked is None else checked

    def _validated(self, model: type[ConfigT], settings: Mapping[str, Any], path: Path) -> ConfigT | None:
        try:
            return model.model_validate(settings)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                self._explain(fault, (*path, *(part for part in fault["loc"] if part != "[key]")))
            return None

    def _explain(self, fault: ErrorDetails, path: Path) -> None:
        if fault["type"] == "missing":
            if path not in self._left_out:
                self._wrong(path[:-1], f"{written(_dotted(path))} is missing; add it")
            return
        name = _dotted(path) or "the configuration"
        if fault["type"] == "extra_forbidden":  # in a model of a plug-in's own
            self._wrong(path, f"unknown key {written(name)}", of_key=True)
            return
        message = _SHORTER.get(fault["type"], fault["msg"].removeprefix("Value error, ")).removesuffix(".")
        message = f"{message[:1].lower()}{message[1:]}{_suggestion(fault)}"
        about_all = fault["type"] == "value_error" and isinstance(fault["input"], Mapping)
        secret = isinstance(fault.get("ctx", {}).get("error"), SecretGiven)
        self._wrong(path, f"{name}: {message}" if about_all or secret else f"{name} is {written(fault['input'])}: {message}")


def _suggestion(fault: ErrorDetails) -> str:
    """The nearest of the words that pydantic would take."""
    if fault["type"] != "literal_error" or not isinstance(fault["input"], str):
        return ""
    return nearest(fault["input"], _QUOTED.findall(str(fault.get("ctx", {}).get("expected", ""))))


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _keys_of(model: type[Config], path: Path) -> Iterator[Path]:
    """The keys of a model and of the groups in it, each with its place."""
    for name, field in model.model_fields.items():
        yield (*path, name)
        for choice in _alternatives(field.annotation):
            if isinstance(choice, type) and issubclass(choice, Config) and len(path) < _DEEPEST:
                yield from _keys_of(choice, (*path, name))


def _alternatives(annotation: Any) -> Iterator[Any]:
    """The types that an annotation leaves open."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for part in get_args(annotation):
            yield from _alternatives(part)
    else:
        yield annotation


def _inside(choice: Any, value: Any) -> Any:
    """The annotation of what a list or mapping holds.

    If such a value may be of this type.
    """
    origin, parts = get_origin(choice), get_args(choice)
    if not isinstance(origin, type) or not parts:
        return None
    if isinstance(value, dict):
        return parts[1] if issubclass(origin, Mapping) else None
    if isinstance(value, list) and issubclass(origin, Sequence) and (len(parts) == 1 or parts[1] is Ellipsis):
        return parts[0]
    return None
