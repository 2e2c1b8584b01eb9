"""Statements that are compiled once in a process, whichever SQLite file they are for.

SQLAlchemy keeps what it has compiled for an engine, and an engine is for one file. Most statements of a short run, and of each page of the
web view, would be compiled for it alone; that takes a sixth of a small run's processor time.
"""

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

__all__ = ["SHARING_DRIVER", "STATEMENTS", "SharingDialect"]

SHARING_DRIVER = "sqlite+evoheur"
"""What a URL says for an engine whose dialect is a `SharingDialect`."""

STATEMENTS: LRUCache[object, object] = LRUCache(1000)
"""For the execution option `compiled_cache` of engines that are set up alike, apart from their file."""


class SharingDialect(SQLiteDialect_pysqlite):
    """SQLite's dialect, of which any two are equal, as what they compile is: they differ in nothing but their file.

    What is kept is found by its dialect, among other things.
    """

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharingDialect)

    def __hash__(self) -> int:
        return hash(SharingDialect)


registry.register("sqlite.evoheur", __name__, SharingDialect.__name__)
