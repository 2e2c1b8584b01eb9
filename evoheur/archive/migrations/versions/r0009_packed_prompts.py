"""Prompts packed with dictionaries of earlier ones, since they were two thirds of an archive."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from evoheur.archive.prompt_packing import PromptPacker, pack

revision = "0009"
down_revision = "0008"

_AT_ONCE = 500
_REQUEST = sa.table(
    "request",
    sa.column("id", sa.Integer),
    sa.column("run_id", sa.Integer),
    sa.column("messages", sa.JSON),
    sa.column("dictionary_id", sa.Integer),
    sa.column("prompt", sa.LargeBinary),
)
_DICTIONARY = sa.table(
    "prompt_dictionary", sa.column("id", sa.Integer), sa.column("run_id", sa.Integer), sa.column("content", sa.LargeBinary)
)


def upgrade() -> None:
    """Replace the column of messages by packed ones."""
    op.create_table(
        "prompt_dictionary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_prompt_dictionary_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_dictionary")),
    )
    op.create_index(op.f("ix_prompt_dictionary_run_id"), "prompt_dictionary", ["run_id"])
    op.add_column("request", sa.Column("dictionary_id", sa.Integer(), nullable=True))
    op.add_column("request", sa.Column("prompt", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    ids = iter(range(1, 2**31))
    for run_id in connection.scalars(sa.select(_REQUEST.c.run_id).distinct().order_by(_REQUEST.c.run_id)).all():
        _pack_run(connection, run_id, ids.__next__)
    if connection.dialect.name == "postgresql":  # which counts only the numbers that it gave itself
        last = "coalesce(max(id), 0) + 1, false) FROM prompt_dictionary"
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('prompt_dictionary', 'id'), {last}")
    with op.batch_alter_table("request") as batch:
        batch.drop_column("messages")
        batch.alter_column("prompt", existing_type=sa.LargeBinary(), nullable=False)
        batch.create_foreign_key(
            op.f("fk_request_dictionary_id_prompt_dictionary"), "prompt_dictionary", ["dictionary_id"], ["id"]
        )


def _pack_run(connection: sa.Connection, run_id: int, next_id: Callable[[], int]) -> None:
    packer, last = PromptPacker(), 0

    def store(dictionary: bytes) -> int:
        row_id = next_id()
        connection.execute(_DICTIONARY.insert(), {"id": row_id, "run_id": run_id, "content": pack(dictionary, b"")})
        return row_id

    of_run = sa.select(_REQUEST.c.id, sa.cast(_REQUEST.c.messages, sa.Text)).where(_REQUEST.c.run_id == run_id)
    change = _REQUEST.update().where(_REQUEST.c.id == sa.bindparam("row"))
    while rows := connection.execute(of_run.where(_REQUEST.c.id > last).order_by(_REQUEST.c.id).limit(_AT_ONCE)).all():
        packed = [(row_id, packer.pack_json(messages, store)) for row_id, messages in rows]
        connection.execute(
            change,
            [{"row": row_id, "prompt": one.prompt, "dictionary_id": one.dictionary_id} for row_id, one in packed],
        )
        last = rows[-1].id
