"""What keeping everything on a database server costs: round trips per request, exactly, and milliseconds on one machine."""

import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.archive.archive import Archive
from tests.benchmarks.test_archive import begin, work
from tests.support.postgres_server import PostgresServer

REQUESTS = 200
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


def test_a_request_takes_four_round_trips(archive: Archive) -> None:
    """One to ask, one to reply, two to tell, which looks first whether it was told already; and some for the row numbers of fifty."""
    waits = round_trips(archive, REQUESTS)
    assert 4 * REQUESTS <= waits <= 4.1 * REQUESTS


def test_one_request_from_ask_to_tell_on_a_server(benchmark: BenchmarkFixture, archive: Archive) -> None:
    numbers = iter(range(1, 10**6))
    benchmark(lambda: work(archive, next(numbers)))
