"""Conditions that choose candidates of a run, for statements that are made once."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import aliased

from evoheur.archive.tables import CandidateRow

__all__ = ["CHOSEN", "ORIGINALS", "Chosen"]

Chosen: TypeAlias = Literal["all", "numbers", "range", "originals of range"]
"""Which candidates; the last are those before a range whose evaluations duplicates in it share."""

_of_run = CandidateRow.run_id == bindparam("run")
_repeating = aliased(CandidateRow)
_repeated = select(_repeating.duplicate_of).where(
    _repeating.run_id == bindparam("run"),
    _repeating.number.between(bindparam("lowest"), bindparam("highest")),
    _repeating.duplicate_of < bindparam("lowest"),
)

CHOSEN: Mapping[Chosen, Sequence[ColumnElement[bool]]] = {
    "all": (_of_run,),
    "numbers": (_of_run, CandidateRow.number.in_(bindparam("numbers", expanding=True))),
    "range": (_of_run, CandidateRow.number.between(bindparam("lowest"), bindparam("highest"))),
    "originals of range": (_of_run, CandidateRow.number.in_(_repeated)),
}
"""Conditions by choice; their parameters are `run`, and `numbers` or `lowest` and `highest`."""

ORIGINALS = select(CandidateRow.id, CandidateRow.number, CandidateRow.code_hash).where(*CHOSEN["originals of range"])
"""Row number, number and hash of those originals."""
