"""List of everything that a configuration can name.

What ships with evoheur and what installed packages declare, each imported and checked.
"""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import TypeAdapter

from evoheur.components import Config, resolve, resolve_kind
from evoheur.errors import ConfigError, EvoheurError
from evoheur.evaluation.executor import BUILTIN_EXECUTORS, ExecutorConfig
from evoheur.evaluation.isolation import BUILTIN_SANDBOXES, SandboxConfig
from evoheur.generation.generator import BUILTIN_GENERATORS, GeneratorConfig
from evoheur.generation.tuning.optimiser import BUILTIN_OPTIMISERS
from evoheur.installed_plugins import GROUPS, InstalledPlugin, installed_plugins, target_of
from evoheur.plugin_folders import ForeignFault, foreign_code
from evoheur.problem_loading import load_problem, problem_class
from evoheur.problem_modules import bundled_problems
from evoheur.run.configured_observers import BUILTIN_OBSERVERS, ObserverConfig
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.version import __version__

__all__ = ["ListedPlugin", "list_plugins", "usable_problems"]

_BASES: Mapping[str, tuple[type[Config], Mapping[str, str]]] = {
    "strategy": (StrategyConfig, BUILTIN_STRATEGIES),
    "generator": (GeneratorConfig, BUILTIN_GENERATORS),
    "executor": (ExecutorConfig, BUILTIN_EXECUTORS),
    "sandbox": (SandboxConfig, BUILTIN_SANDBOXES),
    "observer": (ObserverConfig, BUILTIN_OBSERVERS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlugin:
    """One name that a configuration may use.

    Attributes:
        what: "strategy", "generator", "problem", …
        name: As configurations name it.
        target: "package.module:Class".
        package: The distribution that it comes from, with its version.
        summary: The first line of its docstring; empty if it cannot be used.
        fault: Why it cannot be used, and what to do; empty if it can.
    """

    what: str
    name: str
    target: str
    package: str
    summary: str = ""
    fault: str = ""


def list_plugins(*, shipped: bool = False) -> list[ListedPlugin]:
    """Import and check every installed plug-in.

    One that is broken says so in its entry.

    Args:
        shipped: Whether to list what ships with evoheur, too.
    """
    return [_looked_at(plugin) for what in GROUPS for plugin in [*(_shipped(what) if shipped else ()), *installed_plugins(what)]]


def usable_problems() -> list[str]:
    """The names of the problems that can be loaded.

    Bundled ones first, then installed ones; `list_plugins` says what is wrong with the others.
    """
    plugins = [_looked_at(plugin) for plugin in installed_plugins("problem")]
    return [*bundled_problems(), *(plugin.name for plugin in plugins if not plugin.fault)]


def _shipped(what: str) -> Iterator[InstalledPlugin]:
    for name, target in _builtin(what).items():
        yield InstalledPlugin(what=what, name=name, target=target, package=f"evoheur {__version__}")


def _builtin(what: str) -> Mapping[str, str]:
    if what == "problem":
        return {name: f"evoheur.problems.{name}.problem" for name in bundled_problems()}
    return BUILTIN_OPTIMISERS if what == "optimiser" else _BASES[what][1]


def _looked_at(plugin: InstalledPlugin) -> ListedPlugin:
    place = {"what": plugin.what, "name": plugin.name, "target": plugin.target, "package": plugin.package}
    try:
        target_of(plugin.name, _builtin(plugin.what), what=plugin.what)
        with foreign_code():
            summary = inspect.cleandoc(_found(plugin).__doc__ or "").partition("\n")[0]
    except ForeignFault as fault:
        return ListedPlugin(
            **place, fault=f"{plugin.target} cannot be used: it raises {fault}; correct it, or uninstall its package."
        )
    except EvoheurError as error:
        return ListedPlugin(**place, fault=str(error))
    return ListedPlugin(**place, summary=summary)


def _found(plugin: InstalledPlugin) -> Any:
    """Load what the entry point of a plug-in names.

    It must be of its kind.
    """
    if plugin.what == "problem":
        load_problem(plugin.name)
        return problem_class(plugin.name)
    if plugin.what == "optimiser":
        made = resolve(plugin.target, {}, what=plugin.what)
        if not callable(made):
            raise ConfigError(f"{plugin.target} is no optimiser: it cannot be called; name a class or a function that makes one.")
        return made
    found = resolve_kind(plugin.target, {}, _BASES[plugin.what][0], what=plugin.what)
    kind = found.model_fields["kind"]
    try:
        TypeAdapter(cast("Any", kind.annotation)).validate_python(plugin.name)
    except ValueError as error:
        raise ConfigError(
            f"{plugin.target} takes only the kind {kind.default!r}, but is declared as {plugin.name!r}; call the entry point so, or "
            "annotate its kind as str."
        ) from error
    return found
