"""The dictionaries of prompts in a database, and the prompts that were packed with them."""

import json
from collections.abc import Callable

from sqlalchemy import Connection, bindparam, insert, select

from evoheur.archive.prompt_packing import PromptPacker, pack, unpack
from evoheur.archive.tables import PromptDictionaryRow
from evoheur.request import Message

__all__ = ["PromptReader", "latest_packer", "storing"]

_LATEST = (
    select(PromptDictionaryRow.id, PromptDictionaryRow.content)
    .where(PromptDictionaryRow.run_id == bindparam("run"))
    .order_by(PromptDictionaryRow.id.desc())
    .limit(1)
)
_CONTENT = select(PromptDictionaryRow.content).where(PromptDictionaryRow.id == bindparam("dictionary"))
_KEPT = 16


def latest_packer(connection: Connection, run_id: int) -> PromptPacker:
    """A packer that goes on with the newest dictionary of a run."""
    found = connection.execute(_LATEST, {"run": run_id}).one_or_none()
    return PromptPacker() if found is None else PromptPacker(found.id, unpack(found.content, b""))


def storing(connection: Connection, run_id: int) -> Callable[[bytes], int]:
    """Stores dictionaries of a run; each call returns the new row's number."""

    def store(dictionary: bytes) -> int:
        row = {"run_id": run_id, "content": pack(dictionary, b"")}
        key = connection.execute(insert(PromptDictionaryRow), row).inserted_primary_key
        assert key is not None, "the database returned no primary key"
        return int(key[0])

    return store


class PromptReader:
    """Unpacks prompts, and keeps the dictionaries that it met last.

    Args:
        connection: In a transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, bytes] = {}

    def messages(self, prompt: bytes | None, dictionary_id: int | None) -> tuple[Message, ...]:
        """The prompt as a row of `request` has it; none where it was not read, or there is none."""
        text = self.text(prompt, dictionary_id)
        stored = json.loads(text) if text else ()
        return tuple(Message(role=message["role"], content=message["content"]) for message in stored)

    def text(self, prompt: bytes | None, dictionary_id: int | None) -> bytes:
        """The same as JSON; empty where it was not read, or there is none."""
        if not prompt:
            return b""
        dictionary = b"" if dictionary_id is None else self._dictionary(dictionary_id)
        return unpack(bytes(prompt), dictionary)  # some drivers give a view of them

    def _dictionary(self, row_id: int) -> bytes:
        known = self._known.get(row_id)
        if known is None:
            if len(self._known) == _KEPT:
                del self._known[next(iter(self._known))]
            content = self._connection.execute(_CONTENT, {"dictionary": row_id}).scalar_one()
            known = self._known[row_id] = unpack(content, b"")
        return known
