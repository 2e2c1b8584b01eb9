"""How a candidate came about: what changed from another one's code, and what its author was advised."""

import difflib

from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import CandidateRecord

__all__ = ["hints_shown", "unified_diff"]


def unified_diff(old: CandidateRecord, new: CandidateRecord) -> str:
    """The difference of two candidates' codes, in `diff -u` form.

    Empty if there is none.
    """
    before, after = old.candidate.code.splitlines(), new.candidate.code.splitlines()
    return "\n".join(difflib.unified_diff(before, after, fromfile=old.id, tofile=new.id, lineterm=""))


def hints_shown(archive: ArchiveReader, record: CandidateRecord) -> list[str]:
    """The user's advice that a candidate's prompt showed, oldest first."""
    number = None if record.asked is None else record.asked.number
    if number is None or not record.asked or not record.asked.messages:
        return []
    return [
        each.text
        for each in archive.advice(archive.run(record.run).id)
        if each.first is not None and each.first <= number and (each.last is None or number <= each.last)
    ]
