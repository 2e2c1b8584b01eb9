"""Isolation level `jail`: walls of the Linux kernel alone.

It needs no daemon, no dependency and no privilege. Every child (L0) has renounced files, network, processes, signals and most system
calls. Where the kernel allows it, the guest moreover (L1) lives in namespaces of its own with an almost empty file system, so that a hole
in one wall leads to another; see `walls`.
"""

from collections.abc import Sequence
from typing import Literal

from evoheur.sandbox.interface import Entry, Json
from evoheur.sandbox.process import LocalGuest
from evoheur.sandbox.warm_sandbox import WarmSandbox

__all__ = ["JailSandbox"]

_LIBRARIES = ("numpy", "numba", "llvmlite", "scipy")
_CONFINEMENT = "evoheur.sandbox.walls.jail_confinement:Jail"
_LEVELS = ("auto", "L0", "L1")


class JailSandbox(WarmSandbox):
    """Runs candidates in confined children of a warm guest.

    Until the first guest has started, `level` names the least that will be in force; from then on what is, and `reason` why no more.
    A machine that cannot keep files from a candidate, or cannot give the level that is required, is refused at the first `open`.

    Args:
        entry: What runs inside.
        level: "L1" and "L0" require that level; "auto" takes L1 where it can be had and otherwise L0.
        libraries: Packages of which candidates may import further modules, if the entry's setup has imported the package itself.
        start_seconds: How long the guest may take to start, its entry's setup included.

    Raises:
        ValueError: There is no such level.
    """

    def __init__(
        self,
        entry: Entry,
        *,
        level: Literal["auto", "L0", "L1"] = "auto",
        libraries: Sequence[str] = _LIBRARIES,
        start_seconds: float = 120.0,
    ) -> None:
        if level not in _LEVELS:
            raise ValueError(f"A jail has the levels {', '.join(_LEVELS)}, not {level!r}.")
        options: dict[str, Json] = {"level": level, "libraries": list(dict.fromkeys((*libraries, *entry.libraries)))}
        super().__init__(
            entry,
            lambda: LocalGuest(entry, shared=(_CONFINEMENT, options)),
            confinement=_CONFINEMENT,
            options=options,
            level="jail-L1" if level == "L1" else "jail-L0",
            start_seconds=start_seconds,
        )
