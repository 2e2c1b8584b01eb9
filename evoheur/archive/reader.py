"""Reading runs, candidates and failures from an archive."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, select

from evoheur.archive import candidates, log_reading, queries, stop_request, totals_queries, trace_reading
from evoheur.archive.advice import Advice, advice_in
from evoheur.archive.best_choice import best_validated, considered, surpassing
from evoheur.archive.connection import READING, read_back, shown
from evoheur.archive.course_queries import CourseStep, course_steps
from evoheur.archive.descents import Descent, descents
from evoheur.archive.extent import WHOLE, Extent
from evoheur.archive.graded_replies import GradedReply, TrainObjectives, graded_replies, train_objectives
from evoheur.archive.kept_solutions import evaluated_row, kept, kept_instances
from evoheur.archive.lineage import newest_simplification
from evoheur.archive.records import Asked, CandidateRecord, FailureGroup, ProgressStep, RunEvent, RunRecord, Told, Totals
from evoheur.archive.run_events import events_of, session_events
from evoheur.archive.run_pulses import RunPulse, run_pulses
from evoheur.archive.tables import RunRow, RunTagRow
from evoheur.archive.trace_reading import TraceStep
from evoheur.candidate import Candidate, Evaluation, TextbookGap
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

    def moment(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one moment, for what the archive itself reads from another one."""
        return self._reading()

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

    def advice(self, run_id: int) -> tuple[Advice, ...]:
        """What a user advised a run, oldest first, the withdrawn included."""
        with self._reading() as connection:
            return advice_in(connection.execute(select(RunRow.config).where(RunRow.id == run_id)).scalar_one())

    def stop_asked(self, run_id: int) -> str:
        """The request to stop a run that another process goes on with; empty if there is none."""
        with self._reading() as connection:
            return stop_request.asked(connection, run_id)

    def runs(self) -> list[RunRecord]:
        """All runs, oldest first."""
        with self._reading() as connection:
            return queries.runs(connection)

    def pulses(self) -> list[RunPulse]:
        """How far all runs have come, oldest first; quick, however long they are."""
        with self._reading() as connection:
            return run_pulses(connection, {run.id: run for run in queries.runs(connection)})

    def log(self, run_id: int, extent: Extent = WHOLE) -> list[Asked | Told]:
        """The asks and tells of a run, in order.

        Asks with their reply if it came, tells with the outcome as it was told; as much of them as is wanted.
        """
        return list(self.entries(run_id, extent))

    def entries(self, run_id: int, extent: Extent = WHOLE) -> Generator[Asked | Told]:
        """The log as `log` has it, entry by entry, so that a long one takes little memory.

        All of it is of one moment. Read it to its end, or close it (`contextlib.closing`), since it keeps a connection until then.
        """
        with self._reading() as connection:
            yield from log_reading.entries(connection, run_id, extent)

    def trace_steps(self, run_id: int) -> Generator[TraceStep]:
        """The outcomes of a run in the order of telling, as far as its course is counted from them.

        This takes a fraction of the time that the log takes. Read them to the end, or close, as with `entries`.
        """
        with self._reading() as connection:
            yield from trace_reading.trace_steps(connection, run_id)

    def baseline(self, run_id: int) -> Candidate | None:
        """Candidate 0, the baseline; None if the run stopped before it was evaluated."""
        with self._reading() as connection:
            found = candidates.load_by_epoch(connection, run_id, [0])
        return found[0][0] if found else None

    def evaluation_on_train(self, run_id: int, number: int, epoch: int) -> Evaluation:
        """The evaluation of a candidate on the training instances of an epoch, of which it has one."""
        with self._reading() as connection:
            return candidates.load_by_epoch(connection, run_id, [number])[number][epoch].evaluation

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

    def descents(self, run_name: str) -> list[Descent]:
        """All candidates of a run by number, each with its parents and its worth alone.

        A hundred thousand of them take about a second.
        """
        with self._reading() as connection:
            return descents(connection, queries.run_named(connection, run_name).id)

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

    def audited(self, run_name: str) -> list[CandidateRecord]:
        """The candidates that were scored on fresh instances, oldest first; without the baseline and what was simplified."""
        with self._reading() as connection:
            run = queries.run_named(connection, run_name)
            return queries.candidate_records(connection, run, candidates.audited_numbers(connection, run.id))

    def textbook_gaps(self, run_name: str) -> dict[str, dict[str, TextbookGap]]:
        """Split → family → the best textbook rule and its gap, as far as the run has stored them."""
        with self._reading() as connection:
            return queries.textbook_gaps(connection, queries.run_named(connection, run_name).id)

    def solutions(self, run_name: str, number: int) -> dict[str, dict[str, Any]]:
        """Split → instance → solution, as far as they were kept; a duplicate has its original's.

        Raises:
            ArchiveError: There is no such run or candidate.
        """
        with self._reading() as connection:
            run = queries.run_named(connection, run_name)
            queries.check_number(connection, run, number)
            return kept(connection, evaluated_row(connection, run.id, number))

    def solved_instances(self, run_name: str) -> dict[int, dict[str, list[str]]]:
        """Candidate → split → instances whose solutions were kept."""
        with self._reading() as connection:
            return kept_instances(connection, queries.run_named(connection, run_name).id)

    def tags(self) -> list[str]:
        """All tags of runs, sorted."""
        with self._reading() as connection:
            return sorted(connection.scalars(select(RunTagRow.tag).distinct()))

    def replies(self, run_name: str) -> list[tuple[tuple[Message, ...], Completion]]:
        """The answered prompts with their replies, in order of asking."""
        with self._reading() as connection:
            return queries.replies(connection, queries.run_named(connection, run_name).id)

    def requests(self, run_id: int, numbers: Sequence[int]) -> dict[int, Asked]:
        """Number → request with its prompt and reply; for some hundred at once.

        Numbers that the run does not have are left out.
        """
        with self._reading() as connection:
            return {asked.number: asked for asked in queries.numbered_requests(connection, run_id, numbers)}

    def train_objectives(self, run_id: int) -> TrainObjectives:
        """Objectives on train of all candidates of a run."""
        with self._reading() as connection:
            return train_objectives(connection, run_id)

    def graded_replies(self, run_id: int, known: TrainObjectives, *, prompts: bool = True) -> Generator[GradedReply]:
        """The replies of a run that were to hold a heuristic, with its worth on train, without texts.

        Read them to the end, or close, as with `entries`.

        Args:
            run_id: Row number of the run.
            known: Of the run.
            prompts: Whether prompts are told apart, which takes most of the time.
        """
        with self._reading() as connection:
            yield from graded_replies(connection, run_id, known, prompts=prompts)

    def failures(self, run_name: str) -> list[FailureGroup]:
        """Failures by stage and reason, most frequent first."""
        with self._reading() as connection:
            return totals_queries.failures(connection, queries.run_named(connection, run_name).id)

    def progress(self, run_name: str) -> list[ProgressStep]:
        """The moments at which the best on train improved."""
        with self._reading() as connection:
            return totals_queries.progress(connection, queries.run_named(connection, run_name).id)

    def course(self, run_id: int, since: int = 0) -> list[CourseStep]:
        """The requests of a run in the order of their outcomes, without texts, then those that have none yet.

        Args:
            run_id: Row number of the run.
            since: Leave out outcomes up to this position in the log, such as those that were read before.
        """
        with self._reading() as connection:
            return list(course_steps(connection, run_id, since))

    def run_events(self, run_id: int, *, most: int | None = None) -> list[RunEvent]:
        """What happened to a run beside its log, such as outages, oldest first.

        Args:
            run_id: Row number of the run.
            most: Leave out older ones beyond so many.
        """
        with self._reading() as connection:
            return events_of(connection, run_id, most=most)

    def session_events(self, run_id: int) -> list[RunEvent]:
        """What happened to a run beside its log since its newest session began, that included, oldest first."""
        with self._reading() as connection:
            return session_events(connection, run_id)

    def wall_seconds(self, run_id: int) -> float:
        """Wall time of all sessions of a run, in seconds."""
        with self._reading() as connection:
            return totals_queries.wall_seconds(connection, run_id)

    def totals(self, run_id: int) -> Totals:
        """The amounts that the run has done and spent.

        As far as they are stored.
        """
        with self._reading() as connection:
            return totals_queries.totals(connection, run_id)
