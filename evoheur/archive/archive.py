"""The archive, as it is written and read.

Everything that happened in every run, in one SQL database.
"""

import shlex
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, select, update

from evoheur.archive import schema_state, totals_queries, writing
from evoheur.archive.connection import absent, connect, shown, translated
from evoheur.archive.imported_log import insert_log
from evoheur.archive.kept_solutions import evaluated_row, keep
from evoheur.archive.prompt_dictionaries import latest_packer
from evoheur.archive.prompt_packing import PromptPacker
from evoheur.archive.records import Asked, NewEvent, RunStatus, Told, Totals
from evoheur.archive.request_writing import add_evaluations, insert_completion, insert_request, insert_request_as
from evoheur.archive.row_writing import insert_row
from evoheur.archive.run_catalogue import RunCatalogue
from evoheur.archive.run_events import renew_event
from evoheur.archive.server_lock import wait_for_last_writer
from evoheur.archive.tables import RunRow, SessionRow
from evoheur.archive.writing_session import WritingSession
from evoheur.candidate import Candidate, Evaluation, TextbookGap
from evoheur.errors import ArchiveError
from evoheur.problem import Split
from evoheur.request import Completion, Message, Outcome, Request

__all__ = ["Archive"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Archive(RunCatalogue):
    """The archive of any number of runs.

    It has every request, prompt, reply, candidate, evaluation and failure. One process writes a run (see `hold`) while any number read.
    Every method that writes is one transaction, or part of one (`together`), which no kill can undo once it returns; every method that
    reads sees one moment. A
    power cut may undo asks and tells since the last reply: they cost an evaluation to repeat, and nothing that was paid for. Frozen
    records come out, never rows. Open with `Archive.open`, close when done.

    Attributes:
        url: Where it is, as it was opened; may hold a password.
    """

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = False,
        read_only: bool = False,
        now: Callable[[], datetime] = _utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Open an archive whose schema is this version's.

        Nothing is written before that is known.

        Args:
            url: SQLAlchemy URL, such as "sqlite:///runs/evoheur.db".
            create: Make the file, its folder and the schema if they are not there.
            read_only: Write nothing, also while another process writes.
            now: The time of day, aware; for the stamps of runs and sessions.
            monotonic: Seconds that never go back; for the length of sessions.

        Raises:
            ArchiveError: It is not there, cannot be reached or is not an archive, or its schema is older or newer; with the remedy.
        """
        state = schema_state.check(url)
        schema_state.refuse_unusable(url, state)
        if create and state.found is None:
            schema_state.create(url)
        elif state.kind == "absent":
            raise absent(url)
        elif state.kind == "older":
            raise ArchiveError(
                f"The archive {shown(url)} has schema {state.found or 'none'}, older than this evoheur's {state.wanted}; "
                f"bring it up to date with `evoheur db upgrade {shlex.quote(shown(url))}`."
            )
        return cls(url, connect(url, "ro" if read_only else "rw"), now=now, monotonic=monotonic)

    def _packer(self, connection: Connection, run_id: int) -> PromptPacker:
        if self._session is not None and self._session.run_id == run_id:
            return self._session.packer(connection)
        return latest_packer(connection, run_id)

    # Sessions

    @property
    def _session_seconds(self) -> float | None:
        """Wall time of the run that is written, all its sessions together; None outside a session."""
        return None if self._session is None else self._session.run_seconds

    @property
    def is_on_server(self) -> bool:
        """Whether a session writes to a server, and may do so in a thread of its own."""
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def together(self, *, relaxed: bool) -> Iterator[None]:
        """Make what this thread writes one transaction, in a session on a server.

        Args:
            relaxed: Whether a power cut may undo it; True only where that is so for each part of it.
        """
        with self._writing(relaxed=relaxed):
            yield

    def begin_session(self, run_id: int) -> None:
        """Begin a session, and count its time; the run is unfinished from now on."""
        now = self._now()
        row = {"run_id": run_id, "started_at": now, "heartbeat_at": now, "seconds": 0.0}
        self._end_session()
        is_server = self.is_on_server
        with translated(self.url):
            line = self._engine.connect() if is_server else None
        session = self._session = WritingSession(0, run_id, now=self._now, monotonic=self._monotonic, line=line)
        with self._writing() as connection:
            if is_server:
                wait_for_last_writer(connection, run_id)
            self._set_status(connection, run_id, "unfinished", "")
            session.earlier_seconds = totals_queries.wall_seconds(connection, run_id)
            session.row_id = insert_row(connection, SessionRow, row)
            begins = session.counters(connection).sequence == 1
            text = "the run begins" if begins else "the run goes on"
            self._note(connection, run_id, NewEvent(kind="session_began", text=text))

    def _end_session(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None

    def touch(self) -> None:
        """Store the session's time so far; every other write does so if that is a second ago."""
        with self._writing(relaxed=True) as connection:
            if self._session is not None:
                self._session.beat(connection)

    def finish(self, run_id: int, status: RunStatus, reason: str) -> None:
        """Store how and why a run stopped, and end the session."""
        with self._writing() as connection:
            self._set_status(connection, run_id, status, reason)
            text = f"{status}: {reason}" if reason else status
            self._note(connection, run_id, NewEvent(kind="session_ended", text=text, details={"status": status}))
            if self._session is not None:
                self._session.beat(connection)
        self._end_session()

    def _set_status(self, connection: Connection, run_id: int, status: RunStatus, reason: str) -> None:
        connection.execute(update(RunRow).where(RunRow.id == run_id).values({"status": status, "reason": reason}))

    # What happens in a run

    def record_event(self, run_id: int, event: NewEvent, *, instead_of: int | None = None) -> int:
        """Store what happened to a run beside its log, which no replay reads.

        Args:
            run_id: Row number of the run.
            event: What happened.
            instead_of: Row number of an earlier event that this is news of, and that keeps its time.

        Returns:
            Its row number.

        Raises:
            ValueError: Its details cannot be JSON, since they have NaN or what is no number, text, list or dictionary.
        """
        with self._writing(relaxed=True) as connection:
            if instead_of is None:
                return self._note(connection, run_id, event)
            renew_event(connection, instead_of, event)
            return instead_of

    def record_baseline(self, run_id: int, candidate: Candidate) -> None:
        """Store the baseline with its evaluation on train."""
        with self._writing() as connection:
            writing.insert_candidate(connection, run_id, self._counters(connection, run_id), candidate, request_id=None)

    def record_ask(self, run_id: int, request: Request, messages: Sequence[Message]) -> Asked:
        """Store a request and its prompt, before the model is called."""
        with self._writing(relaxed=True) as connection:
            counters, packer = self._counters(connection, run_id), self._packer(connection, run_id)
            asked = insert_request(connection, run_id, counters, request, messages, packer=packer)
            if self._session is not None:
                self._session.was_asked(asked.id)
            return asked

    def number_ask(self, request: Request, messages: Sequence[Message]) -> Asked | None:
        """Take the next place in the log of the session's run for a request, without waiting for the server.

        Whatever has the places before is to be stored before. None if `fetch_numbers` must be called first.
        """
        return None if self._session is None else self._session.number(request, messages)

    def fetch_numbers(self) -> None:
        """Read what `number_ask` needs, when all is stored that has its place in the log."""
        with self._writing(relaxed=True) as connection:
            if self._session is not None:
                self._session.counters(connection)
                self._session.fetch_rows(connection)

    def record_numbered_ask(self, run_id: int, asked: Asked, request: Request) -> None:
        """Store a request at the place that `number_ask` took for it, before the model is called."""
        with self._writing(relaxed=True) as connection:
            insert_request_as(connection, run_id, asked, request, packer=self._packer(connection, run_id))
            if self._session is not None:
                self._session.was_asked(asked.id)
                self._session.fetch_rows(connection)  # and no places, of which others may be taken already

    def record_completion(self, asked: Asked, completion: Completion, *, paid: bool = True) -> Asked:
        """Store a reply to a request.

        Before anything is made of it, so that it is never paid for again.

        Args:
            asked: The request.
            completion: The reply.
            paid: Whether even a power cut must not undo it; False for what an offline generator makes again for nothing, since waiting
                for the disk costs more than the reply. A kill undoes neither.

        Returns:
            The request with its completion.

        Raises:
            ArchiveError: The request has a reply already.
            ValueError: Its seconds or price are NaN or infinite.
        """
        with self._writing(relaxed=not paid) as connection:
            insert_completion(connection, asked.id, completion)
        return replace(asked, completion=completion)

    def record_tell(self, asked: Asked, outcome: Outcome, *, tried: int = 0) -> Told:
        """Store the whole outcome of a request, before the strategy is told.

        Args:
            asked: The request.
            outcome: A candidate is stored with its parents and, unless it is a duplicate, its evaluation.
            tried: Candidates that were evaluated since the reply; they join the `evaluations` of the completion.

        Raises:
            ArchiveError: The request has an outcome already.
            ValueError: A number is NaN or infinite, or the candidate does not fit its run.
        """
        session = self._session
        with self._writing(relaxed=True) as connection:
            seconds = self._session_seconds
            if tried:
                asked = add_evaluations(connection, asked, tried)
            if session is None or session.line is None or not session.is_open(connection, asked.id):
                return writing.tell(connection, self._counters, asked, outcome, seconds=seconds)
            told = writing.tell(connection, self._counters, asked, outcome, seconds=seconds, open_in=session.run_id)
            session.was_told(asked.id)
            return told

    def record_evaluation(self, run_id: int, candidate_number: int, evaluation: Evaluation) -> None:
        """Store an evaluation on another split than train.

        It takes the place of an earlier one; a duplicate's goes to its original.

        Raises:
            ArchiveError: The run has no such candidate.
            ValueError: It is on train, which is part of the log that resuming replays; or a number is NaN or infinite.
        """
        if evaluation.split == "train":
            raise ValueError(f"Candidate {candidate_number} has its evaluation on train since it was told; it cannot change.")
        with self._writing() as connection:
            target = evaluated_row(connection, run_id, candidate_number)
            writing.replace_evaluation(connection, target, evaluation)

    def keep_solutions(self, run_id: int, candidate_number: int, split: str, solutions: Mapping[str, Any]) -> None:
        """Keep solutions of a candidate, to be drawn.

        They take the places of earlier ones of the same instances; a duplicate's go to its original.

        Args:
            run_id: Row number of the run.
            candidate_number: Whose they are.
            split: Of the instances, as an evaluation has it.
            solutions: Instance's name → the solution as JSON.

        Raises:
            ArchiveError: The run has no such candidate.
            ValueError: A solution cannot be JSON, since it has NaN or what is no number, text, list or dictionary.
        """
        with self._writing() as connection:
            keep(connection, evaluated_row(connection, run_id, candidate_number), split, solutions)

    def record_simplification(
        self, run_id: int, parent: Candidate, remaining: Candidate, completion: Completion, evaluations: Sequence[Evaluation] = ()
    ) -> int:
        """Store what remains of a candidate, as a candidate of its own.

        It stands in the log, so that whatever is numbered after it has a number of its own; a replay passes it over.

        Args:
            run_id: Row number of the run.
            parent: The candidate that was simplified.
            remaining: What remains, without a number, with its evaluation on train.
            completion: Who simplified it, in words, and how many evaluations that took.
            evaluations: On other splits.

        Returns:
            The number it got.

        Raises:
            ValueError: A number is NaN or infinite, or the candidate does not fit its run.
        """
        with self._writing() as connection:
            counters = self._counters(connection, run_id)
            return writing.insert_simplification(connection, run_id, counters, parent, remaining, completion, evaluations)

    def import_log(self, run_id: int, log: Iterable[Asked | Told], *, reason: str) -> None:
        """Store the log of a run from elsewhere in a new one, and finish it.

        Args:
            run_id: Row number of the run, which has no requests yet.
            log: In its order, with numbers and sequences as they are to be; row numbers are given anew. Outcomes that are candidates stay
                where they were evaluated: all that is told here is a failure.
            reason: Why the run stopped.

        Raises:
            TypeError: An outcome is not a failure.
        """
        with self._writing() as connection:
            insert_log(connection, run_id, log)
            self._set_status(connection, run_id, "finished", reason)

    def record_textbook_gaps(self, run_id: int, split: Split, gaps: Mapping[str, TextbookGap]) -> None:
        """Store the best textbook rule of each family of a split, in place of earlier ones.

        Raises:
            ValueError: A gap is NaN or infinite.
        """
        with self._writing() as connection:
            writing.replace_textbook_gaps(connection, run_id, split, gaps)

    def totals(self, run_id: int) -> Totals:
        """The amounts that the run has done and spent.

        The time of a session of this process runs on between writes.
        """
        with self._reading() as connection:
            found = totals_queries.totals(connection, run_id)
            if self._session is None or self._session.run_id != run_id:
                return found
            stored = connection.scalar(select(SessionRow.seconds).where(SessionRow.id == self._session.row_id)) or 0.0
        return replace(found, seconds=found.seconds - stored + self._session.seconds)
