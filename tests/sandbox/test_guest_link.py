"""The hold on a guest that ran beside untrusted code, and may have been changed by it."""

from typing import Any

import pytest

from evoheur.sandbox.guest_link import ChildEnd, GuestGone, GuestLink
from evoheur.sandbox.interface import Entry, Limits, SandboxUnavailable
from tests.sandbox.support.fake_guest import FakeGuest

_ENTRY = Entry(module="some.entry", payload={})
_ENDING = {"exit": None, "signal": 9, "lingered": True, "cpu_seconds": 0.5, "left": 0}


def test_ending_is_passed_on() -> None:
    """What the guest says of a child's end arrives as an `ChildEnd`."""
    guest = FakeGuest(_ENDING)
    link = GuestLink(guest)
    assert link.end(grace=0.0) == ChildEnd(exit=None, signal=9, lingered=True, cpu_seconds=0.5)
    assert not link.gone
    link.close()
    link.close()
    assert guest.terminated


@pytest.mark.parametrize(
    "reply",
    [
        {**_ENDING, "left": 3},
        {**_ENDING, "signal": "nine"},
        {**_ENDING, "cpu_seconds": None},
        {"exit": 0},
        [1, 2],
        b"\xff\xff\xff\xff",
        b"\0\0\0\x01{",
    ],
)
def test_a_guest_that_talks_nonsense_is_abandoned(reply: Any) -> None:
    """Survivors, wrong types, missing fields, bare values and broken frames: the guest is killed and never used again."""
    guest = FakeGuest(reply)
    link = GuestLink(guest)
    with pytest.raises(GuestGone):
        link.end(grace=0.0)
    assert guest.terminated
    with pytest.raises(GuestGone, match="has ended"):
        link.cpu_seconds()


def test_a_dead_guest_is_abandoned() -> None:
    """The end of the control channel means that the guest is lost."""
    guest = FakeGuest(hangs_up=True)
    with pytest.raises(GuestGone, match="killed or crashed"):
        GuestLink(guest).cpu_seconds()
    assert guest.terminated


@pytest.mark.parametrize("reply", [{"cpu": 1.0}, {"cpu_seconds": "much"}])
def test_nonsense_about_processor_time(reply: Any) -> None:
    """A time that is no number is no time."""
    guest = FakeGuest(reply)
    with pytest.raises(GuestGone, match="nonsense"):
        GuestLink(guest).cpu_seconds()


def test_boot_failure_quotes_the_cause() -> None:
    """A guest that ends while starting is our fault, told with what it wrote."""
    guest = FakeGuest(hangs_up=True)
    with pytest.raises(SandboxUnavailable, match=r"some\.entry could not start(.|\n)*no such luck"):
        GuestLink(guest).boot(_ENTRY, confinement="evoheur.sandbox.limits", seconds=60)
    assert guest.terminated


def test_refused_fork() -> None:
    """A kernel that refuses to fork is our fault as well, and says why."""
    guest = FakeGuest({"refused": "[Errno 11] Resource temporarily unavailable"})
    link = GuestLink(guest)
    with pytest.raises(SandboxUnavailable, match="Resource temporarily"):
        link.fork(Limits(), cpu_seconds=1, descriptor=0)
    link.close()
