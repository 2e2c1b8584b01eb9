"""Runs that are ended from outside: in order, at once, from any thread, and inside a running event loop."""

import asyncio
import os
import signal
import threading
import time

import pytest

from evoheur.api.interruption import Interruption, RunInterrupted, carry_out, outside_event_loop
from evoheur.archive.records import CandidateRecord, RunRecord, Totals
from evoheur.run.discovery import Discovery
from evoheur.run.events import RunStopped
from tests.evoheur.archive.support.made_up import candidate
from tests.evoheur.report.test_arms import record


def stopped(run: RunRecord) -> RunStopped:
    baseline = CandidateRecord(run=run.name, candidate=candidate(0), evaluations={}, asked=None)
    return RunStopped(run=run, totals=Totals(), best=(), baseline=baseline, textbook_rules={})


class Finishing(Discovery):
    """A session that a signal finds at its very end, where there is nothing left to stop."""

    def __init__(self, run: RunRecord) -> None:
        self.run = run

    async def discover(self) -> RunStopped:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0.05)
        return stopped(self.run)

    def interrupt(self) -> None:
        """Too late."""


class Endless(Discovery):
    """A session that ends only when it is asked to, and not even then if it is stubborn."""

    def __init__(self, run: RunRecord, *, stubborn: bool = False) -> None:
        self.run = run
        self.begun = threading.Event()
        self.asked = 0
        self._stubborn = stubborn
        self._end = asyncio.Event()

    async def discover(self) -> RunStopped:
        self.begun.set()
        await self._end.wait()
        return stopped(self.run)

    def interrupt(self) -> None:
        self.asked += 1
        if not self._stubborn:
            self._end.set()


def test_a_signal_is_heard_where_the_run_finishes_all_the_same() -> None:
    """A sweep must not begin the next run then."""
    heard: list[bool] = []
    interruption = Interruption(lambda: heard.append(True))
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    assert carry_out(Finishing(record("r")), interruption).run.name == "r"
    assert (heard, interruption.asked) == ([True], True)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_another_thread_may_ask_for_an_orderly_end() -> None:
    endless, interruption = Endless(record("r")), Interruption()

    def ask() -> None:
        assert endless.begun.wait(10)
        interruption.ask()

    asking = threading.Thread(target=ask)
    asking.start()
    assert carry_out(endless, interruption).run.name == "r"
    asking.join()
    assert endless.asked == 1


def test_another_process_may_ask_for_an_orderly_end() -> None:
    """What tells of it is looked at until it says so."""
    endless, interruption = Endless(record("r")), Interruption()
    assert carry_out(endless, interruption, endless.begun.is_set).run.name == "r"
    assert (endless.asked, interruption.asked) == (1, True)


def test_what_is_asked_before_the_run_begins_counts() -> None:
    """As where Ctrl-C is pressed while kernels are compiled."""
    endless, interruption = Endless(record("r")), Interruption()
    interruption.ask()
    assert carry_out(endless, interruption).run.name == "r"


def test_the_second_time_ends_it_at_once_and_says_which_run_it_was() -> None:
    interruption = Interruption()
    interruption.ask()
    interruption.ask()
    with pytest.raises(RunInterrupted, match="run 'r' was stopped at once") as raised:
        carry_out(Endless(record("r"), stubborn=True), interruption)
    assert raised.value.run == "r"
    assert isinstance(raised.value, KeyboardInterrupt)


def test_a_run_inside_a_running_loop_has_a_thread_and_a_loop_of_its_own() -> None:
    """As in a notebook; a Ctrl-C there reaches the waiting thread, and the run ends in order."""
    endless, interruption = Endless(record("r")), Interruption()

    async def cell() -> RunStopped:
        return outside_event_loop(lambda: carry_out(endless, interruption), interruption)

    def press() -> None:
        assert endless.begun.wait(10)
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    # A notebook's kernel leaves Python's own handler in place, which asyncio.run would replace.
    loop = asyncio.new_event_loop()
    pressing = threading.Thread(target=press)
    pressing.start()
    try:
        assert loop.run_until_complete(cell()).run.name == "r"
    finally:
        loop.close()
        pressing.join()
    assert endless.asked == 1


def test_without_a_running_loop_no_thread_is_made() -> None:
    assert outside_event_loop(threading.current_thread) is threading.current_thread()


def test_the_caller_has_turns_while_another_thread_works() -> None:
    """Inside a running loop, in the caller's thread, until the work is done; never where the work is in the caller's own thread."""
    turns: list[threading.Thread] = []
    enough = threading.Event()

    def turn() -> None:
        turns.append(threading.current_thread())
        if len(turns) == 2:
            enough.set()

    def work() -> bool:
        return enough.wait(30)

    async def inside() -> bool:
        return outside_event_loop(work, Interruption(), turn)

    assert asyncio.run(inside())
    assert turns[:2] == [threading.current_thread()] * 2
    assert outside_event_loop(lambda: len(turns), Interruption(), turn) == len(turns)


def test_what_the_work_raises_is_raised_to_the_caller_who_has_turns() -> None:
    """Also where it is the exception that waiting in vain would raise."""

    def work() -> None:
        raise TimeoutError("of the work itself")

    async def inside() -> None:
        outside_event_loop(work, Interruption(), lambda: None)

    with pytest.raises(TimeoutError, match="of the work itself"):
        asyncio.run(inside())
