"""Column types and constraints that the tables share."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import overload

from sqlalchemy import CheckConstraint, DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

__all__ = ["AnyText", "UtcDateTime", "decoded", "one_of"]


class UtcDateTime(TypeDecorator[datetime]):
    """A column for moments in UTC, aware on both sides.

    SQLite keeps no offset, so a naive value would be a guess and is refused.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC; ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; use datetime.now(UTC).")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back an aware moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class AnyText(TypeDecorator[str]):
    """A column for strings of any content.

    What models and candidates write need not be valid Unicode. A lone surrogate (half of a character that a server cut in two) has no
    UTF-8 form. SQLite gets such a string as bytes and gives it back unchanged; other databases, which also refuse NUL, get U+FFFD in
    its place, so that an odd reply cannot stop a run.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | bytes | None:
        """Encode text that the database could not store."""
        if value is None or (value.isascii() and "\0" not in value):
            return value
        if dialect.name != "sqlite":
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")
        return value

    def process_result_value(self, value: str | bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decode text that was stored as bytes."""
        return decoded(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | bytes | None], str | None]:  # noqa: ARG002
        """Decode without the wrappers that SQLAlchemy puts around the method above, since long runs have millions of texts."""
        return decoded


@overload
def decoded(value: str | bytes) -> str: ...


@overload
def decoded(value: str | bytes | None) -> str | None: ...


def decoded(value: str | bytes | None) -> str | None:
    """A text as it was before it was stored."""
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A check constraint that a column holds certain words.

    Or NULL, where the column may. It is named after the column.
    """
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)
