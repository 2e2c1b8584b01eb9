"""Contents of an image: the interpreter and installed packages.

Its name tells which, so that a stale one has another name.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass

from evoheur.sandbox.interface import SandboxUnavailable

__all__ = ["BASE_PACKAGES", "REPOSITORY", "Contents", "NotInstalled", "contents", "name_of"]

REPOSITORY = "evoheur-sandbox"
BASE_PACKAGES = ("numpy", "numba", "vrplib")
"""What problems and most candidates import; what these require comes with them."""

_LAYOUT = 1  # to be raised when an image of the same contents is put together in another way
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class NotInstalled(SandboxUnavailable):
    """A package for the image that this interpreter lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What an image holds.

    Attributes:
        python: Version of the interpreter, such as "3.11.7".
        machine: Processor architecture, as the kernel spells it.
        packages: Name → version, by name.
    """

    python: str
    machine: str
    packages: tuple[tuple[str, str], ...]

    @property
    def image(self) -> str:
        """Name of the image.

        The same contents have the same name on every machine.
        """
        return f"{REPOSITORY}:py{self.python}-{hashlib.sha256(self.label.encode()).hexdigest()[:12]}"

    @property
    def label(self) -> str:
        """All of it in one line of JSON."""
        fields = {"layout": _LAYOUT, "python": self.python, "machine": self.machine, "packages": dict(self.packages)}
        return json.dumps(fields, sort_keys=True)


def contents(extra: Sequence[str] = ()) -> Contents:
    """What the image for this interpreter has to hold.

    Args:
        extra: Installed packages beyond `BASE_PACKAGES`; what they require comes with them.

    Raises:
        NotInstalled: One of them is not installed.
    """
    found: dict[str, str] = {}
    front = [*BASE_PACKAGES, *extra]
    while front:
        package = front.pop()
        if name_of(package) not in found:
            distribution = _distribution(package)
            found[name_of(package)] = distribution.version
            front += _required(distribution)
    return Contents(python=platform.python_version(), machine=os.uname().machine, packages=tuple(sorted(found.items())))


def name_of(requirement: str) -> str:
    """Package name in a requirement, normalised as in package indexes."""
    found = _NAME.match(requirement)
    if found is None:
        raise NotInstalled(f"{requirement!r} is no name of a package.")
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def _distribution(package: str) -> importlib.metadata.Distribution:
    try:
        return importlib.metadata.distribution(name_of(package))
    except importlib.metadata.PackageNotFoundError:
        raise NotInstalled(
            f"The package {package!r} is not installed, so it cannot go into the image; install it first: pip install {package}."
        ) from None


def _required(distribution: importlib.metadata.Distribution) -> list[str]:
    # A requirement with a condition is met if it is installed: whoever installed the package has judged the condition.
    required = []
    for line in distribution.requires or ():
        requirement, _, condition = line.partition(";")
        if "extra" in condition or (condition and not _is_installed(requirement)):
            continue
        required.append(requirement)
    return required


def _is_installed(requirement: str) -> bool:
    try:
        importlib.metadata.distribution(name_of(requirement))
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
