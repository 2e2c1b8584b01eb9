"""A guest that stops, dies or is killed while an honest candidate runs, and one that a candidate takes down."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from evoheur.candidate import Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.problem import Json
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits, Report, ReportStatus, SandboxUnavailable
from evoheur.sandbox.process import ProcessSandbox
from evoheur.sandbox.proctree import descendants

_LIMITS = Limits(load_seconds=20, cpu_seconds=5, wall_seconds=20, memory_mib=256, output_bytes=100_000)
_HONEST = "import time\ndef choose(length, loads):\n    time.sleep(0.005)\n    return -loads.astype(float)\n"


@pytest.fixture
def sandbox(scheduling: str) -> Iterator[ProcessSandbox]:
    """Level process, where a candidate reaches its guest."""
    made = ProcessSandbox(guest_entry(scheduling, {}))
    yield made
    made.close()


@pytest.fixture
def evaluator(scheduling: str, sandbox: ProcessSandbox) -> Evaluator:
    """One over it."""
    return Evaluator(load_problem(scheduling), sandbox, _LIMITS, seed=1)


@pytest.fixture
def train(scheduling: str) -> InstanceSet:
    """Four instances."""
    return InstanceSet.of_split(load_problem(scheduling), "train")


def _meanwhile(evaluator: Evaluator, train: InstanceSet, disturb: "_Disturbance") -> Status:
    evaluator.start()
    [guest] = [pid for pid in descendants(os.getpid()) if _is_guest(pid)]
    disturber = threading.Thread(target=disturb, args=(guest,))
    disturber.start()
    status = evaluator.evaluate(EvaluationTask(code=_HONEST, instances=train)).status
    disturber.join()
    return status


def _is_guest(pid: int) -> bool:
    return b"evoheur.sandbox.guest" in Path(f"/proc/{pid}/cmdline").read_bytes()


class _Disturbance:
    def __init__(self, *signals: int, seconds: float) -> None:
        self._signals = signals
        self._seconds = seconds

    def __call__(self, guest: int) -> None:
        time.sleep(0.2)
        for number in self._signals:
            os.kill(guest, number)
            time.sleep(self._seconds)


def test_a_guest_that_stands_still_for_seconds_costs_nothing_but_time(evaluator: Evaluator, train: InstanceSet) -> None:
    """Really stopped, for longer than it was once given; the candidate is scored."""
    start = time.monotonic()
    assert _meanwhile(evaluator, train, _Disturbance(signal.SIGSTOP, signal.SIGCONT, seconds=4.0)) is Status.OK
    assert time.monotonic() - start > 3.0


def test_a_guest_that_something_else_kills_is_replaced(evaluator: Evaluator, train: InstanceSet) -> None:
    """The candidate is evaluated again, from the beginning, and is not blamed."""
    assert _meanwhile(evaluator, train, _Disturbance(signal.SIGKILL, seconds=0.0)) is Status.OK


@pytest.mark.parametrize("victim", ["os.getppid()", "os.getpid()"])
def test_who_kills_guest_after_guest_is_to_blame(evaluator: Evaluator, train: InstanceSet, victim: str) -> None:
    """Or itself. It is a failure that says what happened, and the next candidate is scored."""
    source = f"import os, time\ndef choose(length, loads):\n    os.kill({victim}, 9)\n    time.sleep(60)\n"
    evaluation = evaluator.evaluate(EvaluationTask(code=source, instances=train))
    assert evaluation.status is Status.CRASHED
    assert evaluation.detail.endswith(", as 3 times in a row")
    assert evaluator.evaluate(EvaluationTask(code=_HONEST, instances=train)).status is Status.OK


class _Nobody:
    """A sandbox and a session whose guest serves nobody."""

    level = "nowhere"

    def start(self) -> None: ...

    def open(self, payload: Json, limits: Limits) -> tuple["_Nobody", Report]:
        return self, Report(status=ReportStatus.CRASHED, detail="the guest process did not react within 30 s", lost=True)

    def ask(self, question: Json) -> Report:
        raise AssertionError("nothing was opened")

    def play(self, question: Json, arrivals: Sequence[Json], *, seconds: float) -> Report:
        raise AssertionError("nothing was opened")

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


def test_where_nobody_is_served_nobody_is_blamed(scheduling: str, train: InstanceSet) -> None:
    """That is a fault of ours, and says where to look."""
    evaluator = Evaluator(load_problem(scheduling), _Nobody(), _LIMITS, seed=1)
    with pytest.raises(SandboxUnavailable, match=r"lost with every candidate: .* within 30 s\. Look for what stops or kills it"):
        evaluator.evaluate(EvaluationTask(code=_HONEST, instances=train))
