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

from sandbox.child import DECISION
from sandbox.lockstep import LockStepProcess, Played
from sandbox.sandbox import SandboxUnavailable
from sandbox.wire import Channel, Closed


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
    """The processes of that kind which this one has started."""
    return [child for child in psutil.Process().children() if "sandbox.lockstep" in child.cmdline()]


def test_it_starts_with_the_first_dialogue_and_ends_with_its_owner(echo: Echo, process: LockStepProcess) -> None:
    assert started() == []
    played = process.play(echo.channel, [1, "two", [3]], None, seconds=60, output_bytes=1000)
    assert played == Played(ended="told", decisions=[1, "two", [3]], frame="bye")
    [running] = started()
    process.close()
    process.close()
    assert not running.is_running()


def test_the_channel_keeps_its_own_deadlines_afterwards(echo: Echo, process: LockStepProcess) -> None:
    """What the dialogue sets on the shared socket is taken back."""
    process.play(echo.channel, [1], None, seconds=0.5, output_bytes=1000)
    echo._thread.join()
    echo._theirs.close()
    with pytest.raises(Closed):  # a leftover time limit would show as another error
        echo.channel.receive(limit=10, deadline=time.monotonic() + 60)


def test_a_lost_process_is_our_fault_and_replaced(echo: Echo, process: LockStepProcess) -> None:
    process.play(echo.channel, [], None, seconds=60, output_bytes=1000)
    [running] = started()
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    with pytest.raises(SandboxUnavailable, match="tells candidates what arrives is lost"):
        process.play(echo.channel, [1], None, seconds=60, output_bytes=1000)
    other = Echo()
    assert process.play(other.channel, [7], [7], seconds=60, output_bytes=1000).decisions == [7]
    other.close()


def test_it_does_not_outlive_who_started_it() -> None:
    """Not even in the middle of a dialogue with a child that never decides."""
    program = """
import socket, sys
from sandbox.lockstep import LockStepProcess
from sandbox.wire import Channel
ours, theirs = socket.socketpair()
process = LockStepProcess()
process._start()
print(process._process.pid, flush=True)
process.play(Channel(ours), [1], None, seconds=600, output_bytes=1000)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        player = psutil.Process(int(owner.stdout.readline()))
        time.sleep(0.2)
        owner.kill()
    player.wait(timeout=30)
