"""Copying runs from one archive to another, whichever databases they are in.

Rows are read part by part and get new row numbers; what people and prompts name runs and candidates by stays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select

from evoheur.archive.records import RunRecord
from evoheur.archive.server_connection import next_rows
from evoheur.archive.tables import (
    Base,
    CandidateParentRow,
    CandidateRow,
    CompletionRow,
    EvaluationRow,
    InstanceResultRow,
    PromptDictionaryRow,
    RequestParentRow,
    RequestRow,
    RunEventRow,
    RunRow,
    RunTagRow,
    SessionRow,
    SolutionRow,
    TextbookGapRow,
)
from evoheur.errors import ArchiveError

__all__ = ["copy_run"]

_AT_ONCE = 2000


class _Part(NamedTuple):
    """The rows of one table that belong to a run.

    Attributes:
        table: Whose rows.
        refers: Column → the table whose row numbers it has.
        owner: The column and the table by which they belong to the run, where they have no `run_id`.
        order: In which they are copied; what refers to another row of the same table comes after it.
    """

    table: type[Base]
    refers: Mapping[str, type[Base]]
    owner: tuple[str, type[Base]] | None = None
    order: Sequence[str] = ("id",)


_PARTS = (
    _Part(RunTagRow, {"run_id": RunRow}, order=("tag",)),
    _Part(SessionRow, {"run_id": RunRow}),
    _Part(RunEventRow, {"run_id": RunRow}),
    _Part(PromptDictionaryRow, {"run_id": RunRow}),
    _Part(RequestRow, {"run_id": RunRow, "dictionary_id": PromptDictionaryRow}),
    _Part(CandidateRow, {"run_id": RunRow, "request_id": RequestRow}, order=("number",)),
    _Part(
        RequestParentRow,
        {"run_id": RunRow, "request_id": RequestRow},
        ("request_id", RequestRow),
        order=("request_id", "position"),
    ),
    _Part(CompletionRow, {"request_id": RequestRow}, ("request_id", RequestRow), order=("request_id",)),
    _Part(
        CandidateParentRow,
        {"run_id": RunRow, "candidate_id": CandidateRow},
        ("candidate_id", CandidateRow),
        order=("candidate_id", "position"),
    ),
    _Part(EvaluationRow, {"candidate_id": CandidateRow}, ("candidate_id", CandidateRow)),
    _Part(
        InstanceResultRow, {"evaluation_id": EvaluationRow}, ("evaluation_id", EvaluationRow), order=("evaluation_id", "position")
    ),
    _Part(TextbookGapRow, {"run_id": RunRow}, order=("split", "position")),
    _Part(
        SolutionRow, {"candidate_id": CandidateRow}, ("candidate_id", CandidateRow), order=("candidate_id", "split", "instance")
    ),
)
"""After the run itself; what others refer to comes before them."""


def copy_run(
    source: Connection, target: Connection, run: RunRecord, *, address: str, copied: Callable[[int], None] = lambda _rows: None
) -> None:
    """Copy a run with everything that belongs to it.

    Args:
        source: In a transaction that sees one moment.
        target: In a transaction, of another database.
        run: The run in the source.
        address: Where the target is, without a password; a run's configuration tells where it is stored.
        copied: Hears after each part how many rows it had.

    Raises:
        ArchiveError: The target has a run of that name.
    """
    if target.scalar(select(RunRow.id).where(RunRow.name == run.name)) is not None:
        raise ArchiveError(
            f"The archive {address} has a run {run.name!r} already; nothing was copied. Rename one of the two "
            f"(`evoheur runs rename {run.name} NEW --archive URL`), or name the runs to be copied without it."
        )
    [stored] = source.execute(select(*RunRow.__table__.columns).where(RunRow.id == run.id)).mappings().all()
    numbers: dict[type[Base], dict[int, int]] = {RunRow: {run.id: _new_rows(target, RunRow, 1)[0]}}
    config = {**stored["config"], "archive": address} if "archive" in stored["config"] else stored["config"]
    target.execute(insert(RunRow), {**stored, "id": numbers[RunRow][run.id], "config": config})
    for part in _PARTS:
        numbers[part.table] = {}
        for found in _read(source, part, run.id):
            _write(target, part, found, numbers)
            copied(len(found))


def _read(source: Connection, part: _Part, run_id: int) -> Iterator[list[dict[str, Any]]]:
    columns = part.table.__table__.c
    query = select(*columns).where(_of_run(part, run_id)).order_by(*(columns[name] for name in part.order))
    result = source.execute(query.execution_options(yield_per=_AT_ONCE))
    for found in result.mappings().partitions(_AT_ONCE):
        yield [dict(row) for row in found]


def _of_run(part: _Part, run_id: int) -> ColumnElement[bool]:
    columns = part.table.__table__.c
    if part.owner is None:
        return columns["run_id"] == run_id
    name, owner = part.owner
    return columns[name].in_(_owners(owner, run_id))


def _owners(table: type[Base], run_id: int) -> Select[int]:
    if table is EvaluationRow:
        return select(EvaluationRow.id).where(EvaluationRow.candidate_id.in_(_owners(CandidateRow, run_id)))
    return select(table.__table__.c["id"]).where(table.__table__.c["run_id"] == run_id)


def _write(target: Connection, part: _Part, found: list[dict[str, Any]], numbers: Mapping[type[Base], dict[int, int]]) -> None:
    if "id" in part.table.__table__.c:
        given = _new_rows(target, part.table, len(found))
        for row, number in zip(found, given, strict=True):
            numbers[part.table][row["id"]] = number
            row["id"] = number
    for row in found:
        for column, table in part.refers.items():
            if row[column] is not None:
                row[column] = numbers[table][row[column]]
    target.execute(insert(part.table), found)


def _new_rows(target: Connection, table: type[Base], count: int) -> Sequence[int]:
    """Row numbers that no row has or will get; ascending."""
    given = next_rows(target, table.__tablename__, count)
    if given is not None:
        return given
    last = target.scalar(select(func.max(table.__table__.c["id"]))) or 0
    return range(last + 1, last + 1 + count)
