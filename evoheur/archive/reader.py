"""Reading runs, candidates and failures from an archive."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, select

from evoheur.archive import candidates, queries, totals_queries
from evoheur.archive.best_choice import best_validated, considered, surpassing
from evoheur.archive.connection import READING, read_back, shown
from evoheur.archive.extent import WHOLE, Extent
from evoheur.archive.lineage import newest_simplification
from evoheur.archive.records import Asked, CandidateRecord, FailureGroup, ProgressStep, RunRecord, Told, Totals
from evoheur.archive.tables import RunRow
from evoheur.candidate import Candidate, TextbookGap
from evoheur.errors import ArchiveError
from evoheur.request import Completion, Message

__all__ = ["ArchiveReader"]


class ArchiveReader:
    """The reading half of `Archive`; every method sees one moment of the database.

    Attributes:
        url: Where it is, as it was opened; may hold a password.
    """

    def __init__(self, url: str, engine: Engine) -> None:
        self.url = url
        self._engine = engine
        self._reader = engine.execution_options(**{READING: True})

    def close(self) -> None:
        """Close the connections; harmless when repeated."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Archive({shown(self.url)!r})"

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with read_back(self.url), self._reader.begin() as connection:
            yield connection

    def fresh_name(self, stem: str) -> str:
        """The stem with the next number that no run has: "quickstart-1", then "quickstart-2"."""
        with self._reading() as connection:
            names = connection.scalars(select(RunRow.name).where(RunRow.name.startswith(f"{stem}-", autoescape=True)))
            endings = [name[len(stem) + 1 :] for name in names]
        return f"{stem}-{max((int(ending) for ending in endings if ending.isdecimal()), default=0) + 1}"

    def run(self, name: str) -> RunRecord:
        """The run of a name.

        If there is none, ArchiveError, with the nearest name and those there are.
        """
        with self._reading() as connection:
            return queries.run_named(connection, name)

    def runs(self) -> list[RunRecord]:
        """All runs, oldest first."""
        with self._reading() as connection:
            return queries.runs(connection)

    def log(self, run_id: int, extent: Extent = WHOLE) -> list[Asked | Told]:
        """The asks and tells of a run, in order.

        Asks with their reply if it came, tells with the outcome as it was told; as much of them as is wanted.
        """
        with self._reading() as connection:
            return queries.log(connection, run_id, extent)

    def baseline(self, run_id: int) -> Candidate | None:
        """Candidate 0, the baseline; None if the run stopped before it was evaluated."""
        with self._reading() as connection:
            found = candidates.load_by_epoch(connection, run_id, [0])
        return found[0][0] if found else None

    def candidate(self, run_name: str, number: int) -> CandidateRecord:
        """One candidate with prompt, reply and all evaluations.

        If there is none, ArchiveError, with the range of numbers.
        """
        with self._reading() as connection:
            return queries.candidate_record(connection, queries.run_named(connection, run_name), number)

    def candidates(self, run_name: str, numbers: Sequence[int] | None = None, *, extent: Extent = WHOLE) -> list[CandidateRecord]:
        """All candidates of a run by number, the baseline first.

        Or those of some numbers, in the order given. As much of them as is wanted: without prompts, they come without their requests.
        """
        with self._reading() as connection:
            return queries.candidate_records(connection, queries.run_named(connection, run_name), numbers, extent=extent)

    def best(self, run_name: str, count: int) -> list[CandidateRecord]:
        """The best candidates on train, best first.

        Without failures, duplicates (in code or in all their costs) and the baseline.

        Raises:
            ArchiveError: There is no such run, or the count is negative.
        """
        if count < 0:
            raise ArchiveError(f"There are no {count} best candidates of run {run_name!r}; ask for 1 or more.")
        with self._reading() as connection:
            run = queries.run_named(connection, run_name)
            return queries.candidate_records(connection, run, candidates.best_numbers(connection, run.id, count))

    def chosen(self, run_name: str) -> CandidateRecord | None:
        """The candidate that `RUN/best` names; None if nothing that was bred works.

        The best on validation among as many of the best on train as the run validates (`validation.top`); the best on train where none
        has been validated. Candidate 0, where it must be surpassed (`validation.surpass_start`) and is not.
        """
        with self._reading() as connection:
            run = queries.run_named(connection, run_name)
            numbers = candidates.best_numbers(connection, run.id, considered(run.config))
            start = queries.candidate_records(connection, run, [0])
            records = queries.candidate_records(connection, run, numbers)
            return best_validated(records, next(iter(start), None), confidence=surpassing(run.config))

    def simplified(self, record: CandidateRecord) -> CandidateRecord | None:
        """What remains of a candidate, as it was simplified last; None if it was not."""
        with self._reading() as connection:
            run = queries.run_named(connection, record.run)
            number = newest_simplification(connection, run.id, record.candidate.id)
            return None if number is None else queries.candidate_record(connection, run, number)

    def textbook_gaps(self, run_name: str) -> dict[str, dict[str, TextbookGap]]:
        """Split → family → the best textbook rule and its gap, as far as the run has stored them."""
        with self._reading() as connection:
            return queries.textbook_gaps(connection, queries.run_named(connection, run_name).id)

    def replies(self, run_name: str) -> list[tuple[tuple[Message, ...], Completion]]:
        """The answered prompts with their replies, in order of asking."""
        with self._reading() as connection:
            return queries.replies(connection, queries.run_named(connection, run_name).id)

    def failures(self, run_name: str) -> list[FailureGroup]:
        """Failures by stage and reason, most frequent first."""
        with self._reading() as connection:
            return totals_queries.failures(connection, queries.run_named(connection, run_name).id)

    def progress(self, run_name: str) -> list[ProgressStep]:
        """The moments at which the best on train improved."""
        with self._reading() as connection:
            return totals_queries.progress(connection, queries.run_named(connection, run_name).id)

    def totals(self, run_id: int) -> Totals:
        """The amounts that the run has done and spent.

        As far as they are stored.
        """
        with self._reading() as connection:
            return totals_queries.totals(connection, run_id)
