"""Reading the log of a run, part by part, so that no run is too long for the memory."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from evoheur.archive import rows
from evoheur.archive.candidates import RangeOfCandidates, load_by_epoch
from evoheur.archive.extent import WHOLE, Extent
from evoheur.archive.log_counters import LogCounters
from evoheur.archive.prompt_dictionaries import PromptReader
from evoheur.archive.records import Asked, Told
from evoheur.archive.request_reading import read_requests, requests_with_replies
from evoheur.archive.tables import CandidateRow, RequestParentRow, RequestRow
from evoheur.candidate import Candidate
from evoheur.request import Outcome, Rescored

__all__ = ["OF_PART", "entries", "rescored"]

_OUTCOME = (
    RequestRow.outcome,
    RequestRow.note,
    RequestRow.failure_stage,
    RequestRow.failure_reason,
    RequestRow.failure_detail,
    RequestRow.failure_attempts,
)
OF_PART = RequestRow.run_id == bindparam("run"), RequestRow.told_seq.between(bindparam("first"), bindparam("last"))
"""Conditions on requests: told in a part of a run's log. Their parameters are `run`, `first` and `last`."""

_BEFORE_OUTCOME, _WITH_OUTCOME = 3, 3 + len(_OUTCOME)
_SCORED_AGAIN = (
    select(RequestParentRow.request_id, RequestParentRow.parent)
    .join(RequestRow, RequestRow.id == RequestParentRow.request_id)
    .where(*OF_PART, RequestRow.outcome == "rescored")
)


def entries(connection: Connection, run_id: int, extent: Extent = WHOLE, *, at_once: int = 2000) -> Iterator[Asked | Told]:
    """The asks and tells of a run, in order.

    Args:
        connection: In a transaction until the last one is read.
        run_id: Row number of the run.
        extent: How much of them.
        at_once: So many are in memory.
    """
    end = LogCounters.read(connection, run_id).sequence
    prompts = PromptReader(connection)
    asks = _asked_in_part(extent)
    pending: dict[int, Asked] = {}
    for first in range(1, end, at_once):
        part = {"run": run_id, "first": first, "last": first + at_once - 1}
        with _uncollected():
            asked = list(read_requests(connection, asks, part, prompts=prompts))
            pending.update((one.id, one) for one in asked)
            told = _told(connection, part, pending, extent)
            merged: list[Asked | Told] = sorted([*asked, *told], key=attrgetter("sequence"))
        yield from merged


@cache
def _asked_in_part(extent: Extent) -> Select[*tuple[Any, ...]]:
    in_part = RequestRow.asked_seq.between(bindparam("first"), bindparam("last"))
    return requests_with_replies(extent).where(RequestRow.run_id == bindparam("run"), in_part)


@cache
def _told_in_part(extent: Extent) -> Select[*tuple[Any, ...]]:
    return (
        select(RequestRow.id, RequestRow.told_seq, RequestRow.epoch, *_OUTCOME, *extent.stored(CandidateRow))
        .select_from(RequestRow)
        .outerjoin(CandidateRow, CandidateRow.request_id == RequestRow.id)
        .where(*OF_PART)
        .order_by(RequestRow.told_seq)
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking through many new objects, none of which is in a cycle, again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _told(connection: Connection, part: Mapping[str, int], pending: dict[int, Asked], extent: Extent) -> list[Told]:
    """The outcomes of a part of the log; their requests are taken from those that wait for one."""
    steps = list(rows.fetched(connection.execute(_told_in_part(extent), part)))
    bred = [(step[_WITH_OUTCOME:], step[2]) for step in steps if step[3] == "candidate"]
    candidates = _bred(connection, part["run"], bred, extent)
    again = rescored(connection, part, extent) if any(step[3] == "rescored" for step in steps) else {}
    told: list[Told] = []
    for step in steps:
        outcome: Outcome
        match step[3]:
            case "candidate":
                outcome = next(candidates)
            case "rescored":
                outcome = Rescored(candidate=again[step[0]][step[2]])
            case _:
                outcome = rows.textual_outcome(step[_BEFORE_OUTCOME:_WITH_OUTCOME])
        told.append(Told(asked=pending.pop(step[0]), sequence=step[1], outcome=outcome))
    return told


def _bred(
    connection: Connection, run_id: int, bred: Sequence[tuple[tuple[Any, ...], int]], extent: Extent
) -> Iterator[Candidate]:
    """The candidates in rows, by number, each as it was told on the training instances of an epoch."""
    if not bred:
        return
    numbers = [row[2] for row, _ in bred]
    parents, worth, earlier = RangeOfCandidates.read(connection, run_id, min(numbers), max(numbers), extent=extent)
    originals = dict(earlier)
    for row, epoch in bred:
        row_id, _, number, _, _, original, code_hash, _, _ = row
        scored, scored_hash = originals[number] = (row_id, code_hash) if original is None else originals[original]
        yield rows.candidate(row, parents.get(row_id, ()), worth[scored, epoch], is_twin=scored_hash != code_hash)


def rescored(connection: Connection, part: Mapping[str, int], extent: Extent) -> Mapping[int, Mapping[int, Candidate]]:
    """Read what was scored again in a part of a log.

    Args:
        connection: Inside a transaction.
        part: Parameters of `OF_PART`.
        extent: How much of the candidates.

    Returns:
        Row number of a request → epoch → the known candidate with its worth on the training instances of that epoch.
    """
    of_request = {row[0]: row[1] for row in connection.execute(_SCORED_AGAIN, part)}
    known = load_by_epoch(connection, part["run"], sorted(set(of_request.values())), extent=extent)
    return {request_id: known[number] for request_id, number in of_request.items()}
