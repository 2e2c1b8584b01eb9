"""Frames of JSON and bytes, and what a child may send instead."""

import socket
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.sandbox.binary_answer import framed, unframed
from evoheur.sandbox.guest_link import GuestLink
from evoheur.sandbox.guest_session import GuestSession
from evoheur.sandbox.interface import Entry, Limits, Report, ReportStatus
from evoheur.sandbox.lockstep_process import LockStepProcess
from evoheur.sandbox.process import ProcessSandbox
from evoheur.sandbox.wire import Channel, decode, encode
from tests.sandbox.support.fake_guest import PatientGuest
from tests.support.example_budget import cheap

_ANSWER = """
from evoheur.sandbox.binary_answer import BinaryAnswer
def answer(q):
    return BinaryAnswer({"length": q}, bytes(q))
"""


@cheap()
@given(text=st.binary(), binary=st.binary())
def test_what_is_framed_comes_back(text: bytes, binary: bytes) -> None:
    assert unframed(framed(text, binary)) == (text, binary)


@cheap()
@given(data=st.binary())
def test_any_frame_is_parted_without_more_than_came(data: bytes) -> None:
    """A frame of JSON alone is left as it is; a wrong length cuts the JSON off."""
    text, binary = unframed(data)
    assert len(text) + len(binary) in {len(data), len(data) - 5}
    if not data.startswith(b"#"):
        assert (text, binary) == (data, b"")


def asked(question: int, limits: Limits) -> Report:
    """What the answering child gives."""
    sandbox = ProcessSandbox(Entry(module="evoheur.testing.hostile_entry", payload={}))
    try:
        session, _ = sandbox.open(_ANSWER, limits)
        with session:
            return session.ask(question)
    finally:
        sandbox.close()


def test_bytes_come_beside_an_answer() -> None:
    """As they are, zeros included; JSON alone has none."""
    report = asked(5, Limits())
    assert (report.status, report.value, report.binary) == (ReportStatus.OK, {"length": 5}, bytes(5))


def test_bytes_count_as_part_of_the_answer() -> None:
    """Longer than allowed is refused where it is made."""
    report = asked(2000, Limits(output_bytes=1000))
    assert report.status is ReportStatus.OUTPUT
    assert report.detail == "the answer has 2015 bytes, more than the 1000 that are allowed"


@pytest.mark.parametrize(
    ("forge", "status"),
    [
        (lambda text: framed(text, b"\0\1"), ReportStatus.OK),
        (lambda text: framed(text[:-1], b"}"), ReportStatus.FORFEIT),
        (lambda text: b"#\xff\xff\xff\xff" + text, ReportStatus.OK),
        (lambda text: b"#\0\0\0\0" + text, ReportStatus.FORFEIT),
        (lambda _text: b"#", ReportStatus.FORFEIT),
        (lambda text: framed(framed(text, b""), b""), ReportStatus.FORFEIT),
        (lambda _text: framed(b"[" * 100_000, b""), ReportStatus.OUTPUT),
    ],
    ids=["honest", "short JSON", "long length", "no JSON", "mark alone", "framed twice", "brackets"],
)
def test_a_forged_frame_harms_nobody_else(forge: Callable[[bytes], bytes], status: ReportStatus) -> None:
    """It is an answer or the child's fault, never an error of ours."""
    ours, theirs = socket.socketpair()
    ended = {"exit": None, "signal": 9, "lingered": True, "cpu_seconds": 0.5, "left": 0}
    link = GuestLink(PatientGuest({"cpu_seconds": 0.1} if status is ReportStatus.OK else ended))

    def answer() -> None:
        own = Channel(theirs)
        nonce = decode(own.receive(limit=1 << 16))["nonce"]
        own.send(forge(encode({"nonce": nonce, "status": "ok", "value": 2})))

    answering = threading.Thread(target=answer)
    answering.start()
    report = GuestSession(link, Channel(ours), Limits(output_bytes=1 << 18), LockStepProcess()).ask(1)
    answering.join()
    assert report.status is status, report
    link.close()
    ours.close()
    theirs.close()
