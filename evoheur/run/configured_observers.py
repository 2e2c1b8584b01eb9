"""Observers that a configuration names.

They are beside those that the command line brings along.
"""

from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType

from evoheur.components import Config
from evoheur.run.events import Observer

__all__ = ["BUILTIN_OBSERVERS", "ObserverConfig"]

BUILTIN_OBSERVERS: Mapping[str, str] = MappingProxyType({})
"""None: console, summary and log are options of the commands, since they are about one session and not about the run."""


class ObserverConfig(Config):
    """Base of every observer's configuration."""

    kind: str
    """Which observer: the name of an installed plug-in, or package.module:Class of its configuration."""

    @abstractmethod
    def build(self) -> Observer:
        """Make the observer; called in every session, before anything is written or spent.

        Raises:
            ConfigError: Something that it needs is missing.
        """
