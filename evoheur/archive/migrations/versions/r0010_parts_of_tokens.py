"""Cached and reasoning tokens, and where a price is from, so that money can be derived again."""

import sqlalchemy as sa

from evoheur.archive.migrations.table_rebuilding import rebuilt

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add three columns to replies; what earlier versions did not store stays 0, and their prices have no source."""
    with rebuilt("completion") as batch:
        after = "completion_tokens"
        for name in ("cached_tokens", "reasoning_tokens"):
            batch.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False), insert_after=after)
            after = name
        batch.add_column(sa.Column("price_source", sa.Text(), nullable=True), insert_after="cost_usd")
