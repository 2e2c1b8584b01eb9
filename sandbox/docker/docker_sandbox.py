"""Isolation level `docker`: one hardened container per sandbox.

It lives long, with the guest in it and the jail's walls around every candidate. The container has no network, no capability, no file to
write but a cache in memory, a user that owns nothing, and limits on memory and processes. That alone would leave the candidates of a
container to each other and to the guest, so each one is confined as in the jail at level L0, too.
"""

from evoheur.sandbox.docker.docker_settings import Settings
from evoheur.sandbox.guest_link import GuestProcess
from evoheur.sandbox.interface import Entry, SandboxUnavailable
from evoheur.sandbox.warm_sandbox import WarmSandbox

__all__ = ["DockerSandbox"]

_LIBRARIES = ("numpy", "numba", "llvmlite", "scipy")
_USUAL = Settings()


class DockerSandbox(WarmSandbox):
    """Runs candidates in confined children inside a container.

    Args:
        entry: What runs inside; its `folders` are shown at the same paths.
        settings: What the user decides.
        libraries: Packages of which candidates may import further modules, if the entry's setup has imported the package itself.
        start_seconds: How long the guest may take to start, its entry's setup included.
    """

    def __init__(
        self,
        entry: Entry,
        settings: Settings = _USUAL,
        *,
        libraries: tuple[str, ...] = _LIBRARIES,
        start_seconds: float = 120.0,
    ) -> None:
        super().__init__(
            entry,
            lambda: _launch(entry, settings, start_seconds),
            confinement="evoheur.sandbox.docker.inside:Contained",
            options={"libraries": list(dict.fromkeys((*libraries, *entry.libraries)))},
            level="docker",
            start_seconds=start_seconds,
        )


def _launch(entry: Entry, settings: Settings, seconds: float) -> GuestProcess:
    try:
        # Not at the top: the SDK is an optional extra, which whoever does not choose this level need not have.
        from evoheur.sandbox.docker.container_launch import launch  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise SandboxUnavailable(
            f"Level docker needs the Docker SDK for Python, but {error.name!r} is not installed: pip install 'evoheur[docker]'."
        ) from error
    return launch(entry, settings, seconds=seconds)
