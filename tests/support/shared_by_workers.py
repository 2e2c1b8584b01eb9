"""What is dear to make is made by one worker of pytest-xdist, and used by all."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evoheur import discover
from tests.support.one_guest import ONE_GUEST

__all__ = ["real_run", "shared_folder"]


def shared_folder(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Give a folder that is filled once in a run of tests; nobody may change what is in it.

    Args:
        factory: Of this worker.
        name: Of the folder; the same for the same content.
        make: Fills the folder it is given. The first worker that wants the folder does it, while others wait that want it, too.
    """
    base = factory.getbasetemp()
    if base.name.startswith("popen-"):  # that of a worker lies in that of all
        base = base.parent
    folder = base / f"shared-{name}"
    with (base / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            part = base / f"shared-{name}.part"
            shutil.rmtree(part, ignore_errors=True)  # of a worker that failed half way
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder


def real_run(factory: pytest.TempPathFactory, folder: Path) -> Path:
    """Copy the archive of a quickstart of 60 evaluations, "real", into a folder; its first new best is the 52nd.

    Returns:
        The file.
    """

    def make(place: Path) -> None:
        changes = {"budget.evaluations": 60, "audit.candidates": 3, "evaluation": ONE_GUEST}
        discover("quickstart", changes, name="real", archive=place / "real.db")

    return Path(shutil.copy(shared_folder(factory, "real-run", make) / "real.db", folder))
