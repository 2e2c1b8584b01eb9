"""Configuration of the sandbox and of its limits.

It says which isolation level of the `sandbox` package a run uses.
"""

import importlib.util
import inspect
import os
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from evoheur.components import Config, known_kinds, resolve_kind
from evoheur.kernel_cache import SWITCH, choose_guest_cache
from evoheur.problem_modules import problem_place
from evoheur.sandbox.docker.daemon_ping import ping_docker
from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.docker.docker_settings import Settings
from evoheur.sandbox.interface import Entry, Limits, Sandbox
from evoheur.sandbox.jail import JailSandbox
from evoheur.sandbox.process import ProcessSandbox

__all__ = [
    "BUILTIN_SANDBOXES",
    "DockerConfig",
    "JailConfig",
    "LimitsConfig",
    "ProcessConfig",
    "SandboxConfig",
    "guest_entry",
    "sandbox_configs",
]

BUILTIN_SANDBOXES = {
    "jail": "evoheur.evaluation.isolation:JailConfig",
    "docker": "evoheur.evaluation.isolation:DockerConfig",
    "process": "evoheur.evaluation.isolation:ProcessConfig",
}


_JAILED = "no files, no network, no other process, few system calls"


class LimitsConfig(Config):
    """What one candidate may use; `sandbox.Limits` in the words of a configuration file."""

    load_seconds: float = Field(default=10.0, gt=0)
    """For importing and compiling the candidate's source, in seconds."""
    cpu_seconds: float = Field(default=10.0, gt=0)
    """Processor time for each instance, in seconds; also for whatever else is asked at once, as the decisions of an online heuristic on all
    that it may meet."""
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
    """Base of every isolation level's configuration.

    It describes the level: `evoheur doctor` and the red team know no more of it.
    """

    needed: ClassVar[bool] = False
    """Whether evoheur cannot do its usual work on a machine where the level does not work."""
    remedy: ClassVar[str] = ""
    """What to do where it does not work, if it is needed."""

    kind: str
    """Which isolation level: a built-in name, or package.module:Class of its configuration."""
    allow_unisolated: bool = False
    """Run code written by an online model even if this level keeps it from neither files nor network."""

    @property
    def isolates(self) -> bool:
        """True if candidates at this level reach neither files nor network."""
        return True

    @property
    def level_name(self) -> str:
        """The level as reports name it, like `Sandbox.level` once a guest has started."""
        return self.kind

    @property
    def promise(self) -> str:
        """What candidates cannot do there, in a line.

        The default is the first line of the class's docstring.
        """
        return inspect.cleandoc(type(self).__doc__ or "").partition("\n")[0].rstrip(".")

    def obstacle(self, environ: Mapping[str, str]) -> str:  # noqa: ARG002 - for overrides
        """Why the level cannot work on this machine.

        And what to do, where that can be known without starting a guest; else empty.

        Args:
            environ: Environment variables.
        """
        return ""

    @classmethod
    def to_try(cls) -> Sequence["SandboxConfig"]:
        """The settings to try the level with, strongest first; by default its defaults."""
        kind = cls.model_fields["kind"].get_default()
        return [cls.model_validate({"kind": kind if isinstance(kind, str) else f"{cls.__module__}:{cls.__qualname__}"})]

    @abstractmethod
    def build(self, entry: Entry) -> Sandbox:
        """Make a sandbox; the guest starts at the first candidate."""


class ProcessConfig(SandboxConfig):
    """A plain child process with resource limits: contains crashes, loops, memory and output, not files or network."""

    needed: ClassVar[bool] = True
    remedy: ClassVar[str] = "Candidates cannot be run here; install evoheur again in a fresh environment (make quickstart does)."

    kind: Literal["process"] = "process"

    @property
    def isolates(self) -> bool:
        """False: this level isolates nothing."""
        return False

    @property
    def promise(self) -> str:
        """See `SandboxConfig.promise`."""
        return "contains crashes and loops, not files or network"

    def build(self, entry: Entry) -> Sandbox:
        """See `SandboxConfig.build`."""
        return ProcessSandbox(entry)


class JailConfig(SandboxConfig):
    """Files, network, processes, signals and most system calls are out of reach; namespaces too where the kernel grants them."""

    needed: ClassVar[bool] = True
    remedy: ClassVar[str] = (
        "Use a kernel with Landlock (5.13 or newer) or user namespaces, take --set evaluation.sandbox.kind=docker, or accept less with "
        "--set evaluation.sandbox.kind=process."
    )

    kind: Literal["jail"] = "jail"
    level: Literal["auto", "L0", "L1"] = "auto"
    """"L1" requires namespaces around the guest, "L0" does without; "auto" takes what the kernel grants and says which it is."""

    @property
    def level_name(self) -> str:
        """See `SandboxConfig.level_name`; "auto" is called after the least it may be."""
        return "jail-L1" if self.level == "L1" else "jail-L0"

    @property
    def promise(self) -> str:
        """See `SandboxConfig.promise`."""
        return f"{_JAILED}; behind namespaces and a file system of its own" if self.level == "L1" else _JAILED

    @classmethod
    def to_try(cls) -> Sequence["JailConfig"]:
        """Both levels, of which one is enough."""
        return [cls(level="L1"), cls(level="L0")]

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

    @property
    def promise(self) -> str:
        """See `SandboxConfig.promise`."""
        return f"{_JAILED}; inside a container"

    def obstacle(self, environ: Mapping[str, str]) -> str:
        """The SDK is missing, or no daemon answers."""
        if importlib.util.find_spec("docker") is None:
            return "the Docker SDK for Python is not installed: pip install 'evoheur[docker]'"
        reachable, words = ping_docker(environ)
        return "" if reachable else f"{words}; start a daemon, or name another one's socket in DOCKER_HOST"

    def build(self, entry: Entry) -> Sandbox:
        """See `SandboxConfig.build`."""
        settings = Settings(image=self.image, packages=self.packages, memory_mib=self.memory_mib, pids=self.pids, cpus=self.cpus)
        return DockerSandbox(entry, settings)


def sandbox_configs(kinds: Sequence[str] = (), *, folder: Path | None = None) -> dict[str, type[SandboxConfig]]:
    """The configuration classes of isolation levels.

    Args:
        kinds: As `kind` names them; none for what ships with evoheur and all installed plug-ins.
        folder: Where modules are found too that are not installed.

    Returns:
        Kind → class.

    Raises:
        ConfigError: There is no such kind, or a plug-in cannot be imported.
    """
    wanted = kinds or known_kinds(BUILTIN_SANDBOXES, what="sandbox")
    base: type[SandboxConfig] = SandboxConfig  # type: ignore[type-abstract]
    return {kind: resolve_kind(kind, BUILTIN_SANDBOXES, base, what="sandbox", folder=folder) for kind in wanted}


def guest_entry(problem: str, settings: Mapping[str, Any], states: Sequence[Any] = (), *, libraries: Sequence[str] = ()) -> Entry:
    """What runs inside a guest for a problem, with the probe states and libraries that it is to hold.

    The guest's numba cache is apart from the trusted side's, because numba's cache is pickle: whoever can write it can run code in
    whoever reads it.
    """
    cache = choose_guest_cache(os.environ)
    place = problem_place(problem)
    return Entry(
        module="evoheur.evaluation.guest_job",
        payload={"problem": place.name, "settings": dict(settings), "folder": place.folder, "states": list(states)},
        environment=((SWITCH, "off"),) if cache.folder is None else (("NUMBA_CACHE_DIR", str(cache.folder)),),
        folders=place.read,
        libraries=tuple(library.partition(".")[0] for library in libraries),
    )
