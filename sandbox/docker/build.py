"""Building the image for candidates.

It is made of this interpreter's own files: no registry, no distribution, some five seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evoheur.sandbox.docker.daemon import Daemon
from evoheur.sandbox.docker.image_contents import Contents, contents
from evoheur.sandbox.docker.rootfs import host_files, tar_stream, variables

__all__ = ["CONTENTS", "Built", "build"]

CONTENTS = "evoheur.contents"
"""Label that tells what an image holds."""

_ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """An image that is there now.

    Attributes:
        image: Its name, which follows from its contents.
        contents: What it holds.
        fresh: It was not there before.
    """

    image: str
    contents: Contents
    fresh: bool


def build(packages: Sequence[str] = (), *, alias: str | None = None, again: bool = False, host: str | None = None) -> Built:
    """See that there is an image for this interpreter.

    Args:
        packages: Installed packages to put in beyond the usual ones.
        alias: One more name for it.
        again: Make it even if it is there.
        host: Address of the daemon; by default what DOCKER_HOST says.

    Raises:
        SandboxUnavailable: The daemon does not answer, or what should go in is not to be had.
    """
    wanted = contents(packages)
    with Daemon(host, seconds=_ANSWER_SECONDS) as daemon:
        fresh = again or not daemon.has_image(wanted.image)
        if fresh:
            tree = host_files(wanted)
            daemon.import_image(wanted.image, tar_stream(tree), variables=variables(tree), labels={CONTENTS: wanted.label})
        if alias is not None:
            daemon.name_image(wanted.image, alias)
    return Built(image=wanted.image, contents=wanted, fresh=fresh)
