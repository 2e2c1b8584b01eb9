"""How a configuration names a component: a built-in `kind`, or `package.module:Class` of anyone's own.

This is the whole plug-in mechanism: no registry, no decorator, no import side effect. A component's configuration is a pydantic model
beside it with a `kind` and a `build` method that makes the component.
"""

import difflib
import importlib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from evoheur.errors import ConfigError

__all__ = ["Config", "nearest", "resolve", "resolve_kind"]


class Config(BaseModel):
    """Base of every configuration model: unknown keys are errors, values are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


ConfigT = TypeVar("ConfigT", bound=Config)


def resolve(kind: str, builtin: Mapping[str, str], *, what: str) -> Any:
    """Import what `kind` names.

    Args:
        kind: A key of `builtin`, or "package.module:Class".
        builtin: Kind → "package.module:Class" of what ships with evoheur.
        what: "strategy", "generator", …: for messages.

    Raises:
        ConfigError: There is no such kind, module or name in it.
    """
    target = builtin.get(kind, kind)
    if ":" not in target:
        raise ConfigError(
            f"Unknown {what} kind {kind!r}{nearest(kind, builtin)}; known: {', '.join(builtin)}, or package.module:Class."
        )
    module_name, _, name = target.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"The {what} kind {kind!r} needs module {error.name!r}, which cannot be imported; install it."
        ) from error
    found = getattr(module, name, None)
    if found is None:
        raise ConfigError(f"The {what} kind {kind!r} names nothing in module {module_name!r}; check the spelling.")
    return found


def resolve_kind(kind: str, builtin: Mapping[str, str], base: type[ConfigT], *, what: str) -> type[ConfigT]:
    """Find the configuration class that `kind` names.

    Args:
        kind: A key of `builtin`, or "package.module:Class".
        builtin: Kind → "package.module:Class" of what ships with evoheur.
        base: The class it must derive from.
        what: "strategy", "generator", …: for messages.

    Raises:
        ConfigError: There is no such kind, module or class, or the class is of another family.
    """
    found = resolve(kind, builtin, what=what)
    if not (isinstance(found, type) and issubclass(found, base)):
        raise ConfigError(f"The {what} kind {kind!r} names no subclass of {base.__module__}.{base.__name__}.")
    return found


def nearest(word: str, known: Iterable[str]) -> str:
    """A phrase that suggests the most similar known word, or nothing if none is similar."""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {matches[0]!r}?)" if matches else ""
