"""Plug-ins of installed packages, found by their entry points.

A package names what it has in its pyproject.toml, for instance `[project.entry-points."evoheur.strategies"]` with the line
`greedy = "mylab.greedy:GreedyConfig"`; the name on the left can then stand wherever a configuration has a `kind`.
"""

import functools
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from evoheur.errors import ConfigError

__all__ = ["GROUPS", "InstalledPlugin", "installed_plugins", "target_of"]

GROUPS: Mapping[str, str] = {
    "strategy": "evoheur.strategies",
    "generator": "evoheur.generators",
    "problem": "evoheur.problems",
    "executor": "evoheur.executors",
    "sandbox": "evoheur.sandboxes",
    "optimiser": "evoheur.optimisers",
    "observer": "evoheur.observers",
}
"""What a plug-in is → the group of entry points that it is declared in."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class InstalledPlugin:
    """A plug-in that an installed package declares.

    Nothing of it has been imported.

    Attributes:
        what: A key of `GROUPS`.
        name: As configurations name it.
        target: "package.module:Class".
        package: Name and version of the distribution that declares it, such as "mylab 1.0".
    """

    what: str
    name: str
    target: str
    package: str


def installed_plugins(what: str) -> tuple[InstalledPlugin, ...]:
    """The plug-ins of a kind that are installed, by name.

    Args:
        what: A key of `GROUPS`.
    """
    return _found(what, tuple(sys.path))


@functools.lru_cache(maxsize=64)
def _found(what: str, path: tuple[str, ...]) -> tuple[InstalledPlugin, ...]:  # noqa: ARG001 - what is found depends on it
    from importlib.metadata import entry_points  # noqa: PLC0415 - guests import this module, and are to hold no more than they need

    found = set()
    for point in entry_points(group=GROUPS[what]):
        package = f"{point.dist.name} {point.dist.version}" if point.dist is not None else "an unknown package"
        found.add(InstalledPlugin(what=what, name=point.name, target=point.value.replace(" ", ""), package=package))
    return tuple(sorted(found))


def target_of(name: str, builtin: Mapping[str, str], *, what: str) -> str | None:
    """The "package.module:Class" that a name stands for.

    None for a name that nobody has.

    Args:
        name: As a configuration names it.
        builtin: Name → target, of what ships with evoheur.
        what: A key of `GROUPS`.

    Raises:
        ConfigError: More than one has this name; names them all, and what to write instead.
    """
    owners = [(builtin[name], "evoheur itself")] if name in builtin else []
    owners += [(plugin.target, plugin.package) for plugin in installed_plugins(what) if plugin.name == name]
    if len(owners) > 1:
        listed = " and ".join(f"{target} of {package}" for target, package in owners)
        raise ConfigError(
            f"The {what} name {name!r} is taken more than once, by {listed}; write package.module:Class in its place, or uninstall one "
            "of them."
        )
    return owners[0][0] if owners else None
