"""Starting a guest in a container with its folders and variables."""

import importlib.util
import secrets
from pathlib import Path

from evoheur.sandbox.docker.container import CACHE, Container, ContainerPlan, sweep
from evoheur.sandbox.docker.container_guest import ContainerGuest
from evoheur.sandbox.docker.daemon import Daemon
from evoheur.sandbox.docker.docker_settings import Settings
from evoheur.sandbox.docker.image_contents import contents
from evoheur.sandbox.docker.rendezvous import Rendezvous
from evoheur.sandbox.docker.rootfs import PATH, SITE
from evoheur.sandbox.interface import Entry, SandboxUnavailable
from evoheur.sandbox.process import guest_environment
from evoheur.sandbox.proctree import GUEST_MARK

__all__ = ["code_folders", "launch"]

_CODE = "evoheur"
_CODE_INSIDE, _SOCKET_INSIDE = "/evoheur", "/run/evoheur"
_ANSWER_SECONDS = 60.0
_BY_OTHERS = 0o005  # read and enter: inside, nobody owns the folder


def launch(entry: Entry, settings: Settings, *, seconds: float) -> ContainerGuest:
    """Start a container and wait until its guest calls.

    What killed runs have left is removed before.

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
            plan = ContainerPlan(
                image=image,
                command=["python3", "-P", "-m", "evoheur.sandbox.docker.inside", f"{_SOCKET_INSIDE}/{Rendezvous.NAME}"],
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
    folders = code_folders()
    folders |= {Path(folder): folder for folder in entry.folders}
    for folder in folders:
        if folder.stat().st_mode & _BY_OTHERS != _BY_OTHERS:
            raise SandboxUnavailable(
                f"The user inside the container cannot read {folder} (mode {folder.stat().st_mode & 0o777:o}); "
                f"let everyone read it: chmod -R o+rX {folder}."
            )
    return folders


def code_folders() -> dict[Path, str]:
    """Folders of our code here → inside."""
    spec = importlib.util.find_spec(_CODE)
    assert spec is not None, "this module lies in it"
    folders = [Path(place) for place in spec.submodule_search_locations or ()]
    # In a checkout some packages are links to folders beside the package; inside, the links have to lead somewhere too.
    links = [path for folder in folders for path in folder.iterdir() if path.is_symlink()]
    return dict.fromkeys(folders, f"{_CODE_INSIDE}/{_CODE}") | {link.resolve(): f"{_CODE_INSIDE}/{link.name}" for link in links}
