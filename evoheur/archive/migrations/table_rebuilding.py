"""Changing a table as its database can: SQLite copies it, since it alters little in place; others alter it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import op
from sqlalchemy import Column

__all__ = ["rebuilt"]


class _InPlace:
    """Alembic's operations on a table that is not copied, where a new column cannot be put among the others."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch

    def add_column(self, column: Column[Any], *, insert_after: str) -> None:  # noqa: ARG002
        self._batch.add_column(column)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)


@contextmanager
def rebuilt(table: str) -> Iterator[Any]:
    """Give the operations that change a table.

    On a server a table that others refer to could not be replaced by a copy.
    """
    in_file = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table(table, recreate="always" if in_file else "never") as batch:
        yield batch if in_file else _InPlace(batch)
