"""Judging one child's words, with the guest played by a fake."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from evoheur.sandbox.guest_link import GuestLink
from evoheur.sandbox.guest_session import GuestSession, processor_limit
from evoheur.sandbox.interface import Limits, ReportStatus
from evoheur.sandbox.lockstep_process import LockStepProcess
from evoheur.sandbox.wire import Channel, Closed, decode, encode
from tests.sandbox.fake_guest import FakeGuest, PatientGuest

_KILLED = {"exit": None, "signal": 9, "lingered": True, "cpu_seconds": 0.5, "left": 0}


@pytest.fixture
def child() -> Iterator[tuple[Channel, socket.socket]]:
    """The trusted end of a child's channel, and the child's."""
    ours, theirs = socket.socketpair()
    yield Channel(ours), theirs
    ours.close()
    theirs.close()


def test_bytes_before_the_question(child: tuple[Channel, socket.socket]) -> None:
    """Bytes that wait when a question is about to be sent forfeit, and the child's processor time is still told."""
    channel, theirs = child
    link = GuestLink(FakeGuest(_KILLED))
    theirs.sendall(b"\0")
    report = GuestSession(link, channel, Limits(), LockStepProcess()).ask(1)
    assert (report.status, report.cpu_seconds) == (ReportStatus.FORFEIT, 0.5)
    assert "before it was asked" in report.detail
    link.close()


@pytest.mark.parametrize(
    ("ending", "status", "detail"),
    [
        ({"exit": 0, "signal": None}, ReportStatus.CRASHED, "exited with code 0 before answering"),
        ({"exit": None, "signal": 11}, ReportStatus.CRASHED, "killed by SIGSEGV"),
        (
            {"exit": None, "signal": 31},
            ReportStatus.CRASHED,
            "killed by SIGSYS, the filter's answer to a system call by a back door",
        ),
        ({"exit": None, "signal": 45}, ReportStatus.CRASHED, "killed by signal 45"),
        ({"exit": None, "signal": 24}, ReportStatus.TIMEOUT, "used more than 30 s of processor time"),
        # SIGKILL below the limit came from elsewhere, such as the kernel's out-of-memory killer.
        ({"exit": None, "signal": 9, "cpu_seconds": 29.0}, ReportStatus.CRASHED, "killed by SIGKILL"),
        ({"exit": None, "signal": 9, "cpu_seconds": 31.0}, ReportStatus.TIMEOUT, "used more than 30 s of processor time"),
        ({"exit": None, "signal": 9, "lingered": True}, ReportStatus.FORFEIT, "the candidate closed its channel"),
    ],
)
def test_death_is_explained(
    child: tuple[Channel, socket.socket], ending: dict[str, object], status: ReportStatus, detail: str
) -> None:
    """The way a child ended decides status and reason; 10 s for loading + 20 s for one question = 30 s of processor time."""
    channel, theirs = child
    link = GuestLink(FakeGuest({**_KILLED, "lingered": False, **ending}))
    theirs.close()
    report = GuestSession(link, channel, Limits(), LockStepProcess()).ask(1)
    assert (report.status, report.detail) == (status, detail)
    link.close()


@pytest.mark.parametrize(
    ("ending", "lost"), [({"signal": 9, "cpu_seconds": 1.0}, True), ({"signal": 11}, False), ({"exit": 1, "signal": None}, False)]
)
def test_who_is_killed_from_outside_is_not_blamed_yet(
    child: tuple[Channel, socket.socket], ending: dict[str, object], lost: bool
) -> None:
    """SIGKILL below the limit may be the kernel's, for want of memory; a crash of the child's own is its own."""
    channel, theirs = child
    link = GuestLink(FakeGuest({**_KILLED, "lingered": False, **ending}))
    theirs.close()
    assert GuestSession(link, channel, Limits(), LockStepProcess()).ask(1).lost is lost
    link.close()


@pytest.mark.parametrize(
    ("used", "status"),
    [
        (0.2, ReportStatus.OK),  # 0.2 of 0.5 s: it would compute, and is not let
        (0.0, ReportStatus.TIMEOUT),  # asleep
        (0.49, ReportStatus.TIMEOUT),  # it had the processor to itself all the time
        (2.0, ReportStatus.TIMEOUT),  # it has used up what it had
    ],
)
def test_a_child_that_is_kept_from_computing_gets_more_time(
    child: tuple[Channel, socket.socket], used: float, status: ReportStatus
) -> None:
    """A processor that others are using is not the candidate's fault; sleeping is."""
    channel, theirs = child
    link = GuestLink(PatientGuest({"cpu_seconds": used}, {"cpu_seconds": used} if status is ReportStatus.OK else _KILLED))
    late = threading.Thread(target=_answer_after, args=(theirs, 0.9))
    late.start()
    session = GuestSession(link, channel, Limits(wall_seconds=0.5, cpu_seconds=1.0), LockStepProcess())
    report = session.ask(1)
    late.join()
    assert report.status is status, report
    link.close()


def _answer_after(theirs: socket.socket, seconds: float) -> None:
    own = Channel(theirs)
    nonce = decode(own.receive(limit=1 << 16))["nonce"]
    time.sleep(seconds)
    with contextlib.suppress(Closed):
        own.send(encode({"nonce": nonce, "status": "ok", "value": 2}))


def test_an_answer_that_took_too_much_processor_time_does_not_count(child: tuple[Channel, socket.socket]) -> None:
    """Of one question, however little the others took; what is told is what it took."""
    channel, theirs = child
    link = GuestLink(PatientGuest({"cpu_seconds": 0.1}, {"cpu_seconds": 1.5}, {**_KILLED, "cpu_seconds": 1.75}))
    session = GuestSession(link, channel, Limits(cpu_seconds=1.0, questions=100), LockStepProcess())
    reports = []
    for _ in range(2):
        answering = threading.Thread(target=_answer_after, args=(theirs, 0.0))
        answering.start()
        reports.append(session.ask(1))
        answering.join()
    assert reports[0].status is ReportStatus.OK
    assert reports[1].status is ReportStatus.TIMEOUT
    assert reports[1].cpu_seconds == pytest.approx(1.65)
    assert reports[1].detail == "used more than 1 s of processor time for one question"
    assert session.closed
    link.close()


def test_a_child_that_has_used_up_its_processor_time_is_not_waited_for(child: tuple[Channel, socket.socket]) -> None:
    """It is ended at the next beat, long before the limit on wall time."""
    channel, _ = child
    link = GuestLink(PatientGuest({"cpu_seconds": 0.3}, _KILLED))
    session = GuestSession(link, channel, Limits(wall_seconds=600, cpu_seconds=0.2), LockStepProcess())
    report = session.ask(1)
    assert report.status is ReportStatus.TIMEOUT
    assert report.detail == "used more than 0.2 s of processor time for one question"
    link.close()


def test_a_lost_guest_is_a_crash(child: tuple[Channel, socket.socket]) -> None:
    """A guest that dies while a child is asked ends the wait at once, though the child's channel is still open."""
    channel, _ = child
    session = GuestSession(GuestLink(FakeGuest(hangs_up=True)), channel, Limits(wall_seconds=600), LockStepProcess())
    report = session.ask(1)
    assert (report.status, report.lost) == (ReportStatus.CRASHED, True)
    assert "guest process was killed" in report.detail
    session.close()


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [
        (Limits(load_seconds=10, cpu_seconds=20, questions=3), 70),
        (Limits(load_seconds=0.2, cpu_seconds=0.3, questions=1), 1),  # the kernel counts whole seconds
        (Limits(load_seconds=2, cpu_seconds=0.1, questions=0), 2),
    ],
)
def test_processor_limit(limits: Limits, seconds: int) -> None:
    """Loading plus all questions, rounded up."""
    assert processor_limit(limits) == seconds
