"""Queries for requests with their replies, as many for thousands as for one."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, select

from evoheur.archive import rows
from evoheur.archive.extent import Extent
from evoheur.archive.prompt_dictionaries import PromptReader
from evoheur.archive.records import Asked
from evoheur.archive.tables import CompletionRow, RequestRow

__all__ = ["read_requests", "requests_with_replies"]

_ASKED = ("id", "number", "operator", "produces", "epoch", "asked_seq", "fingerprint")
_PROMPT = ("dictionary_id", "prompt")


@cache
def requests_with_replies(extent: Extent) -> Select[*tuple[Any, ...]]:
    """The statement that reads requests, each with its reply if it has one; who uses it says which ones."""
    columns = extent.stored(RequestRow, (*_ASKED, *_PROMPT)) + extent.stored(CompletionRow)
    return select(*columns).select_from(RequestRow).outerjoin(CompletionRow, CompletionRow.request_id == RequestRow.id)


def read_requests(
    connection: Connection, chosen: Select[*tuple[Any, ...]], parameters: Mapping[str, Any], *, prompts: PromptReader
) -> Iterator[Asked]:
    """Read requests.

    Args:
        connection: Inside a transaction.
        chosen: Those of `requests_with_replies` that are wanted.
        parameters: Of that statement.
        prompts: Unpacks what they asked.
    """
    shared = rows.SharedTexts()
    asked, prompt = len(_ASKED), len(_ASKED) + len(_PROMPT)
    for row in rows.fetched(connection.execute(chosen, parameters)):
        dictionary_id, packed = row[asked:prompt]
        reply = row[prompt:]
        completion = None if reply[0] is None else rows.completion(reply, shared)
        yield rows.asked(row[:asked], completion, prompts.messages(packed, dictionary_id))
