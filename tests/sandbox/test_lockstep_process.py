"""The process that plays lock-step: what its dialogues report is under the contract of sandboxes; here is how it starts and ends."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from evoheur.sandbox.child import DECISION
from evoheur.sandbox.lockstep_process import LockStepProcess, Played
from evoheur.sandbox.wire import Channel, Closed


class Echo:
    """A child that decides with what it was told, from a thread of this process."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.channel = Channel(ours)
        self._theirs = theirs
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        channel = Channel(self._theirs)
        try:
            while arrival := channel.receive(limit=100):
                channel.send(DECISION + arrival)
            channel.send(b"bye")
        except Closed:
            return

    def close(self) -> None:
        self.channel.close()
        self._thread.join()
        self._theirs.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    yield made
    made.close()


@pytest.fixture
def process() -> Iterator[LockStepProcess]:
    made = LockStepProcess()
    yield made
    made.close()


def started() -> list[psutil.Process]:
    """The processes of that kind which this one has started; what another test left to be waited for has no command line any more."""
    alive = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in alive if "evoheur.sandbox.lockstep_process" in child.cmdline()]


def test_it_starts_with_the_first_dialogue_and_ends_with_its_owner(echo: Echo, process: LockStepProcess) -> None:
    assert started() == []
    played = process.play(echo.channel, [1, "two", [3]], seconds=60, output_bytes=1000)
    assert played == Played(ended="told", decisions=[1, "two", [3]], frame="bye")
    [running] = started()
    process.close()
    process.close()
    assert not running.is_running()


def test_the_channel_keeps_its_own_deadlines_afterwards(echo: Echo, process: LockStepProcess) -> None:
    """What the dialogue sets on the shared socket is taken back."""
    process.play(echo.channel, [1], seconds=0.5, output_bytes=1000)
    echo._thread.join()
    echo._theirs.close()
    with pytest.raises(Closed):  # a leftover time limit would show as another error
        echo.channel.receive(limit=10, deadline=time.monotonic() + 60)


def test_a_lost_process_is_told_and_replaced(echo: Echo, process: LockStepProcess) -> None:
    process.play(echo.channel, [], seconds=60, output_bytes=1000)
    [running] = started()
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert process.play(echo.channel, [1], seconds=60, output_bytes=1000).ended == "lost"
    other = Echo()
    assert process.play(other.channel, [7], seconds=60, output_bytes=1000).decisions == [7]
    other.close()


class Scripted:
    """A child that answers the first arrival with bytes of a test's choice, some now and the rest in time."""

    def __init__(self, *pieces: bytes) -> None:
        ours, self._theirs = socket.socketpair()
        self.channel = Channel(ours)
        self._pieces = pieces
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        Channel(self._theirs).receive(limit=100)
        for piece in self._pieces:
            try:
                self._theirs.sendall(piece)
            except OSError:
                return
            time.sleep(0.2)

    def close(self) -> None:
        self.channel.close()
        self._thread.join()
        self._theirs.close()


def framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(4) + payload


@pytest.mark.parametrize(
    ("pieces", "ended"),
    [
        ([(100).to_bytes(4), *[b"x"] * 20], "timeout"),  # a trickle that would go on for ever
        ([framed(DECISION + b"[" * 985 + b"]" * 985)], "too intricate"),
        ([framed(DECISION + b"[" + b"[]," * 70_000 + b"[]]")], "too intricate"),
        ([framed(DECISION + b"1" * 5000)], "malformed"),
        ([b"\xff\xff\xff\xff"], "too large"),
    ],
    ids=["trickle", "depth", "many lists", "long number", "four gigabytes"],
)
def test_hostile_decisions_end_the_dialogue_and_not_the_process(
    process: LockStepProcess, pieces: list[bytes], ended: str
) -> None:
    """In time, whatever they are made of; the process serves the next dialogue."""
    child = Scripted(*pieces)
    before = time.monotonic()
    played = process.play(child.channel, [1], seconds=1.0, output_bytes=1 << 20)
    assert (played.ended, played.decisions) == (ended, [])
    assert time.monotonic() - before < 20
    child.close()
    [first] = started()
    other = Echo()
    assert process.play(other.channel, [7], seconds=60, output_bytes=1000).decisions == [7]
    other.close()
    assert started() == [first]


def test_it_does_not_outlive_who_started_it() -> None:
    """Not even in the middle of a dialogue with a child that never decides."""
    program = """
import socket, sys
from evoheur.sandbox.lockstep_process import LockStepProcess
from evoheur.sandbox.wire import Channel
ours, theirs = socket.socketpair()
process = LockStepProcess()
process._start()
print(process._process.pid, flush=True)
process.play(Channel(ours), [1], seconds=600, output_bytes=1000)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        player = psutil.Process(int(owner.stdout.readline()))
        time.sleep(0.2)
        owner.kill()
    player.wait(timeout=30)
