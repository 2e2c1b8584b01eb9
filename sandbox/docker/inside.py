"""Process 1 of a container: the guest.

It calls the trusted side over a socket, then is its guest. Confinement: that of the jail, and the container's. Runs on what the image
has; imports nothing of the Docker SDK.
"""

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from evoheur.sandbox import guest
from evoheur.sandbox.limits import ConfinementRefused, IsolationInForce
from evoheur.sandbox.walls import landlock, seccomp
from evoheur.sandbox.walls.jail_confinement import Jail

__all__ = ["Contained", "main", "weakness"]

_NO_LANDLOCK = "there is no Landlock in it"
_ADVICE = "That takes Linux 5.13 or later with Landlock switched on, and a Docker daemon new enough to let it through."


class Contained(Jail):
    """The jail's walls (L0) inside a container.

    Children have them because they are not alone in the container. Before, the container's own walls are looked at.

    Args:
        libraries: As for `Jail`.
    """

    def __init__(self, libraries: Sequence[str]) -> None:
        super().__init__("L0", libraries)

    def confine_guest(self) -> IsolationInForce:
        """See `evoheur.sandbox.limits.Confinement.confine_guest`."""
        if found := weakness(Path("/proc")):
            raise ConfinementRefused(f"The container is weaker than it was asked to be: {found}.")
        if missing := seccomp.refusal() or ("" if landlock.abi() else _NO_LANDLOCK):
            raise ConfinementRefused(f"The candidates of a container cannot be kept from each other: {missing}. {_ADVICE}")
        super().confine_guest()
        return IsolationInForce(level="docker")


def weakness(proc: Path) -> str:
    """What a hardened container would not have; empty if it is one.

    Args:
        proc: The process file system.
    """
    status = dict(line.split(":\t", 1) for line in (proc / "self/status").read_text().splitlines() if ":\t" in line)
    routes = (proc / "self/net/route").read_text().splitlines()[1:]
    found = {
        "its user is root": "0" in status["Uid"].split(),
        "it has capabilities": int(status["CapPrm"], 16) | int(status["CapBnd"], 16) != 0,
        "programs may gain privileges": status["NoNewPrivs"] != "1",
        "its network leads somewhere": bool(routes),
        "its root can be written": not os.statvfs("/").f_flag & os.ST_RDONLY,
    }
    return ", ".join(words for words, holds in found.items() if holds)


def main(arguments: list[str]) -> None:
    """Be the guest of whoever listens at a path.

    Args:
        arguments: That path.
    """
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.connect(arguments[0])
    guest.main([str(control.detach())])


if __name__ == "__main__":
    main(sys.argv[1:])
