"""An isolation level: the jail, in which candidates may import no further module of any library."""

import sys
from collections.abc import Mapping

from evoheur.evaluation.isolation import SandboxConfig
from evoheur.sandbox.interface import Entry, Sandbox
from evoheur.sandbox.jail import JailSandbox

__all__ = ["StrictConfig"]


class StrictConfig(SandboxConfig):
    """As the jail; candidates have numpy as far as the problem has loaded it, and no other library."""

    kind: str = "strict"

    def obstacle(self, environ: Mapping[str, str]) -> str:
        """Its walls are Linux's."""
        return "" if sys.platform == "linux" else "its walls are made of Linux's system calls; take a Linux machine"

    def build(self, entry: Entry) -> Sandbox:
        """See `SandboxConfig.build`."""
        return JailSandbox(entry, level="auto", libraries=("numpy",))
