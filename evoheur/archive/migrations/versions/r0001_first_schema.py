"""The first schema.

Runs, sessions, requests, completions, candidates, evaluations and results per instance.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import CheckConstraint as Check
from sqlalchemy import Column
from sqlalchemy import ForeignKeyConstraint as ForeignKey
from sqlalchemy import PrimaryKeyConstraint as PrimaryKey
from sqlalchemy import UniqueConstraint as Unique

revision = "0001"
down_revision = None

_STATUS = "status IN ('ok', 'rejected', 'error', 'timeout', 'memory', 'output', 'crashed', 'infeasible', 'cheating')"


def upgrade() -> None:
    """Create all tables, each after those it refers to."""
    _runs()
    _requests()
    _candidates()
    _parents()
    _evaluations()


def _runs() -> None:
    op.create_table(
        "run",
        Column("id", sa.Integer(), nullable=False),
        Column("name", sa.String(), nullable=False),
        Column("created_at", sa.DateTime(timezone=True), nullable=False),
        Column("seed", sa.BigInteger(), nullable=False),
        Column("problem", sa.Text(), nullable=False),
        Column("problem_hash", sa.Text(), nullable=False),
        Column("prompts_hash", sa.Text(), nullable=False),
        Column("evoheur_version", sa.Text(), nullable=False),
        Column("status", sa.String(), nullable=False),
        Column("reason", sa.Text(), nullable=False),
        Column("config", sa.JSON(), nullable=False),
        Check("status IN ('unfinished', 'interrupted', 'failed', 'finished')", name=op.f("ck_run_status")),
        PrimaryKey("id", name=op.f("pk_run")),
        Unique("name", name=op.f("uq_run_name")),
    )
    op.create_table(
        "session",
        Column("id", sa.Integer(), nullable=False),
        Column("run_id", sa.Integer(), nullable=False),
        Column("started_at", sa.DateTime(timezone=True), nullable=False),
        Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        Column("seconds", sa.Double(), nullable=False),
        Check("seconds >= 0", name=op.f("ck_session_seconds")),
        ForeignKey(["run_id"], ["run.id"], name=op.f("fk_session_run_id_run")),
        PrimaryKey("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_run_id"), "session", ["run_id"])


def _requests() -> None:
    op.create_table(
        "request",
        Column("id", sa.Integer(), nullable=False),
        Column("run_id", sa.Integer(), nullable=False),
        Column("number", sa.Integer(), nullable=False),
        Column("operator", sa.Text(), nullable=False),
        Column("produces", sa.String(), nullable=False),
        Column("asked_seq", sa.Integer(), nullable=False),
        Column("told_seq", sa.Integer(), nullable=True),
        Column("fingerprint", sa.String(), nullable=False),
        Column("outcome", sa.String(), nullable=True),
        Column("failure_stage", sa.String(), nullable=True),
        Column("failure_reason", sa.Text(), nullable=True),
        Column("failure_attempts", sa.Integer(), nullable=True),
        Column("failure_detail", sa.Text(), nullable=True),
        Column("note", sa.Text(), nullable=True),
        Column("messages", sa.JSON(), nullable=False),
        Check("produces IN ('heuristic', 'note')", name=op.f("ck_request_produces")),
        Check("outcome IN ('candidate', 'note', 'failure')", name=op.f("ck_request_outcome")),
        Check("failure_stage IN ('generation', 'parsing')", name=op.f("ck_request_failure_stage")),
        Check("(told_seq IS NULL) = (outcome IS NULL)", name=op.f("ck_request_told")),
        Check("told_seq IS NULL OR told_seq > asked_seq", name=op.f("ck_request_order")),
        Check("(coalesce(outcome, '') = 'note') = (note IS NOT NULL)", name=op.f("ck_request_note")),
        *(
            Check(f"(coalesce(outcome, '') = 'failure') = ({column} IS NOT NULL)", name=op.f(f"ck_request_{column}_if_failure"))
            for column in ("failure_stage", "failure_reason", "failure_attempts", "failure_detail")
        ),
        ForeignKey(["run_id"], ["run.id"], name=op.f("fk_request_run_id_run")),
        PrimaryKey("id", name=op.f("pk_request")),
        Unique("run_id", "asked_seq", name=op.f("uq_request_run_id_asked_seq")),
        Unique("run_id", "number", name=op.f("uq_request_run_id_number")),
        Unique("run_id", "told_seq", name=op.f("uq_request_run_id_told_seq")),
    )
    counted = ["run_id", "outcome", "failure_reason", "failure_attempts"]
    op.create_index(op.f("ix_request_run_id_outcome_failure_reason_failure_attempts"), "request", counted)
    op.create_table(
        "completion",
        Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        Column("model", sa.Text(), nullable=False),
        Column("prompt_tokens", sa.Integer(), nullable=False),
        Column("completion_tokens", sa.Integer(), nullable=False),
        Column("estimated", sa.Boolean(), nullable=False),
        Column("finish", sa.Text(), nullable=False),
        Column("seconds", sa.Double(), nullable=False),
        Column("attempts", sa.Integer(), nullable=False),
        Column("cost_usd", sa.Double(), nullable=True),
        Column("text", sa.Text(), nullable=False),
        ForeignKey(["request_id"], ["request.id"], name=op.f("fk_completion_request_id_request")),
        PrimaryKey("request_id", name=op.f("pk_completion")),
    )


def _candidates() -> None:
    op.create_table(
        "candidate",
        Column("id", sa.Integer(), nullable=False),
        Column("run_id", sa.Integer(), nullable=False),
        Column("number", sa.Integer(), nullable=False),
        Column("request_id", sa.Integer(), nullable=True),
        Column("operator", sa.Text(), nullable=False),
        Column("duplicate_of", sa.Integer(), nullable=True),
        Column("code_hash", sa.String(), nullable=False),
        Column("thought", sa.Text(), nullable=False),
        Column("code", sa.Text(), nullable=False),
        Check("(request_id IS NULL) = (number = 0)", name=op.f("ck_candidate_baseline")),
        Check("duplicate_of < number", name=op.f("ck_candidate_duplicate_of_earlier")),
        ForeignKey(["run_id"], ["run.id"], name=op.f("fk_candidate_run_id_run")),
        ForeignKey(["request_id"], ["request.id"], name=op.f("fk_candidate_request_id_request")),
        ForeignKey(
            ["run_id", "duplicate_of"],
            ["candidate.run_id", "candidate.number"],
            name=op.f("fk_candidate_run_id_duplicate_of_candidate"),
        ),
        PrimaryKey("id", name=op.f("pk_candidate")),
        Unique("request_id", name=op.f("uq_candidate_request_id")),
        Unique("run_id", "number", name=op.f("uq_candidate_run_id_number")),
    )
    op.create_index(op.f("ix_candidate_run_id_code_hash"), "candidate", ["run_id", "code_hash"])
    op.create_index(op.f("ix_candidate_run_id_duplicate_of"), "candidate", ["run_id", "duplicate_of"])


def _parents() -> None:
    for child in ("request", "candidate"):
        table = f"{child}_parent"
        op.create_table(
            table,
            Column(f"{child}_id", sa.Integer(), nullable=False),
            Column("position", sa.Integer(), nullable=False),
            Column("run_id", sa.Integer(), nullable=False),
            Column("parent", sa.Integer(), nullable=False),
            ForeignKey([f"{child}_id"], [f"{child}.id"], name=op.f(f"fk_{table}_{child}_id_{child}")),
            ForeignKey(
                ["run_id", "parent"],
                ["candidate.run_id", "candidate.number"],
                name=op.f(f"fk_{table}_run_id_parent_candidate"),
            ),
            PrimaryKey(f"{child}_id", "position", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_run_id_parent"), table, ["run_id", "parent"])


def _evaluations() -> None:
    op.create_table(
        "evaluation",
        Column("id", sa.Integer(), nullable=False),
        Column("candidate_id", sa.Integer(), nullable=False),
        Column("split", sa.String(), nullable=False),
        Column("status", sa.String(), nullable=False),
        Column("objective", sa.Double(), nullable=True),
        Column("cpu_seconds", sa.Double(), nullable=False),
        Column("level", sa.Text(), nullable=False),
        Column("detail", sa.Text(), nullable=False),
        Column("measures", sa.JSON(), nullable=False),
        Check("split IN ('train', 'validation', 'test', 'custom')", name=op.f("ck_evaluation_split")),
        Check(_STATUS, name=op.f("ck_evaluation_status")),
        Check("(status = 'ok') = (objective IS NOT NULL)", name=op.f("ck_evaluation_objective_if_ok")),
        ForeignKey(["candidate_id"], ["candidate.id"], name=op.f("fk_evaluation_candidate_id_candidate")),
        PrimaryKey("id", name=op.f("pk_evaluation")),
        Unique("candidate_id", "split", name=op.f("uq_evaluation_candidate_id_split")),
    )
    op.create_table(
        "instance_result",
        Column("evaluation_id", sa.Integer(), nullable=False),
        Column("position", sa.Integer(), nullable=False),
        Column("instance", sa.Text(), nullable=False),
        Column("family", sa.Text(), nullable=False),
        Column("status", sa.String(), nullable=False),
        Column("cost", sa.Double(), nullable=True),
        Column("reference", sa.Double(), nullable=True),
        Column("cpu_seconds", sa.Double(), nullable=False),
        Column("detail", sa.Text(), nullable=False),
        Column("notes", sa.JSON(), nullable=False),
        Check(_STATUS, name=op.f("ck_instance_result_status")),
        Check("(status = 'ok') = (cost IS NOT NULL)", name=op.f("ck_instance_result_cost_if_ok")),
        ForeignKey(["evaluation_id"], ["evaluation.id"], name=op.f("fk_instance_result_evaluation_id_evaluation")),
        PrimaryKey("evaluation_id", "position", name=op.f("pk_instance_result")),
    )
