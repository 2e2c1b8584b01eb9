"""The isolation levels under attack, by the names that test ids show."""

from collections.abc import Mapping
from functools import partial

from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.jail import JailSandbox
from evoheur.sandbox.process import ProcessSandbox
from evoheur.testing.red_team.attack_range import MakeSandbox

__all__ = ["LEVELS", "WALLED"]

WALLED = ("L0", "L1")
"""Those that must stop every attack."""

LEVELS: Mapping[str, MakeSandbox] = {
    "process": ProcessSandbox,
    "L0": partial(JailSandbox, level="L0"),
    "L1": partial(JailSandbox, level="L1"),
    "docker": DockerSandbox,
}
