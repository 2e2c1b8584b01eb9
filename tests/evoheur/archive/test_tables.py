"""What the database itself refuses, whoever writes."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.request import Note
from tests.evoheur.archive.support.made_up import candidate, new_run, step

WORDS_OF_SERVERS = {
    "run.name": "uq_run_name",
    "FOREIGN KEY": "violates foreign key constraint",
    "request.run_id, request.told_seq": "uq_request_run_id_told_seq",
    "request.run_id, request.asked_seq": "uq_request_run_id_asked_seq",
    "request.run_id, request.number": "uq_request_run_id_number",
    "candidate.run_id, candidate.number": "uq_candidate_run_id_number",
    "evaluation.candidate_id, evaluation.split": "uq_evaluation_candidate_id_split_epoch",
}
"""What a file's refusals are on a server, which names constraints."""


@pytest.fixture
def connection(archive: Archive, run: RunRecord) -> Iterator[Connection]:
    """Inside a transaction on a run with baseline, candidate 1 and a note; request rows 1 and 2, a second run as row 2."""
    step(archive, run, candidate(1))
    step(archive, run, Note(text="note"))
    new_run(archive, "other")
    with archive._engine.connect() as opened:
        yield opened


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE run SET status = 'lost'", "ck_run_status"),
        ("UPDATE run SET name = 'same'", "run.name"),
        ("INSERT INTO session VALUES (1, 1, '2026-01-01', '2026-01-01', -1)", "ck_session_seconds"),
        ("INSERT INTO session VALUES (1, 7, '2026-01-01', '2026-01-01', 1)", "FOREIGN KEY"),
        ("UPDATE request SET produces = 'song'", "ck_request_produces"),
        ("UPDATE request SET outcome = 'song', note = NULL", "ck_request_outcome"),
        ("UPDATE request SET told_seq = NULL", "ck_request_told"),
        ("UPDATE request SET told_seq = 1 WHERE id = 1", "ck_request_order"),
        ("UPDATE request SET told_seq = 4 WHERE id = 1", "request.run_id, request.told_seq"),
        ("UPDATE request SET asked_seq = 1", "request.run_id, request.asked_seq"),
        ("UPDATE request SET number = 1", "request.run_id, request.number"),
        ("UPDATE request SET note = NULL WHERE id = 2", "ck_request_note"),
        ("UPDATE request SET note = '' WHERE id = 1", "ck_request_note"),
        ("UPDATE request SET outcome = 'failure' WHERE id = 1", "ck_request_failure_"),
        ("UPDATE request SET failure_reason = 'x' WHERE id = 1", "ck_request_failure_reason_if_failure"),
        ("INSERT INTO request_parent VALUES (1, 0, 1, 7)", "FOREIGN KEY"),
        ("INSERT INTO request_parent VALUES (1, 0, 2, 0)", "FOREIGN KEY"),
        ("INSERT INTO candidate_parent VALUES (2, 0, 1, 7)", "FOREIGN KEY"),
        ("UPDATE candidate SET number = 1, request_id = 2 WHERE number = 0", "candidate.run_id, candidate.number"),
        ("UPDATE candidate SET request_id = NULL", "ck_candidate_baseline"),
        ("UPDATE candidate SET request_id = 2 WHERE number = 0", "ck_candidate_baseline"),
        ("UPDATE candidate SET duplicate_of = 1 WHERE number = 1", "ck_candidate_duplicate_of_earlier"),
        ("UPDATE completion SET request_id = 7 WHERE request_id = 1", "FOREIGN KEY"),
        ("UPDATE evaluation SET status = 'fine', objective = NULL, objective_kind = NULL", "ck_evaluation_status"),
        ("UPDATE evaluation SET status = 'error'", "ck_evaluation_objective_if_ok"),
        ("UPDATE evaluation SET objective = NULL, objective_kind = NULL", "ck_evaluation_objective_if_ok"),
        ("UPDATE evaluation SET objective_kind = NULL", "ck_evaluation_objective_kind_if_objective"),
        ("UPDATE evaluation SET objective_kind = 'percent'", "ck_evaluation_objective_kind"),
        ("UPDATE evaluation SET split = 'exam'", "ck_evaluation_split"),
        ("UPDATE evaluation SET candidate_id = 1", "evaluation.candidate_id, evaluation.split"),
        ("UPDATE instance_result SET status = 'fine', cost = NULL", "ck_instance_result_status"),
        ("UPDATE instance_result SET cost = NULL", "ck_instance_result_cost_if_ok"),
        ("UPDATE instance_result SET status = 'error'", "ck_instance_result_cost_if_ok"),
    ],
)
def test_contradictions_are_refused(connection: Connection, statement: str, refusal: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        connection.exec_driver_sql(statement)
    assert refusal in str(caught.value.orig) or WORDS_OF_SERVERS[refusal] in str(caught.value.orig)


def test_a_parent_may_be_shown_twice(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO request_parent VALUES (1, 0, 1, 0), (1, 1, 1, 0)")
    shown: Any = connection.exec_driver_sql("SELECT count(*) FROM request_parent WHERE request_id = 1").scalar()
    assert shown == 2
