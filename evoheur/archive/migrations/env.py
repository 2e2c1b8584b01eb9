"""Alembic's environment, which runs the revisions.

On the connection that `evoheur.archive.schema_state` hands over; there is no alembic.ini and no URL of its own.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from evoheur.archive.schema_state import VERSION_TABLE
from evoheur.archive.tables import Base


def plain_type(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:  # noqa: ARG001
    """Write the database's own type into a drafted revision.

    The revision must not change when the models' types do.
    """
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def run(connection: Connection) -> None:
    """Apply the revisions inside the caller's transaction.

    SQLite changes tables by rebuilding them (batch mode).
    """
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=VERSION_TABLE,
        render_as_batch=True,
        render_item=plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
