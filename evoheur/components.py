"""Components that a configuration names: built-in, installed or of a module.

The name is a built-in `kind`, the name of an installed plug-in, or `package.module:Class`. This is the whole plug-in mechanism: no
registry, no decorator, no import side effect. A component's configuration is a pydantic model beside it with a `kind` and a `build` method
that makes the component. Installed packages declare names for theirs by entry points.
"""

import difflib
import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from evoheur.errors import ConfigError
from evoheur.installed_plugins import installed_plugins, target_of
from evoheur.plugin_folders import ForeignFault, import_module

__all__ = ["Config", "known_kinds", "nearest", "resolve", "resolve_kind", "spell_kinds"]


class Config(BaseModel):
    """Base of every configuration model: unknown keys are errors, values are immutable and finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)


ConfigT = TypeVar("ConfigT", bound=Config)


def resolve(kind: str, builtin: Mapping[str, str], *, what: str, folder: Path | None = None) -> Any:
    """Import what `kind` names.

    Args:
        kind: A key of `builtin`, the name of an installed plug-in, or "package.module:Class".
        builtin: Kind → "package.module:Class" of what ships with evoheur.
        what: "strategy", "generator", …: a key of `evoheur.installed_plugins.GROUPS`.
        folder: Where modules are found too that are not installed: the configuration's own folder.

    Raises:
        ConfigError: There is no such kind, module or name in it, or several packages have the name.
    """
    module, name = _module_and_name(kind, builtin, what=what, folder=folder)
    found = getattr(module, name, None)
    if found is None:
        raise ConfigError(
            f"The {what} kind {kind!r} names nothing in module {module.__name__!r}{nearest(name, vars(module))}; check the spelling."
        )
    return found


def resolve_kind(
    kind: str, builtin: Mapping[str, str], base: type[ConfigT], *, what: str, folder: Path | None = None
) -> type[ConfigT]:
    """Find the configuration class that `kind` names.

    Args:
        kind: A key of `builtin`, the name of an installed plug-in, or "package.module:Class".
        builtin: Kind → "package.module:Class" of what ships with evoheur.
        base: The class it must derive from.
        what: "strategy", "generator", …: a key of `evoheur.installed_plugins.GROUPS`.
        folder: Where modules are found too that are not installed: the configuration's own folder.

    Raises:
        ConfigError: There is no such kind, module or class, or the class is of another family or not complete.
    """
    found = resolve(kind, builtin, what=what, folder=folder)
    if not (isinstance(found, type) and issubclass(found, base)):
        module, _ = _module_and_name(kind, builtin, what=what, folder=folder)
        raise ConfigError(
            f"The {what} kind {kind!r} names no configuration class, which is a subclass of {base.__module__}.{base.__name__}; "
            f"{_named_instead(module, found, base)}."
        )
    if inspect.isabstract(found):
        missing = ", ".join(sorted(found.__abstractmethods__))
        raise ConfigError(f"The {what} kind {kind!r} names a class without {missing}; define it, or name a subclass that does.")
    return found


def known_kinds(builtin: Mapping[str, str], *, what: str) -> list[str]:
    """All names that a `kind` may have.

    What ships with evoheur comes first, then the installed plug-ins.
    """
    return list(dict.fromkeys([*builtin, *(plugin.name for plugin in installed_plugins(what))]))


def spell_kinds(builtin: Mapping[str, str], *, what: str) -> str:
    """What a `kind` may be, for a message."""
    known = known_kinds(builtin, what=what)
    return f"{', '.join(known)}, or package.module:Class" if known else "package.module:Class"


def nearest(word: str, known: Iterable[str]) -> str:
    """A phrase that suggests the most similar known word.

    Empty if none is similar.
    """
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {matches[0]!r}?)" if matches else ""


def _module_and_name(kind: str, builtin: Mapping[str, str], *, what: str, folder: Path | None) -> tuple[ModuleType, str]:
    module_name, colon, name = (target_of(kind, builtin, what=what) or kind).partition(":")
    if not (colon and name.isidentifier() and all(part.isidentifier() for part in module_name.split("."))):
        near = nearest(kind, known_kinds(builtin, what=what))
        raise ConfigError(f"Unknown {what} kind {kind!r}{near}; known: {spell_kinds(builtin, what=what)}.")
    try:
        return import_module(module_name, folder), name
    except ModuleNotFoundError as error:
        where = "" if folder is None else f" and is not in {str(folder)!r}"
        raise ConfigError(
            f"The {what} kind {kind!r} needs module {error.name!r}, which is not installed{where}; install it, or put it beside the "
            "configuration."
        ) from error
    except ForeignFault as fault:
        raise ConfigError(
            f"The {what} kind {kind!r} names a module that cannot be imported ({fault}); correct it, --debug shows the traceback."
        ) from fault


def _named_instead(module: ModuleType, found: Any, base: type[Config]) -> str:
    """What to name in place of a class that configures nothing."""
    having = [
        each
        for each, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, base) and value is not base and value.__module__ == module.__name__
    ]
    likely = difflib.get_close_matches(f"{getattr(found, '__name__', '')}Config", having, n=1, cutoff=0.0)
    if likely:
        return f"name {module.__name__}:{likely[0]} instead"
    makes = f" {found.__name__}" if isinstance(found, type) else " the component"
    return f"write one whose build returns{makes}, and name that"
