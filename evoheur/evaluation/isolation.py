"""Which sandbox a run uses, and with what limits: the configuration side of the `sandbox` package."""

import os
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from evoheur.kernel_cache import SWITCH, choose_guest_cache
from evoheur.plugins import Config
from evoheur.problem_modules import problem_place
from evoheur.sandbox.docker.sandbox import DockerSandbox
from evoheur.sandbox.docker.settings import Settings
from evoheur.sandbox.jail import JailSandbox
from evoheur.sandbox.process import ProcessSandbox
from evoheur.sandbox.sandbox import Entry, Limits, Sandbox

__all__ = ["BUILTIN_SANDBOXES", "DockerConfig", "JailConfig", "LimitsConfig", "ProcessConfig", "SandboxConfig", "guest_entry"]

BUILTIN_SANDBOXES = {
    "jail": "evoheur.evaluation.isolation:JailConfig",
    "docker": "evoheur.evaluation.isolation:DockerConfig",
    "process": "evoheur.evaluation.isolation:ProcessConfig",
}


class LimitsConfig(Config):
    """What one candidate may use; `sandbox.Limits` in the words of a configuration file."""

    load_seconds: float = Field(default=10.0, gt=0)
    """For importing and compiling the candidate's source, in seconds."""
    cpu_seconds: float = Field(default=10.0, gt=0)
    """Processor time for each instance, in seconds."""
    wall_seconds: float = Field(default=30.0, gt=0)
    """Wall time for each instance, in seconds: a safety net that only a machine far too busy should reach. A candidate that computes and is
    kept from the processor by others gets up to three times as long."""
    memory_mib: int = Field(default=1024, ge=64)
    """Address space beyond what the warm guest maps, in MiB."""
    output_mib: int = Field(default=16, ge=1)
    """Largest answer, in MiB; where the instances are small, what they can need is the limit (`Problem.answer_bytes`)."""

    def limits(self) -> Limits:
        """As the sandbox takes them."""
        return Limits(
            load_seconds=self.load_seconds,
            cpu_seconds=self.cpu_seconds,
            wall_seconds=self.wall_seconds,
            memory_mib=self.memory_mib,
            output_bytes=self.output_mib * 1024 * 1024,
        )


class SandboxConfig(Config):
    """Base of every isolation level's configuration."""

    kind: str
    """Which isolation level: a built-in name, or package.module:Class of its configuration."""
    allow_unisolated: bool = False
    """Run code written by an online model even if this level keeps it from neither files nor network."""

    @property
    def isolates(self) -> bool:
        """True if candidates at this level reach neither files nor network."""
        return True

    @abstractmethod
    def build(self, entry: Entry) -> Sandbox:
        """Make a sandbox; the guest starts at the first candidate."""


class ProcessConfig(SandboxConfig):
    """A plain child process with resource limits: contains crashes, loops, memory and output, not files or network."""

    kind: Literal["process"] = "process"

    @property
    def isolates(self) -> bool:
        """Never."""
        return False

    def build(self, entry: Entry) -> Sandbox:
        """See `SandboxConfig.build`."""
        return ProcessSandbox(entry)


class JailConfig(SandboxConfig):
    """Files, network, processes, signals and most system calls are out of reach; namespaces too where the kernel grants them."""

    kind: Literal["jail"] = "jail"
    level: Literal["auto", "L0", "L1"] = "auto"
    """"L1" requires namespaces around the guest, "L0" does without; "auto" takes what the kernel grants and says which it is."""

    def build(self, entry: Entry) -> Sandbox:
        """See `SandboxConfig.build`."""
        return JailSandbox(entry, level=self.level)


class DockerConfig(SandboxConfig):
    """The jail's walls around every candidate, inside a hardened container per worker slot; the daemon is the one of DOCKER_HOST."""

    kind: Literal["docker"] = "docker"
    image: str | None = None
    """Name of an image; unset, the one that `evoheur sandbox build` makes of this Python and its packages."""
    packages: tuple[str, ...] = ()
    """Installed packages that the problem needs beyond numpy, numba and vrplib; build the image with --with for each of them."""
    memory_mib: int = Field(default=2048, ge=512)
    """Memory of a container, swap included, in MiB: for the guest (some 250) and one candidate."""
    pids: int = Field(default=32, ge=8)
    """Processes and threads in a container."""
    cpus: float = Field(default=1.0, gt=0)
    """Processors that a container may use."""

    def build(self, entry: Entry) -> Sandbox:
        """See `SandboxConfig.build`."""
        settings = Settings(image=self.image, packages=self.packages, memory_mib=self.memory_mib, pids=self.pids, cpus=self.cpus)
        return DockerSandbox(entry, settings)


def guest_entry(problem: str, settings: Mapping[str, Any]) -> Entry:
    """What runs inside a guest for a problem.

    The guest's numba cache is apart from the trusted side's, because numba's cache is pickle: whoever can write it can run code in
    whoever reads it.
    """
    cache = choose_guest_cache(os.environ)
    place = problem_place(problem)
    return Entry(
        module="evoheur.evaluation.job",
        payload={"problem": place.name, "settings": dict(settings), "folder": place.folder},
        environment=((SWITCH, "off"),) if cache.folder is None else (("NUMBA_CACHE_DIR", str(cache.folder)),),
        folders=place.read,
    )
