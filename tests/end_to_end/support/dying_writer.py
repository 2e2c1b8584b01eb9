"""The death of whoever writes an archive, at a transaction of its choice; what is in the database is what a kill would leave."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, event

WriteKind: TypeAlias = tuple[str, ...]
"""What a transaction writes, in the order of its first use: ("INSERT completion",), or ("UPDATE run status", "INSERT session")."""

_WRITE = re.compile(r"(INSERT|UPDATE|DELETE|CREATE|ALTER|DROP)(?: INTO| FROM)?( \w+)(?: SET( \w+))?")
_BEAT = "UPDATE session heartbeat_at"  # every write tells that the session lives


class Side(StrEnum):
    """Whether the transaction at which a writer dies is lost with it."""

    LOST = "lost"
    KEPT = "kept"


class WriterDied(BaseException):
    """Nobody catches it, as nobody catches a kill; it is no `Exception`, so the net for our own faults lets it pass."""


DeathPlan: TypeAlias = Callable[[WriteKind], Side | None]
"""Asked before every commit of something written: None to live on."""


@contextmanager
def watched_writes(plan: DeathPlan) -> Iterator[list[WriteKind]]:
    """Let whoever writes an archive in this process die as `plan` has it.

    From its death on, every transaction that begins raises `WriterDied` too, so that nothing which runs on the way out (other tasks,
    `finally` clauses) is read or written. Hears SQLAlchemy's events, and so needs no place in the archive.

    Yields:
        The kinds of the transactions that were committed, in order.
    """
    committed: list[WriteKind] = []
    written: dict[Connection, dict[str, None]] = {}
    dead = False

    def begin(connection: Connection) -> None:
        if dead:
            raise WriterDied
        written[connection] = {}

    def execute(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        found = _WRITE.match(statement.strip())
        if found is not None:
            written.setdefault(connection, {})["".join(filter(None, found.groups()))] = None

    def commit(connection: Connection) -> None:
        nonlocal dead
        statements = written.pop(connection, {})
        kind = tuple(statement for statement in statements if statement != _BEAT) or tuple(statements)
        if not kind:
            return
        side = plan(kind)
        dead = side is not None
        if side is Side.LOST:
            raise WriterDied
        committed.append(kind)

    listeners: dict[str, Callable[..., None]] = {"begin": begin, "before_cursor_execute": execute, "commit": commit}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        yield committed
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)
