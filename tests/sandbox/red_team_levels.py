"""The isolation levels under attack, by the names that test ids show."""

from collections.abc import Mapping
from functools import partial

from evoheur.testing.red_team.run import MakeSandbox
from sandbox.docker.sandbox import DockerSandbox
from sandbox.jail import JailSandbox
from sandbox.process import ProcessSandbox

__all__ = ["LEVELS", "WALLED"]

WALLED = ("L0", "L1")
"""Those that must stop every attack."""

LEVELS: Mapping[str, MakeSandbox] = {
    "process": ProcessSandbox,
    "L0": partial(JailSandbox, level="L0"),
    "L1": partial(JailSandbox, level="L1"),
    "docker": DockerSandbox,
}
