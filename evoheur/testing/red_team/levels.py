"""The isolation levels to attack, as they describe themselves.

Those that ship, those of installed plug-ins, and any that is named.
"""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from evoheur.evaluation.isolation import SandboxConfig, sandbox_configs
from evoheur.testing.red_team.attack_range import MakeSandbox
from evoheur.testing.red_team.team import FAMILIES

__all__ = ["LevelUnderAttack", "levels_to_attack"]

_WITHOUT_WALLS = ("resources", "frames", "scores")
"""What is stopped by limits and by pricing solutions on the trusted side, also where files and network are in reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelUnderAttack:
    """One isolation level to attack.

    Attributes:
        name: As reports name it.
        make: Makes its sandbox.
        promised: The families of attacks that it promises to stop.
        obstacle: Tells at once why it cannot work here, if that can be known without trying.
    """

    name: str
    make: MakeSandbox
    promised: Collection[str] = FAMILIES
    obstacle: Callable[[], str] = str

    @classmethod
    def of(cls, config: SandboxConfig) -> "LevelUnderAttack":
        """The level that a configuration makes, with what it says of itself."""
        promised = FAMILIES if config.isolates else _WITHOUT_WALLS
        return cls(name=config.level_name, make=config.build, promised=promised, obstacle=partial(config.obstacle, os.environ))


def levels_to_attack(kinds: Sequence[str]) -> list[LevelUnderAttack]:
    """The levels of some kinds, in their order.

    Args:
        kinds: As `evaluation.sandbox.kind` names them; none for all that are installed and isolate.

    Raises:
        ConfigError: There is no such kind.
    """
    found = [config for config_type in sandbox_configs(kinds, folder=Path.cwd()).values() for config in config_type.to_try()]
    return [LevelUnderAttack.of(config) for config in found if kinds or config.isolates]
