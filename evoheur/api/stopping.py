"""Stopping a run that another process works on."""

from pathlib import Path
from typing import Protocol

from evoheur.api.archives import archive_address
from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.errors import ArchiveError

__all__ = ["StopWatch", "ask_to_stop"]


def ask_to_stop(run: str, *, archive: str | Path | None = None) -> RunRecord:
    """Ask for the end of a run that another process works on.

    That process hears of it within seconds and ends the run as the first Ctrl-C does: what is in flight is finished, and `resume` goes on
    later. Where no process works on the run any more, nothing comes of it.

    Args:
        run: Name of the run.
        archive: As for `evoheur.open_archive`.

    Returns:
        The run, with the request as its reason.

    Raises:
        ArchiveError: There is no such archive or run, or it has ended.
    """
    with Archive.open(archive_address(archive)) as opened:
        return opened.ask_to_stop(run)


class _Archive(Protocol):
    """The part of an archive that the watch needs."""

    def stop_asked(self, run_id: int) -> str: ...


class StopWatch:
    """Tells whether a run was asked to stop since its process took it up.

    Args:
        archive: Has the run.
        run: As its process found it; a request that an earlier process did not hear is in it, and counts no more.
    """

    def __init__(self, archive: _Archive, run: RunRecord) -> None:
        self._archive = archive
        self._run_id = run.id
        self._known = {"", run.reason}

    def __call__(self) -> bool:
        """Whether it was asked.

        An archive that cannot be read for the moment says no, and the run finds that out by itself.
        """
        try:
            return self._archive.stop_asked(self._run_id) not in self._known
        except ArchiveError:
            return False
