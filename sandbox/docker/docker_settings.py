"""What a user decides about the containers."""

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user decides about the containers of a sandbox.

    Attributes:
        image: Name of an image; None stands for the one that `evoheur sandbox build` makes of this interpreter and its packages.
        packages: Installed packages in that image beyond the usual ones.
        memory_mib: Memory of a container, swap included, in MiB: for the guest (200 with numba), its cache and one candidate.
        pids: Processes and threads in a container.
        cpus: Processors that a container may use, in fractions.
        host: Address of the daemon; None stands for what DOCKER_HOST or else the context of `docker` says.
    """

    image: str | None = None
    packages: tuple[str, ...] = ()
    memory_mib: int = 2048
    pids: int = 32
    cpus: float = 1.0
    host: str | None = None
