"""How candidates are named on the command line: "quickstart-1/17", "quickstart-1/best", or "17" and "best" of the latest run."""

import re

from evoheur.archive.archive import Archive
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.cli.options import suggest
from evoheur.errors import ArchiveError, ConfigError

__all__ = ["find_candidate", "find_run"]

_REFERENCE = re.compile(r"(?:(?P<run>[^/\s]+)/)?(?P<number>[0-9]{1,9}|best)")


def find_run(archive: Archive, name: str | None) -> RunRecord:
    """The run of a name, or the latest one.

    Raises:
        ArchiveError: There is none.
    """
    if name is not None:
        return archive.run(name)
    runs = archive.runs()
    if not runs:
        raise ArchiveError(f"The archive holds no run yet; start one with {suggest('run CONFIG', archive.url)}.")
    return runs[-1]


def find_candidate(archive: Archive, reference: str, *, run: str | None = None) -> CandidateRecord:
    """The candidate that a reference names.

    Args:
        archive: Where to look.
        reference: "run/17", or "17"; "best" in place of the number means the best on train.
        run: Run of a bare number; None for the latest.

    Raises:
        ConfigError: It is no reference, or it contradicts `run`.
        ArchiveError: There is no such run or candidate.
    """
    match = _REFERENCE.fullmatch(reference.strip())
    if match is None:
        raise ConfigError(
            f"{reference!r} names no candidate; write RUN/NUMBER, such as quickstart-1/17 ({suggest('best', archive.url)} lists some), "
            "or RUN/best."
        )
    named = match["run"]
    if run is not None and named not in {None, run}:
        raise ConfigError(f"{reference!r} is not in the run that --run {run} names; leave one of them out.")
    found = find_run(archive, named or run).name
    if match["number"] != "best":
        return archive.candidate(found, int(match["number"]))
    best = archive.best(found, 1)
    if not best:
        raise ArchiveError(f"Run {found!r} has bred no heuristic that works yet; {found}/0 is what it began with.")
    return best[0]
