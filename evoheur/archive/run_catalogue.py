"""The runs of an archive as a whole: made, held, renamed, filed and deleted."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from evoheur.archive import queries, run_labels, stop_request, totals_queries
from evoheur.archive.advice import Advice, advice_in, news_of_advice, with_advice
from evoheur.archive.connection import RELAXED, shown, sqlite_file, translated
from evoheur.archive.log_counters import LogCounters
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import NewEvent, RunRecord
from evoheur.archive.row_writing import insert_row
from evoheur.archive.run_copying import copy_run
from evoheur.archive.run_events import insert_event
from evoheur.archive.run_lock import held
from evoheur.archive.server_lock import held_on_server
from evoheur.archive.tables import RunRow
from evoheur.archive.writing_session import WritingSession
from evoheur.errors import ArchiveError, ArchiveLost

__all__ = ["RunCatalogue"]


class RunCatalogue(ArchiveReader):
    """The half of `Archive` that writes of runs as a whole; every method that writes is one transaction.

    Args:
        url: Where the archive is; may hold a password.
        engine: Connects to it.
        now: The time of day, aware.
        monotonic: Seconds that never go back.
    """

    def __init__(self, url: str, engine: Engine, *, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        super().__init__(url, engine)
        self._relaxed = engine.execution_options(**{RELAXED: True})
        self._now = now
        self._monotonic = monotonic
        self._session: WritingSession | None = None
        self._check_lock: Callable[[], None] | None = None

    @contextmanager
    def _writing(self, *, relaxed: bool = False) -> Iterator[Connection]:
        session = self._session
        if session is not None and session.broken:  # meanwhile another process may write the run
            raise ArchiveLost(session.broken)
        try:
            with translated(self.url), self._transaction(relaxed) as connection:
                yield connection
                if session is not None and session.beat_if_due(connection) and self._check_lock is not None:
                    self._check_lock()
        except BaseException as error:
            if session is not None:
                session.forget()  # none of what this transaction has counted is stored
                if session.line is not None and (session.line.invalidated or isinstance(error, ArchiveLost)):
                    session.broken = str(error)
            raise

    @contextmanager
    def _transaction(self, relaxed: bool) -> Iterator[Connection]:
        session = self._session
        line = None if session is None else session.line
        if session is None or line is None:
            with (self._relaxed if relaxed else self._engine).begin() as connection:
                yield connection
            return
        with session.turn:
            if line.in_transaction():  # of `together`, which commits
                yield line
                return
            line.execution_options(**{RELAXED: relaxed})
            with line.begin():
                yield line

    def _counters(self, connection: Connection, run_id: int) -> LogCounters:
        if self._session is not None and self._session.run_id == run_id:
            return self._session.counters(connection)
        return LogCounters.read(connection, run_id)

    def _note(self, connection: Connection, run_id: int, event: NewEvent) -> int:
        """Store an event of a run, of whichever process it is."""
        session = self._session
        if session is not None and session.run_id == run_id:
            seconds = session.run_seconds
        else:
            seconds = totals_queries.wall_seconds(connection, run_id)
        reached = self._counters(connection, run_id).sequence - 1
        return insert_event(connection, run_id, event, at=self._now(), seconds=seconds, after_seq=reached)

    def close(self) -> None:
        """Close the connections; harmless when repeated."""
        if self._session is not None:
            self._session.close()
        super().close()

    def create_run(
        self,
        *,
        name: str,
        config: Mapping[str, Any],
        seed: int,
        problem: str,
        problem_hash: str,
        prompts_hash: str,
        evoheur_version: str,
    ) -> RunRecord:
        """Store a new run.

        Args:
            name: Unique in the archive; without "/", which parts a run from a candidate's number.
            config: As JSON, without secrets.
            seed: Below 2^63 in size.
            problem: Name or folder.
            problem_hash: Of the problem's sources.
            prompts_hash: Of the prompt templates.
            evoheur_version: That runs it.

        Raises:
            ArchiveError: There is a run of that name already, or the name cannot be one.
        """
        run_labels.check_name(name)
        if not -(2**63) <= seed < 2**63:
            raise ArchiveError(f"The seed {seed} does not fit into 64 bits; choose a smaller one.")
        row = {
            "name": name,
            "created_at": self._now(),
            "config": dict(config),
            "seed": seed,
            "problem": problem,
            "problem_hash": problem_hash,
            "prompts_hash": prompts_hash,
            "evoheur_version": evoheur_version,
            "status": "unfinished",
            "reason": "",
        }
        with self._writing() as connection:
            if connection.scalar(select(RunRow.id).where(RunRow.name == name)) is not None:
                raise ArchiveError(f"There is a run {name!r} already; choose another --name, or resume it.")
            insert_row(connection, RunRow, row)
            return queries.run_named(connection, name)

    def hold(self, run_name: str) -> AbstractContextManager[None]:
        """Keep every other process from working on a run.

        While the context lasts. The lock is a file beside a SQLite database, and an advisory lock of a PostgreSQL server on a connection of
        its own; it ends with the process however that ends. On other servers there is none: two processes that resume one run there are
        found out only when both tell of one request.

        Raises:
            ArchiveError: There is no such run; or, on entering, a living process holds it, which the message names.
        """
        file, run_id = sqlite_file(self.url), self.run(run_name).id
        if file is not None:
            return held(file.with_name(f"{file.name}.run-{run_id}.lock"), run_name)
        return self._held_on_server(run_id, run_name) if self._engine.dialect.name == "postgresql" else nullcontext()

    @contextmanager
    def _held_on_server(self, run_id: int, run_name: str) -> Iterator[None]:
        with held_on_server(self.url, run_id, run_name) as check:
            self._check_lock = check
            try:
                yield
            finally:
                self._check_lock = None

    def update_config(self, run_id: int, config: Mapping[str, Any]) -> None:
        """Store the configuration that a resumed run continues with.

        What replaying its log depends on must be as it was. Advice that was given meanwhile is kept.

        Args:
            run_id: Row number of the run.
            config: As JSON, without secrets.
        """
        self._change_config(run_id, lambda stored: with_advice(config, advice_in(stored)))

    def change_advice(self, run_id: int, change: Callable[[tuple[Advice, ...]], Sequence[Advice]]) -> tuple[Advice, ...]:
        """Change the user's advice to a run, also one that another process writes.

        Args:
            run_id: Row number of the run.
            change: What is there → what is to be there.

        Returns:
            What is there now.
        """
        changed = self._change_config(run_id, lambda stored: with_advice(stored, change(advice_in(stored))))
        return advice_in(changed)

    def _change_config(self, run_id: int, change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> dict[str, Any]:
        with self._writing() as connection:
            stored = connection.execute(select(RunRow.config).where(RunRow.id == run_id).with_for_update()).scalar_one()
            changed = change(stored)
            connection.execute(update(RunRow).where(RunRow.id == run_id).values(config=changed))
            for words in news_of_advice(advice_in(stored), advice_in(changed)):
                self._note(connection, run_id, NewEvent(kind="advice", text=words))
        return changed

    def ask_to_stop(self, run_name: str) -> RunRecord:
        """Ask the process that works on a run to end it in order, as Ctrl-C does there.

        It hears of it within seconds.

        Raises:
            ArchiveError: There is no such run, or it has ended.
        """
        with self._writing() as connection:
            run = queries.run_named(connection, run_name)
            stop_request.ask(connection, run, self._now())
            self._note(connection, run.id, NewEvent(kind="stop_asked", text="the run was asked to stop"))
            return queries.run_named(connection, run_name)

    # What its user calls a run

    def rename_run(self, run_name: str, name: str) -> RunRecord:
        """Give a run another name; its candidates are RUN/17 under the new one.

        Raises:
            ArchiveError: There is no such run, another has the name, it cannot be one, or a living process works on the run.
        """
        with self.hold(run_name), self._writing() as connection:  # who works on it knows it by its name
            run_labels.rename(connection, queries.run_named(connection, run_name).id, name)
            return queries.run_named(connection, name)

    def write_note(self, run_name: str, note: str) -> RunRecord:
        """Store a note of a run in place of the earlier one; the empty one takes it away.

        Raises:
            ArchiveError: There is no such run.
        """
        with self._writing() as connection:
            run_labels.write_note(connection, queries.run_named(connection, run_name).id, note)
            return queries.run_named(connection, run_name)

    def tag_run(self, run_name: str, *, add: Collection[str] = (), remove: Collection[str] = ()) -> RunRecord:
        """Give tags to a run and take others from it; harmless where it has them already, or has them not.

        Raises:
            ArchiveError: There is no such run.
            ConfigError: A new tag is no word.
        """
        with self._writing() as connection:
            run_labels.change_tags(connection, queries.run_named(connection, run_name).id, add=add, remove=remove)
            return queries.run_named(connection, run_name)

    def copy_runs(
        self, source: ArchiveReader, names: Sequence[str] = (), *, copied: Callable[[int], None] = lambda _rows: None
    ) -> list[RunRecord]:
        """Copy runs of another archive, all of them or none; each can be resumed and replayed here.

        Args:
            source: The other archive; what is written there meanwhile is not copied.
            names: Of the runs; all if none is named.
            copied: Hears how many rows were copied since it heard last.

        Returns:
            The runs as they are here, in the order they have there.

        Raises:
            ArchiveError: There is no run of a name, or this archive has one already; the message says what to do.
        """
        with source.moment() as theirs, self._writing() as connection:
            runs = queries.runs(theirs) if not names else [queries.run_named(theirs, name) for name in dict.fromkeys(names)]
            for run in sorted(runs, key=lambda run: run.id):
                copy_run(theirs, connection, run, address=shown(self.url), copied=copied)
            return [queries.run_named(connection, run.name) for run in sorted(runs, key=lambda run: run.id)]

    def delete_run(self, run_name: str) -> RunRecord:
        """Delete a run with everything that belongs to it, for good.

        Returns:
            What it was.

        Raises:
            ArchiveError: There is no such run, or a living process works on it, which the message names.
        """
        with self.hold(run_name), self._writing() as connection:
            run = queries.run_named(connection, run_name)
            run_labels.delete_run(connection, run.id)
        return run
