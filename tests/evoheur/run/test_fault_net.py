"""What an error of evoheur's own costs: one request, told once, and never the run."""

import asyncio
import errno
import io
import logging
import os
from pathlib import Path

import pytest
from rich.console import Console

from evoheur.archive.archive import Archive
from evoheur.archive.records import FailureGroup, RunRecord
from evoheur.candidate import Evaluation
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.observers.console import ConsoleObserver
from evoheur.observers.jsonl import JsonlObserver
from evoheur.run.events import InternalError
from evoheur.run.fault_net import described, scarcity
from evoheur.run.step import Step, StepListener
from tests.evoheur.run.test_loop import Listener, configure, run, wire

STUMBLING = {
    "checking": ("chosen = whole_numbers(", "[][0 if set(solution) == {3} else slice(0)]\n        chosen = whole_numbers("),
    "storing": ('{"machines used": float(len(set(solution)))}', '{"machines used": float("nan" if set(solution) == {3} else 1)}'),
}
"""What is wrong with the trusted side of a problem, so that it does not survive a candidate that uses machine 3 only."""


@pytest.fixture
def stumbling(tmp_path: Path, scheduling: str, request: pytest.FixtureRequest) -> str:
    """A problem with a fault, by its kind in `STUMBLING`."""
    text = (Path(scheduling) / "problem.py").read_text()
    old, new = STUMBLING[request.param]
    assert old in text
    folder = tmp_path / "stumbling"
    folder.mkdir()
    (folder / "problem.py").write_text(text.replace(old, new))
    return str(folder)


def failures(folder: Path) -> list[FailureGroup]:
    with Archive.open(f"sqlite:///{folder}/a.db", read_only=True) as archive:
        return archive.failures("r")


def stored(folder: Path) -> RunRecord:
    with Archive.open(f"sqlite:///{folder}/a.db", read_only=True) as archive:
        return archive.run("r")


@pytest.mark.parametrize("stumbling", [pytest.param("checking", marks=pytest.mark.nightly), "storing"], indirect=True)
def test_a_run_goes_on_past_errors_of_our_own_and_resumes(
    tmp_path: Path, stumbling: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Every third candidate trips the trusted side: each is a stored failure, the numbers of the others stay without a gap."""
    caplog.set_level(logging.ERROR)
    listener = Listener()
    log = io.StringIO()
    config = configure(stumbling, {"third_machine_every": 3})
    stopped = run(config, tmp_path, observers=[listener, JsonlObserver(log)])
    assert (stopped.run.status, stopped.totals.evaluations) == ("finished", 12)
    internal = stopped.totals.failures["internal"]
    assert internal == sum(isinstance(event, InternalError) for event in listener.heard) >= 3
    (group,) = failures(tmp_path)
    assert (group.stage, group.reason, group.count) == ("parsing", "internal", internal)
    assert "please report it: " in group.examples[0].detail
    assert log.getvalue().count("Traceback (most recent call last)") == internal
    assert caplog.text.count("Traceback (most recent call last)") == 1, "the log has the first one in full"
    with Archive.open(f"sqlite:///{tmp_path}/a.db") as archive:
        assert [record.candidate.id for record in archive.candidates("r")] == list(range(13))
        assert archive.totals(stopped.run.id).failures == stopped.totals.failures
    longer = configure(stumbling, {"third_machine_every": 3}, budget={"evaluations": 18})
    assert run(longer, tmp_path, resume=True).totals.evaluations == 18


@pytest.mark.parametrize("stumbling", ["checking"], indirect=True)
def test_a_user_is_told_once(tmp_path: Path, stumbling: str) -> None:
    """In plain lines and on a live display: the request, that the run goes on, where the traceback is, and what was raised where."""
    for interactive in (False, True):
        folder = tmp_path / str(interactive)
        folder.mkdir()
        out = io.StringIO()
        console = Console(file=out, width=1000, force_terminal=interactive, force_interactive=interactive)
        with ConsoleObserver(console) as observer:
            run(configure(stumbling, {"third_machine_every": 3}), folder, observers=[observer])
        told = [line for line in out.getvalue().splitlines() if "an internal error was stored as the failure of request" in line]
        assert len(told) == 1
        assert "please report it" in told[0]
        assert "IndexError: list index out of range" in told[0]
        assert "problem.py" in told[0]


@pytest.mark.parametrize("stumbling", ["checking"], indirect=True)
def test_twenty_internal_errors_in_a_row_stop_the_run_and_it_can_be_resumed(tmp_path: Path, stumbling: str) -> None:
    """A fault that every reply meets must not burn the budget overnight; the error's words say what it is."""
    stopped = run(configure(stumbling, {"third_machine_every": 1}), tmp_path)
    assert stopped.run.status == "failed"
    assert "20 requests in a row came to nothing; the last one: internal error" in stopped.run.reason
    assert run(configure(stumbling), tmp_path, resume=True).run.status == "finished"


class DiesOfReply(StepListener):
    """A part of a run that ends it at the first reply."""

    def replied(self, step: Step) -> None:
        raise asyncio.CancelledError


@pytest.mark.parametrize("stumbling", ["checking"], indirect=True)
def test_a_reply_that_was_stored_before_a_kill_is_a_failure_after_it(tmp_path: Path, stumbling: str) -> None:
    """The run ends between reply and outcome; taken up again, the stored reply meets the same error within the net."""

    async def killed() -> None:
        with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as archive:
            discovery = wire(configure(stumbling, {"third_machine_every": 1}, in_flight=1), archive)
            discovery.breeding.also = [DiesOfReply()]
            await discovery.discover()

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(killed())
    resumed = run(configure(stumbling, in_flight=1), tmp_path, resume=True)
    assert resumed.run.status == "finished"
    assert resumed.totals.failures == {"internal": 1}
    assert [group.examples[0].request for group in failures(tmp_path)] == [1]


class BrokenFromThird:
    """Evaluates twice, then finds that evaluation itself is broken."""

    def __init__(self, executor: Executor, error: Exception) -> None:
        self._executor = executor
        self._error = error
        self._asked = 0
        self.slots = executor.slots
        self.level = executor.level

    async def start(self) -> None: ...

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        self._asked += 1
        if self._asked >= 3:
            raise self._error
        return await self._executor.evaluate(task)

    async def close(self) -> None:
        await self._executor.close()


@pytest.mark.parametrize("tell_order", ["arrival", pytest.param("asked", marks=pytest.mark.nightly)])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ExecutorError("The guest that runs candidates cannot be started: no memory."), "cannot be started"),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "This machine has too little of something"),
    ],
    ids=["told on purpose", "scarcity"],
)
def test_errors_with_a_meaning_of_their_own_still_stop_a_run(
    tmp_path: Path, scheduling: str, error: Exception, words: str, tell_order: str
) -> None:
    """A guest that cannot start, or a machine that is short of files, is no candidate's and no reply's doing."""
    with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as archive:
        discovery = wire(configure(scheduling, tell_order=tell_order), archive)
        discovery.breeding.pipeline.executor = BrokenFromThird(discovery.breeding.pipeline.executor, error)
        stopped = asyncio.run(discovery.discover())
    assert stopped.run.status == "failed"
    assert words in stopped.run.reason
    assert stopped.totals.failures == {}
    assert run(configure(scheduling), tmp_path, resume=True).run.status == "finished"


class BreaksAtThird(StepListener):
    """A part of a run that breaks when it hears of the third outcome."""

    def __init__(self) -> None:
        self._told = 0

    def told(self, step: Step) -> None:
        self._told += 1
        if self._told == 3:
            raise SystemError("AST constructor recursion depth mismatch")


@pytest.mark.parametrize("tell_order", ["arrival", "asked"])
def test_whatever_the_loop_raises_leaves_a_failed_run_that_can_be_resumed(
    tmp_path: Path, scheduling: str, tell_order: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With the line that does it; what was in flight is stored, and is not asked for again."""
    with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as archive:
        discovery = wire(configure(scheduling, {"seconds": 0.05}, tell_order=tell_order, in_flight=4), archive)
        discovery.breeding.also = [BreaksAtThird()]
        stopped = asyncio.run(discovery.discover())
        [run_record] = archive.runs()
        replies = len(list(archive.replies("r")))
    assert (stopped.run.status, run_record.status) == ("failed", "failed")
    assert "SystemError: AST constructor recursion depth mismatch" in stopped.run.reason
    assert "`evoheur resume r` goes on" in stopped.run.reason
    assert replies == stopped.totals.requests, "what was in flight has come in"
    assert any(record.exc_info for record in caplog.records)
    resumed = run(configure(scheduling), tmp_path, resume=True)
    assert resumed.run.status == "finished"


def test_what_cannot_be_scored_on_validation_has_no_score_there(tmp_path: Path, scheduling: str) -> None:
    """The run finishes, and what else it found is scored."""
    text = (Path(scheduling) / "problem.py").read_text()
    line = "        chosen = whole_numbers("
    trap = (
        '        if instance.name.startswith("validation") and solution[6:9] != self.solve(choose, instance, None)[6:9]:\n'
        "            raise IndexError\n"
    )
    folder = tmp_path / "stumbling"
    folder.mkdir()
    (folder / "problem.py").write_text(text.replace(line, trap + line))
    stopped = run(configure(str(folder), {"third_machine_every": 2}), tmp_path)
    assert stopped.run.status == "finished"
    assert stored(tmp_path).status == "finished"
    assert "validation" in stopped.baseline.evaluations
    assert any("validation" not in record.evaluations for record in stopped.best)


class Untellable(Exception):
    """Cannot even say what it is."""

    def __str__(self) -> str:
        raise ValueError


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("two\nlines \x1b[31m\ud800"), "ValueError: two lines [31m"),
        (KeyError("x" * 9999), "KeyError: 'xxx"),
        (Untellable(), "Untellable: no message"),
    ],
)
def test_an_error_is_described_in_one_printable_line(error: Exception, words: str) -> None:
    """Whatever is in it goes to a terminal and into a database."""
    said = described(error)
    assert said.startswith(words)
    assert said.isprintable()
    assert len(said) < 400


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EAGAIN])
def test_what_the_machine_is_short_of_is_no_replys_fault(number: int) -> None:
    """Found behind whatever was raised because of it; the message has the remedy."""
    consequence = ValueError("a consequence")
    consequence.__cause__ = OSError(number, os.strerror(number))
    short = scarcity(consequence)
    assert short is not None
    assert os.strerror(number) in str(short)


def test_other_errors_are_no_scarcity() -> None:
    assert scarcity(ValueError("odd")) is None
    assert scarcity(FileNotFoundError(errno.ENOENT, "gone")) is None
