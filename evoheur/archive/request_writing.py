"""Storing of requests and their replies as rows.

Every function works inside its caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, update

from evoheur.archive.log_counters import LogCounters
from evoheur.archive.prompt_dictionaries import storing
from evoheur.archive.prompt_packing import PromptPacker
from evoheur.archive.records import Asked
from evoheur.archive.row_writing import finite, finite_or_none, insert_row, inserting, parent_rows
from evoheur.archive.server_connection import next_row
from evoheur.archive.tables import CompletionRow, RequestParentRow, RequestRow
from evoheur.request import Completion, Message, Request

__all__ = ["add_evaluations", "insert_completion", "insert_request", "insert_request_as", "numbered_request"]


def insert_request(
    connection: Connection,
    run_id: int,
    counters: LogCounters,
    request: Request,
    messages: Sequence[Message],
    *,
    packer: PromptPacker,
) -> Asked:
    """Store a request at the next place in the log."""
    asked = numbered_request(counters, request, messages, row_id=next_row(connection, RequestRow.__tablename__))
    row_id = insert_request_as(connection, run_id, asked, request, packer=packer)
    return asked if asked.id else replace(asked, id=row_id)


def numbered_request(counters: LogCounters, request: Request, messages: Sequence[Message], *, row_id: int | None) -> Asked:
    """Take the next place in the log for a request, which is to be stored there.

    Args:
        counters: Of the run; counted on.
        request: The request.
        messages: Its prompt.
        row_id: Number of its row; None where the database gives it.
    """
    number, sequence = counters.request, counters.sequence
    counters.request, counters.sequence = number + 1, sequence + 1
    return Asked(
        id=row_id or 0,
        number=number,
        sequence=sequence,
        operator=request.operator,
        fingerprint=request.fingerprint(),
        messages=tuple(messages),
        kind=request.kind,
        epoch=request.epoch,
    )


def insert_request_as(connection: Connection, run_id: int, asked: Asked, request: Request, *, packer: PromptPacker) -> int:
    """Store a request at the place that was taken for it, and return the number of its row."""
    packed = packer.pack(asked.messages, storing(connection, run_id))
    row = {
        "run_id": run_id,
        "number": asked.number,
        "operator": request.operator,
        "produces": request.stored_product,
        "epoch": request.epoch,
        "asked_seq": asked.sequence,
        "fingerprint": asked.fingerprint,
        "dictionary_id": packed.dictionary_id,
        "prompt": packed.prompt,
    }
    if asked.id:
        row_id = asked.id
        connection.execute(inserting(RequestRow), {"id": row_id, **row})
    else:
        row_id = insert_row(connection, RequestRow, row)
    if request.parents:
        parents = [parent.id for parent in request.parents]
        connection.execute(inserting(RequestParentRow), parent_rows("request_id", row_id, run_id, parents))
    return row_id


def insert_completion(connection: Connection, request_id: int, completion: Completion) -> None:
    """Store a reply."""
    row = {
        "request_id": request_id,
        "model": completion.model,
        "prompt_tokens": completion.usage.prompt_tokens,
        "completion_tokens": completion.usage.completion_tokens,
        "cached_tokens": completion.usage.cached_tokens,
        "reasoning_tokens": completion.usage.reasoning_tokens,
        "estimated": completion.usage.estimated,
        "finish": completion.finish,
        "seconds": finite("Completion.seconds", completion.seconds),
        "attempts": completion.attempts,
        "evaluations": completion.evaluations,
        "cost_usd": finite_or_none("Completion.cost_usd", completion.cost_usd),
        "price_source": completion.price_source,
        "text": completion.text,
    }
    connection.execute(inserting(CompletionRow), row)


def add_evaluations(connection: Connection, asked: Asked, tried: int) -> Asked:
    """Add evaluations that were made since a reply to those on the way to it."""
    assert asked.completion is not None, "what is filled is a reply"
    completion = replace(asked.completion, evaluations=asked.completion.evaluations + tried)
    row = update(CompletionRow).where(CompletionRow.request_id == asked.id)
    connection.execute(row.values(evaluations=completion.evaluations))
    return replace(asked, completion=completion)
