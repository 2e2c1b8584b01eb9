"""Work in a thread of its own: begun once, kept, done again when it is out of date, and given up when nobody asks."""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import pytest

from evoheur import ConfigError
from evoheur.ui.background_work import BackgroundWork, Unwanted, Wanted, WorkState


class Clock:
    """Seconds that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(clock: Clock) -> Iterator[BackgroundWork]:
    made = BackgroundWork(clock)
    yield made
    made.close()


def done(work: BackgroundWork, key: Hashable, version: Hashable, call: Callable[[Wanted], Any]) -> WorkState:
    """Its state once nothing is under way."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        state = work.state(key, version, call)
        if state.result is not None or state.error:
            return state
        time.sleep(0.005)
    raise AssertionError("the work does not end")


def test_work_is_done_once_and_its_result_kept(work: BackgroundWork) -> None:
    calls: list[int] = []

    def noting(call: int, result: str) -> Callable[[Wanted], str]:
        def work_of(_wanted: Wanted) -> str:
            calls.append(call)
            return result

        return work_of

    assert done(work, "a", 1, noting(1, "result")).result == "result"
    assert done(work, "a", 1, noting(2, "another")).result == "result"
    assert calls == [1]


def test_what_is_under_way_says_for_how_long(work: BackgroundWork, clock: Clock) -> None:
    gate = threading.Event()
    assert work.state("a", 1, lambda _wanted: gate.wait(30)).seconds == 0.0
    clock.now += 7
    assert work.state("a", 1, lambda _wanted: None) == WorkState(result=None, error="", seconds=7.0)
    gate.set()


def test_a_result_out_of_date_stands_until_it_is_made_afresh_and_not_again_at_once(work: BackgroundWork, clock: Clock) -> None:
    gate = threading.Event()
    work.state("a", 1, lambda _wanted: gate.wait(30) and "old")
    clock.now += 10  # so long it took
    gate.set()
    assert done(work, "a", 1, lambda _wanted: None).result == "old"
    assert work.state("a", 2, lambda _wanted: "new") == WorkState(result="old", error="", seconds=0.0, took=10.0)
    clock.now += 41
    work.state("a", 2, lambda _wanted: "new")
    deadline = time.monotonic() + 30
    while (state := work.state("a", 2, lambda _wanted: None)).result != "new" and time.monotonic() < deadline:
        assert state.result == "old"
        time.sleep(0.005)
    assert state.result == "new"


def test_a_failure_is_told_until_there_is_something_new(work: BackgroundWork, clock: Clock) -> None:
    def fail(_wanted: Wanted) -> None:
        raise ConfigError("the strategy is not installed")

    assert done(work, "a", 1, fail).error == "the strategy is not installed"
    assert work.state("a", 1, lambda _wanted: "right").error == "the strategy is not installed"
    clock.now += 1
    work.state("a", 2, lambda _wanted: "right")
    deadline = time.monotonic() + 30
    while work.state("a", 2, lambda _wanted: None).result is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert work.state("a", 2, lambda _wanted: None) == WorkState(result="right", error="", seconds=0.0)


def test_a_fault_of_ours_is_raised_and_the_work_begun_again(work: BackgroundWork) -> None:
    def fault(_wanted: Wanted) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        done(work, "a", 1, fault)
    assert done(work, "a", 1, lambda _wanted: "right").result == "right"


def test_what_nobody_asks_for_any_more_is_given_up_and_begun_again(work: BackgroundWork, clock: Clock) -> None:
    gave_up = threading.Event()

    def patient(wanted: Wanted) -> None:
        while wanted():
            time.sleep(0.005)
        gave_up.set()
        raise Unwanted

    work.state("a", 1, patient)
    clock.now += 30
    work.state("a", 1, patient)
    clock.now += 59
    assert not gave_up.wait(0.1)
    clock.now += 2
    assert gave_up.wait(30)
    assert done(work, "a", 1, lambda _wanted: "right").result == "right"


def test_an_end_of_the_view_ends_the_work() -> None:
    begun, ended = threading.Event(), threading.Event()

    def patient(wanted: Wanted) -> None:
        begun.set()
        while wanted():
            time.sleep(0.005)
        ended.set()

    work = BackgroundWork()
    work.state("a", 1, patient)
    assert begun.wait(30)  # what has not begun is not done at all
    work.close()
    assert ended.wait(30)
