"""Keeping a guest, and replacing one that is lost."""

import pytest

from evoheur.sandbox.guest_link import GuestProcess
from evoheur.sandbox.interface import Entry, Limits, SandboxUnavailable
from evoheur.sandbox.warm_sandbox import WarmSandbox
from tests.sandbox.support.fake_guest import FakeGuest


def test_a_guest_that_keeps_dying_is_our_fault() -> None:
    """A second guest is tried, since the first may have died unnoticed; then the sandbox gives up, with the reason."""
    started: list[FakeGuest] = []

    def launch() -> GuestProcess:
        started.append(FakeGuest({"level": "fake"}, hangs_up=True))
        return started[-1]

    sandbox = WarmSandbox(Entry(module="some.entry", payload={}), launch, confinement="x", level="?", start_seconds=60)
    assert sandbox.level == "?"
    with pytest.raises(SandboxUnavailable, match=r"some\.entry is lost as soon as it should fork"):
        sandbox.open("", Limits())
    assert [guest.terminated for guest in started] == [True, True]
    assert sandbox.level == "fake"
    sandbox.close()


def test_wrong_payload_starts_nothing() -> None:
    """A payload that is no JSON is the caller's fault, found before a guest is started."""

    def launch() -> GuestProcess:
        raise AssertionError("no guest is needed for this")

    sandbox = WarmSandbox(Entry(module="some.entry", payload={}), launch, confinement="x", level="?", start_seconds=60)
    with pytest.raises(ValueError, match="JSON"):
        sandbox.open(float("nan"), Limits())
