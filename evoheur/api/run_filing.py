"""Renaming, tagging, annotating, deleting and copying the runs of archives."""

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path

from evoheur.api.archives import archive_address
from evoheur.archive import schema_state
from evoheur.archive.archive import Archive
from evoheur.archive.connection import shown
from evoheur.archive.records import RunRecord
from evoheur.errors import ArchiveError

__all__ = ["annotate_run", "copy_runs", "delete_run", "rename_run", "tag_run"]


def rename_run(run: str, name: str, *, archive: str | Path | None = None) -> RunRecord:
    """Give a run another name; its candidates are NAME/17 from now on.

    Args:
        run: Its name.
        name: Its new one: one word, without slashes.
        archive: Where it is: a URL, a `Path` to an SQLite file, or None for $EVOHEUR_ARCHIVE, else runs/evoheur.db.

    Raises:
        ArchiveError: There is no such run, another has the name, it cannot be one, or a living process works on the run.
    """
    with Archive.open(archive_address(archive)) as opened:
        return opened.rename_run(run, name)


def tag_run(run: str, add: Collection[str] = (), *, remove: Collection[str] = (), archive: str | Path | None = None) -> RunRecord:
    """Give tags to a run and take others from it, also while it is going on.

    Args:
        run: Its name.
        add: One word each, without commas; harmless where it has them already.
        remove: Harmless where it has them not.
        archive: As for `rename_run`.

    Raises:
        ArchiveError: There is no such run.
        ConfigError: A new tag is no word.
    """
    with Archive.open(archive_address(archive)) as opened:
        return opened.tag_run(run, add=add, remove=remove)


def annotate_run(run: str, note: str, *, archive: str | Path | None = None) -> RunRecord:
    """Store a note of a run in place of the earlier one, also while it is going on.

    Args:
        run: Its name.
        note: Any text; the empty one takes the note away.
        archive: As for `rename_run`.

    Raises:
        ArchiveError: There is no such run.
    """
    with Archive.open(archive_address(archive)) as opened:
        return opened.write_note(run, note)


def delete_run(run: str, *, archive: str | Path | None = None) -> RunRecord:
    """Delete a run with everything that belongs to it, for good; nobody is asked.

    Args:
        run: Its name.
        archive: As for `rename_run`.

    Returns:
        What it was.

    Raises:
        ArchiveError: There is no such run, or a living process works on it.
    """
    with Archive.open(archive_address(archive)) as opened:
        return opened.delete_run(run)


def copy_runs(
    source: str | Path, target: str | Path, runs: Sequence[str] = (), *, copied: Callable[[int], None] = lambda _rows: None
) -> list[RunRecord]:
    """Copy runs from one archive to another, all of them or none.

    Between files and servers in any direction. The copies keep their names, and can be resumed and replayed; the originals stay. A run
    that is going on is copied as it is at that moment.

    Args:
        source: A URL, or a `Path` to an SQLite file.
        target: Likewise; made if it is not there.
        runs: Their names; all if none is named.
        copied: Hears how many rows were copied since it heard last.

    Returns:
        The runs as they are in the target.

    Raises:
        ArchiveError: An archive cannot be used, there is no run of a name, or the target has one already; says what to do.
    """
    source_url, target_url = archive_address(source), archive_address(target)
    with ExitStack() as stack:
        opened = stack.enter_context(Archive.open(source_url, read_only=True))
        found = [opened.run(name) for name in runs] or opened.runs()
        if not found:
            raise ArchiveError(f"The archive {shown(source_url)} holds no run, so there is nothing to copy; name another one.")
        create = schema_state.check(target_url).found is None
        into = stack.enter_context(Archive.open(target_url, create=create))
        return into.copy_runs(opened, [run.name for run in found], copied=copied)
