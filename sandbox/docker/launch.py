"""Starting a guest in a container: which image, which folders, which variables."""

import importlib.util
import secrets
from pathlib import Path

from sandbox.docker.container import CACHE, Container, Plan, sweep
from sandbox.docker.contents import contents
from sandbox.docker.daemon import Daemon
from sandbox.docker.guest import ContainerGuest
from sandbox.docker.rendezvous import Rendezvous
from sandbox.docker.rootfs import PATH, SITE
from sandbox.docker.settings import Settings
from sandbox.process import guest_environment
from sandbox.proctree import GUEST_MARK
from sandbox.sandbox import Entry, SandboxUnavailable

__all__ = ["launch"]

_CODE = ("sandbox", "evoheur", "problems")
_CODE_INSIDE, _SOCKET_INSIDE = "/evoheur", "/run/evoheur"
_ANSWER_SECONDS = 60.0
_BY_OTHERS = 0o005  # read and enter: inside, nobody owns the folder


def launch(entry: Entry, settings: Settings, *, seconds: float) -> ContainerGuest:
    """Start a container and wait until the guest in it calls; remove what killed runs have left before.

    Args:
        entry: What will run inside.
        settings: What the user decides.
        seconds: How long all of it may take.

    Raises:
        SandboxUnavailable: The daemon, the image or a folder is missing, or the container does not start.
    """
    daemon = Daemon(settings.host, seconds=min(seconds, _ANSWER_SECONDS))
    try:
        image = _image(daemon, settings)
        shown = _shown(entry)
        sweep(daemon)

        def make(meeting: Path) -> Container:
            plan = Plan(
                image=image,
                command=["python3", "-P", "-m", "sandbox.docker.inside", f"{_SOCKET_INSIDE}/{Rendezvous.NAME}"],
                environment=_environment(entry),
                shown={**shown, meeting: _SOCKET_INSIDE},
                memory_mib=settings.memory_mib,
                pids=settings.pids,
                cpus=settings.cpus,
            )
            return Container(daemon, plan)

        return ContainerGuest(make, seconds=seconds)
    except BaseException:
        daemon.close()
        raise


def _image(daemon: Daemon, settings: Settings) -> str:
    wanted = settings.image or contents(settings.packages).image
    if daemon.has_image(wanted):
        return wanted
    options = "".join(f" --with {package}" for package in settings.packages)
    if settings.image is not None:
        raise SandboxUnavailable(
            f"There is no image {wanted!r} at {daemon.host}; make it with `evoheur sandbox build{options} --tag {wanted}`."
        )
    others = daemon.images()
    stale = f", but {others[-1]}, which was made for other versions" if others else ""
    raise SandboxUnavailable(
        f"There is no image {wanted} at {daemon.host}, as this Python and its packages need{stale}; "
        f"make it with `evoheur sandbox build{options}`."
    )


def _environment(entry: Entry) -> dict[str, str]:
    return {
        **guest_environment(),
        **dict(entry.environment),
        "PATH": PATH,
        "PYTHONPATH": f"{_CODE_INSIDE}:{SITE}",
        "NUMBA_CACHE_DIR": CACHE,
        GUEST_MARK: secrets.token_hex(16),
    }


def _shown(entry: Entry) -> dict[Path, str]:
    folders = {folder: f"{_CODE_INSIDE}/{name}" for name in _CODE for folder in _package_folders(name)}
    folders |= {Path(folder): folder for folder in entry.folders}
    for folder in folders:
        if folder.stat().st_mode & _BY_OTHERS != _BY_OTHERS:
            raise SandboxUnavailable(
                f"The user inside the container cannot read {folder} (mode {folder.stat().st_mode & 0o777:o}); "
                f"let everyone read it: chmod -R o+rX {folder}."
            )
    return folders


def _package_folders(name: str) -> list[Path]:
    spec = importlib.util.find_spec(name)
    return [] if spec is None else [Path(place) for place in spec.submodule_search_locations or ()]
