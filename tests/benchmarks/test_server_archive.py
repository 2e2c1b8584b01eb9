"""What keeping everything on a database server costs: round trips per request, exactly, and milliseconds on one machine.

And what a run comes to whose server is 20 ms away. Alone with `python -m tests.benchmarks.test_server_archive MILLISECONDS IN_FLIGHT
EVALUATIONS [SETTING…]`.
"""

import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from sqlalchemy import Engine, event

from evoheur.archive.archive import Archive
from tests.benchmarks.support.distant_server import distant
from tests.benchmarks.test_archive import begin, work
from tests.benchmarks.test_driver import Driven, Pulse, drive
from tests.support.postgres_server import PostgresServer, postgres_server

REQUESTS = 200
ASKED_FOR = ("begin", "before_cursor_execute", "commit", "rollback")
"""Events of SQLAlchemy at which a thread is about to wait for the server, or may be."""
WAITED_FOR = ("Query", "Sync", "Flush")
"""Messages of PostgreSQL's protocol after which a client waits for the server."""


@pytest.fixture
def archive(postgres: PostgresServer) -> Iterator[Archive]:
    url = postgres.new_database()
    with Archive.open(url, create=True) as opened:
        begin(opened)
        yield opened
    postgres.drop(url)


def round_trips(archive: Archive, requests: int) -> int:
    """How often the writer waits for the server while so many requests are asked, answered and told."""
    session = archive._session
    assert session is not None
    assert session.line is not None
    driver: Any = session.line.connection.driver_connection
    with tempfile.TemporaryFile("w+") as trace:
        driver.pgconn.trace(trace.fileno())
        for number in range(1, requests + 1):
            work(archive, number)
        driver.pgconn.untrace()
        trace.seek(0)
        sent = [line.split("\t") for line in trace]
    return sum(1 for words in sent if len(words) >= 4 and words[1] == "F" and words[3].strip() in WAITED_FOR)


def test_a_request_takes_three_round_trips(archive: Archive) -> None:
    """One to ask, one to reply, one to tell; and some for the row numbers of fifty. So it is where one request follows the other."""
    waits = round_trips(archive, REQUESTS)
    assert 3 * REQUESTS <= waits <= 3.1 * REQUESTS


def test_one_request_from_ask_to_tell_on_a_server(benchmark: BenchmarkFixture, archive: Archive) -> None:
    numbers = iter(range(1, 10**6))
    benchmark(lambda: work(archive, next(numbers)))


class Transactions:
    """Counts the commits of all threads, and what the loop's thread asks the server for, while a pulse beats."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse
        self.commits = self.of_loop = 0
        for name in ASKED_FOR:
            event.listen(Engine, name, self._hear_commit if name == "commit" else self._hear)

    def end(self) -> None:
        """Count no more."""
        for name in ASKED_FOR:
            event.remove(Engine, name, self._hear_commit if name == "commit" else self._hear)

    def _hear(self, *_: object) -> None:
        if self._pulse.is_beating:
            self.of_loop += threading.current_thread() is threading.main_thread()

    def _hear_commit(self, *_: object) -> None:
        self._hear()
        self.commits += self._pulse.is_beating


def test_the_loop_waits_for_no_answer_and_what_comes_together_is_committed_together(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url, evaluations, in_flight = postgres.new_database(), 200, 32
    pulse = Pulse(evaluations - in_flight)
    counted = Transactions(pulse)
    try:
        drive(in_flight, evaluations, tmp_path, url=url, pulse=pulse)
    finally:
        counted.end()
        postgres.drop(url)
    assert counted.of_loop == 0
    assert 0 < counted.commits < 3 * evaluations


def driven_far_away(postgres: PostgresServer, milliseconds: float, in_flight: int, evaluations: int, *settings: str) -> Driven:
    """A run of simulated parts on a server so far away, there and back; see `drive`."""
    url = postgres.new_database()
    with tempfile.TemporaryDirectory() as folder, distant(url, milliseconds / 1000) as far:
        found = drive(in_flight, evaluations, Path(folder), *settings, url=far)
    postgres.drop(url)
    return found


@pytest.mark.parametrize("in_flight", [1, 16])
def test_requests_per_second_on_a_server_20_ms_away(
    benchmark: BenchmarkFixture, postgres: PostgresServer, in_flight: int
) -> None:
    """Also how long the loop stood still, in the extra info."""
    arguments = (postgres, 20.0, in_flight, 60 + 20 * in_flight)
    found = benchmark.pedantic(driven_far_away, args=arguments, rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(found)
    assert found["per_second"] > 0


if __name__ == "__main__":
    with postgres_server() as own:
        shown = driven_far_away(own, float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
    sys.stdout.write(f"{sys.argv[1]} ms away, {sys.argv[2]} in flight: {shown}\n")
