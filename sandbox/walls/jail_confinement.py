"""Confinement at level `jail`: the walls of guest and children.

Where the kernel lacks one, it is decided here what is done.
"""

import functools
import os
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from evoheur.sandbox import limits
from evoheur.sandbox.limits import ChildLimits, ConfinementRefused, IsolationInForce
from evoheur.sandbox.walls import landlock, seccomp
from evoheur.sandbox.walls.architecture import this_architecture
from evoheur.sandbox.walls.forked_trial import refusal
from evoheur.sandbox.walls.mapped_files import MappedFiles
from evoheur.sandbox.walls.module_shelf import Shelf
from evoheur.sandbox.walls.namespaces import die_with_parent, enter
from evoheur.sandbox.walls.privileges import become_nobody, drop_capabilities, renounce_new
from evoheur.sandbox.walls.shared_memory import shared_memory

__all__ = ["Jail", "Survey", "choose", "survey"]

_FLAT, _DEEP = "L0", "L1"
_NO_LANDLOCK = "this kernel has no Landlock (Linux 5.13 or later, with lsm=…,landlock)"
_REHEARSAL_SECONDS = 10
_FALL_BACK = "Allow user namespaces to this user, or take level auto or L0."
_ALTERNATIVES = "Take another isolation level, such as docker."
_OUTSIDE = "/proc/self/status"  # is there for everyone, unless a wall stands before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a machine refuses.

    In words for a person; empty where it does not.

    Attributes:
        filters: System call filters.
        landlock: Landlock.
        namespaces: Namespaces, mounts and a root of one's own.
    """

    filters: str
    landlock: str
    namespaces: str


@functools.cache
def survey() -> Survey:
    """Find out by trying what this machine refuses.

    Every attempt is made in a process that ends with it. A process tries once, and what it forks knows.
    """
    filters = seccomp.refusal()
    return Survey(
        filters=filters,
        landlock="" if landlock.abi() else _NO_LANDLOCK,
        namespaces=filters or refusal(enter),
    )


def choose(wanted: str, found: Survey) -> IsolationInForce:
    """The strongest level both wanted and available.

    Args:
        wanted: "auto", "L0" or "L1".
        found: What the machine refuses.

    Raises:
        ConfinementRefused: The level cannot be had, or would leave files in reach.
    """
    if found.filters:
        raise ConfinementRefused(f"The jail needs a filter for system calls: {found.filters}. {_ALTERNATIVES}")
    if wanted != _FLAT and not found.namespaces:
        return IsolationInForce(level="jail-L1", reason=found.landlock)
    if wanted == _DEEP:
        raise ConfinementRefused(
            f"The jail at level L1 needs namespaces, which this machine refuses: {found.namespaces}. {_FALL_BACK}"
        )
    if found.landlock:
        also = "" if wanted == _FLAT else f", and namespaces are refused: {found.namespaces}"
        raise ConfinementRefused(f"The jail cannot keep files from a candidate: {found.landlock}{also}. {_ALTERNATIVES}")
    return IsolationInForce(level="jail-L0", reason="" if wanted == _FLAT else f"no namespaces: {found.namespaces}")


class Jail:
    """A `evoheur.sandbox.limits.Confinement`.

    Args:
        level: "auto", "L0" or "L1".
        libraries: Packages of which candidates may import further modules, if they are imported already.
        look: Finds out what the machine refuses.
    """

    def __init__(self, level: str, libraries: Sequence[str], look: Callable[[], Survey] = survey) -> None:
        self._wanted = level
        self._libraries = libraries
        self._look = look
        self._mapped: MappedFiles | None = None
        architecture = this_architecture()
        self._filters = [seccomp.child_filter(architecture, threads=threads) for threads in (False, True)] if architecture else []

    def prepare_server(self) -> None:
        """Find out and read what all guests that are forked from this process need alike."""
        self._look()
        Shelf.of(self._libraries).load_machine_code()

    def prepare_guest(self) -> None:
        """See `evoheur.sandbox.limits.prepare_guest`."""
        limits.prepare_guest()

    def settle_guest(self) -> None:
        """Take into memory what children may import.

        They will not find a file.

        Raises:
            ConfinementRefused: The entry's setup left memory that children would share.
        """
        if shared := shared_memory():
            raise ConfinementRefused(
                f"The setup left writable shared memory ({', '.join(shared[:3])}), through which candidates could change each other. "
                "Let it map memory privately."
            )
        shelf = Shelf.of(self._libraries)
        shelf.load_machine_code()
        shelf.replace_files()
        self._mapped = MappedFiles()
        self._mapped.read()

    def confine_guest(self) -> IsolationInForce:
        """Raise the walls that guest and children share.

        At L1 the rest of the guest's life is that of another process. What needs a privilege comes first, then the privileges go.
        """
        found = self._look()
        standing = choose(self._wanted, found)
        limits.confine_guest()
        deep = standing.level == "jail-L1"
        if deep:
            enter()
        renounce_new()
        if not found.landlock:
            landlock.renounce_files()
        become_nobody()
        drop_capabilities()
        if deep:
            die_with_parent()
        self._rehearse()
        return standing

    def refresh_guest(self) -> None:
        """Read all pages of libraries again.

        Otherwise, reading one could tell a child something about the children before it.
        """
        if self._mapped is not None:
            self._mapped.read_again()

    def confine_child(self, limits_of_child: ChildLimits) -> None:
        """Raise the walls around a child."""
        limits.confine_child(limits_of_child)
        landlock.renounce_others()
        if not self._filters:
            raise ConfinementRefused("There is no filter for this architecture.")
        seccomp.install(self._filters[limits_of_child.threads > 0])

    def _rehearse(self) -> None:
        # A child that cannot be confined would look like a candidate that crashes; and walls are only believed in once touched.
        for threads in (0, 1):
            if problem := refusal(partial(self._touch_walls, threads)):
                raise ConfinementRefused(f"A child of the guest cannot be confined: {problem}. {_ALTERNATIVES}")

    def _touch_walls(self, threads: int) -> None:
        _, unlimited = resource.getrlimit(resource.RLIMIT_AS)
        _, processes = resource.getrlimit(resource.RLIMIT_NPROC)
        limits_of_child = ChildLimits(
            cpu_seconds=_REHEARSAL_SECONDS, address_space=unlimited, threads=threads, tasks=threads and processes
        )
        self.confine_child(limits_of_child)
        attempts: dict[str, Callable[[], object]] = {
            "fork": os.fork,
            "signal its parent": partial(os.kill, os.getppid(), 0),
            f"open {_OUTSIDE}": partial(os.open, _OUTSIDE, os.O_RDONLY),
            "look for a file": partial(os.stat, "/"),
        }
        for name, attempt in attempts.items():
            try:
                attempt()
            except OSError:
                continue
            raise OSError(f"it could {name}")
