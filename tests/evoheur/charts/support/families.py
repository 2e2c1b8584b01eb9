"""Runs whose candidates are told by their parents alone."""

from collections.abc import Mapping, Sequence

from evoheur.archive.descents import Descent
from evoheur.candidate import Status

__all__ = ["bred"]


def bred(parents: Mapping[int, Sequence[int]], worth: Mapping[int, float | None] | None = None) -> list[Descent]:
    """Candidates of a run: number → parents; worth 4 unless told, None for one that failed."""
    known = worth or {}
    made = []
    for number, of in sorted(parents.items()):
        objective = known.get(number, 4.0)
        ok = objective is not None
        status = Status.OK if ok else Status.ERROR
        made.append(Descent(number, "e1", tuple(of), objective, "gap_percent" if ok else None, status, 0))
    return made
