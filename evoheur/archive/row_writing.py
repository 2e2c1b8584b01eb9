"""Storing of single rows, and what every row's values need."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, insert

from evoheur.archive.server_connection import next_row
from evoheur.archive.tables import Base

__all__ = ["finite", "finite_or_none", "insert_row", "inserting", "parent_rows"]


def finite(field: str, value: float) -> float:
    """Refuse a number that SQL or JSON cannot hold.

    Raises:
        ValueError: It is NaN or infinite; failures have a status, not a number.
    """
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{field} is {number}, which the archive does not keep; a failure needs a status and None instead.")
    return number


def finite_or_none(field: str, value: float | None) -> float | None:
    """The same where there may be no number."""
    return None if value is None else finite(field, value)


@cache
def inserting(table: type[Base]) -> Insert:
    """The statement that inserts into a table, made once: making one takes longer than executing it."""
    return insert(table)


def insert_row(connection: Connection, table: type[Base], values: Mapping[str, Any]) -> int:
    """Insert one row of a table, and return its `id`."""
    number = next_row(connection, table.__tablename__)
    if number is not None:
        connection.execute(inserting(table), {"id": number, **values})
        return number
    key = connection.execute(inserting(table), dict(values)).inserted_primary_key
    assert key is not None, "the database returned no primary key"
    return int(key[0])


def parent_rows(child: str, child_id: int, run_id: int, parents: Sequence[int]) -> list[dict[str, int]]:
    """The rows that say whose child a request or a candidate is.

    Args:
        child: Name of the column that has the child.
        child_id: Its row number.
        run_id: Row number of the run.
        parents: Numbers of candidates, in their order.
    """
    return [
        {child: child_id, "position": position, "run_id": run_id, "parent": parent} for position, parent in enumerate(parents)
    ]
