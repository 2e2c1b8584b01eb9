"""Threads inside the jail: none, or as many as the entry asks for, and never a process."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from evoheur.sandbox.interface import Entry, Limits, ReportStatus, Sandbox
from evoheur.sandbox.jail import JailSandbox
from evoheur.testing.red_team.attack import Attack
from evoheur.testing.red_team.attack_range import Range
from evoheur.testing.red_team.attacks.processes import PROCESSES

_LIMITS = Limits(load_seconds=20, cpu_seconds=20, wall_seconds=30, memory_mib=256)
_LEVELS = [pytest.param("L0", marks=pytest.mark.nightly), "L1"]
_AT_EACH_LEVEL = pytest.mark.parametrize("level", _LEVELS)
_BY_THREADS = {"thread", "raw-thread"}

_POOL = """
import threading
from concurrent.futures import ThreadPoolExecutor
meeting = threading.Barrier(4, timeout=20)
def square(n):
    meeting.wait()  # all four run at the same time, or nobody gets on
    return n * n, threading.get_native_id()
def answer(q):
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(square, range(8)))
    return [[n for n, _ in told], len({thread for _, thread in told})]
"""


def _jail(level: str, entry: Entry, *, threads: int) -> JailSandbox:
    return JailSandbox(replace(entry, payload={**entry.payload, "threads": threads}), level="L0" if level == "L0" else "L1")


@pytest.fixture
def entry() -> Entry:
    """Its candidates are source texts."""
    return Entry(module="evoheur.testing.hostile_entry", payload={})


@_AT_EACH_LEVEL
def test_a_pool_of_threads_works_where_threads_are_allowed(level: str, entry: Entry) -> None:
    """Python's own pool, four at a time, in several candidates one after the other; nothing is left of them."""
    sandbox = _jail(level, entry, threads=4)
    try:
        for _ in range(3):
            session, _ = sandbox.open(_POOL, _LIMITS)
            with session:
                assert session.ask(1).value == [[n * n for n in range(8)], 4]
    finally:
        sandbox.close()


@_AT_EACH_LEVEL
def test_no_thread_starts_by_default(level: str, entry: Entry) -> None:
    sandbox = _jail(level, entry, threads=0)
    session, _ = sandbox.open(_POOL, _LIMITS)
    report = session.ask(1)
    sandbox.close()
    assert report.status is ReportStatus.ERROR
    assert "can't start new thread" in report.detail


_BUSY = """
import hashlib, threading
def work():
    data = bytes(1 << 20)  # hashing lets go of the interpreter's lock
    while True: hashlib.sha256(data)
def answer(q):
    for _ in range(3): threading.Thread(target=work, daemon=True).start()
    threading.Event().wait()
"""


@_AT_EACH_LEVEL
def test_the_time_of_all_threads_counts_and_all_end_together(level: str, entry: Entry) -> None:
    """A main thread that sleeps beside busy ones runs into the limit on processor time; then the next candidate is served."""
    sandbox = _jail(level, entry, threads=4)
    session, _ = sandbox.open(_BUSY, replace(_LIMITS, cpu_seconds=0.9))
    report = session.ask(1)
    assert report.status is ReportStatus.TIMEOUT
    assert report.cpu_seconds >= 0.9
    assert "0.9 s of processor time for one question" in report.detail
    session, _ = sandbox.open("def answer(q):\n    return 2 * q", _LIMITS)
    with session:
        assert session.ask(21).value == 42
    sandbox.close()


# With stacks so small that only the number of threads can be the limit.
_BOMB = """
import threading
threading.stack_size(32768)
hold = threading.Event()
def answer(q):
    count = 0
    try:
        while count < 20_000:
            threading.Thread(target=hold.wait, daemon=True).start()
            count += 1
    except RuntimeError:
        pass
    return count
"""


@_AT_EACH_LEVEL
def test_a_bomb_of_threads_is_bounded(level: str, entry: Entry) -> None:
    """A few more may get through than were asked for, but no thousands, and they end with the candidate."""
    sandbox = _jail(level, entry, threads=2)
    session, _ = sandbox.open(_BOMB, replace(_LIMITS, memory_mib=4096))
    with session:
        report = session.ask(1)
    assert report.status is ReportStatus.OK, report
    assert 2 <= report.value < 5000
    session, _ = sandbox.open("def answer(q):\n    return 2 * q", _LIMITS)
    with session:
        assert session.ask(21).value == 42
    sandbox.close()


@pytest.fixture(scope="module", params=_LEVELS)
def with_threads(request: pytest.FixtureRequest) -> Iterator[Range]:
    """A jail that lets candidates start threads, to be attacked."""

    def make(entry: Entry) -> Sandbox:
        return _jail(request.param, entry, threads=8)

    with Range(make) as place:
        yield place


@pytest.mark.slow
@pytest.mark.parametrize(
    "attack", [attack for attack in PROCESSES if attack.name not in _BY_THREADS], ids=lambda attack: attack.name
)
def test_no_process_starts_where_threads_may(with_threads: Range, attack: Attack) -> None:
    """Fork in all its shapes, exec in all its shapes: the one call that makes threads makes nothing else."""
    assert with_threads.run(attack).blocked
