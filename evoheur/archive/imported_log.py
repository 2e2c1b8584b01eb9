"""Storing the log of a run from elsewhere: its requests and replies, at the places that they had."""

from collections.abc import Iterable

from sqlalchemy import Connection, update

from evoheur.archive.prompt_dictionaries import storing
from evoheur.archive.prompt_packing import PromptPacker
from evoheur.archive.records import Asked, Told
from evoheur.archive.request_writing import insert_completion
from evoheur.archive.row_writing import insert_row
from evoheur.archive.tables import RequestRow
from evoheur.request import Failure, RequestKind, StoredProduct

__all__ = ["insert_log"]

_PRODUCTS: dict[RequestKind, StoredProduct] = {
    RequestKind.MODEL: "heuristic",
    RequestKind.RESCORING: "rescoring",
    RequestKind.CONSULTATION: "note",
    RequestKind.WARM_START: "warm_start",
}


def insert_log(connection: Connection, run_id: int, log: Iterable[Asked | Told]) -> None:
    """Store asks with their replies, and tells that are failures.

    Args:
        connection: In a transaction.
        run_id: Row number of a run without requests.
        log: In its order; numbers and sequences are kept.

    Raises:
        TypeError: An outcome is not a failure.
    """
    packer, store = PromptPacker(), storing(connection, run_id)
    rows: dict[int, int] = {}  # number of a request → its row
    for entry in log:
        if isinstance(entry, Asked):
            packed = packer.pack(entry.messages, store)
            row = {
                "run_id": run_id,
                "number": entry.number,
                "operator": entry.operator,
                "produces": _PRODUCTS.get(entry.kind, "tuning"),
                "epoch": entry.epoch,
                "asked_seq": entry.sequence,
                "fingerprint": entry.fingerprint,
                "dictionary_id": packed.dictionary_id,
                "prompt": packed.prompt,
            }
            rows[entry.number] = insert_row(connection, RequestRow, row)
            if entry.completion is not None:
                insert_completion(connection, rows[entry.number], entry.completion)
            continue
        if not isinstance(entry.outcome, Failure):
            raise TypeError(f"The outcome of request {entry.asked.number} is no failure; evaluate it where it is to be stored.")
        told = {
            "told_seq": entry.sequence,
            "outcome": "failure",
            "failure_stage": entry.outcome.stage,
            "failure_reason": entry.outcome.reason,
            "failure_attempts": entry.outcome.attempts,
            "failure_detail": entry.outcome.detail,
        }
        connection.execute(update(RequestRow).where(RequestRow.id == rows[entry.asked.number]).values(told))
