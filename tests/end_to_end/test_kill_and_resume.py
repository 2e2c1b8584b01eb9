"""`kill -9` at any moment: nothing that was paid for is bought again, nothing that was committed is lost."""

import collections
import math
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply
from tests.end_to_end.support.runs import command, configuration, evoheur, query, query_early, rows, start


def answer(received: Received) -> ServerAnswer:
    """A reply that is a function of the request's seed; about every tenth is unusable, some are equal."""
    rng = random.Random(received.payload["seed"])
    if rng.random() < 0.1:
        return reply("I would rather talk about something else.", delay=0.01)
    weight = rng.randint(0, 300) / 10
    code = f"def choose(length, loads):\n    return -abs(loads - {weight} * length).astype(float)"
    return reply(f"{{Weighs load against length by {weight}.}}\n```python\n{code}\n```", delay=0.01)


class DoledReplies:
    """A server's script that answers so many calls and no more, so that no run comes to its end before it is killed.

    However slow the process is that kills it.
    """

    def __init__(self) -> None:
        self._left = math.inf
        self._doles = 0
        self._changed = threading.Condition()

    def allow(self, replies: float) -> None:
        """From now on so many; whoever waits from before is let go, and does not count."""
        with self._changed:
            self._left = replies
            self._doles += 1
            self._changed.notify_all()

    def __call__(self, received: Received) -> ServerAnswer:
        with self._changed:
            mine = self._doles
            self._changed.wait_for(lambda: self._left > 0 or self._doles != mine)
            if self._doles == mine:
                self._left -= 1
        return answer(received)


def configure(folder: Path, problem: str, base_url: str, in_flight: int, evaluations: int = 80) -> Path:
    folder.mkdir()
    return configuration(
        folder,
        name="r",
        problem=problem,
        strategy={"kind": "eoh", "population_size": 5, "parents": 2},
        generator={"kind": "openai", "model": "scripted", "base_url": base_url, "seed": True},
        evaluation={
            "executor": {"kind": "local", "slots": 2},
            "sandbox": {"kind": "process", "allow_unisolated": True},
            "limits": {"memory_mib": 256},
        },
        budget={"evaluations": evaluations, "requests": 2000},
        in_flight=in_flight,
        tell_order="asked",
        seed=5,
    )


class Ledger:
    """What the database said at every kill."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.open_at_kills: collections.Counter[int] = collections.Counter()
        self.told: dict[int, tuple[Any, ...]] = {}
        self.completions: dict[int, str] = {}

    def tells(self) -> int:
        return len(query_early(self.database, "SELECT 1 FROM request WHERE told_seq IS NOT NULL"))

    def enter(self) -> None:
        """Take stock after a kill, and see that the last stock is still there."""
        requests = query_early(self.database, "SELECT number, told_seq, outcome, failure_reason FROM request")
        texts = query_early(self.database, "SELECT number, text FROM completion JOIN request ON request.id = request_id")
        completions = dict(texts)
        told = {row[0]: row for row in requests if row[1] is not None}
        assert told.items() >= self.told.items()
        assert completions.items() >= self.completions.items()
        self.told, self.completions = told, completions
        self.open_at_kills.update(row[0] for row in requests if row[0] not in completions)


def kill_at_a_random_moment(
    words: tuple[str, ...], folder: Path, ledger: Ledger, rng: random.Random, replies: DoledReplies, in_flight: int
) -> None:
    """Most kills strike a few outcomes after the last one, so that work goes on; some strike while it still starts."""
    more = rng.randint(1, 6)
    target = ledger.tells() + more
    replies.allow(more + in_flight)  # outcomes are told in the order of asking: so many replies make so many outcomes for certain
    process = start(*words, cwd=folder)
    deadline = time.monotonic() + (rng.uniform(0.2, 2.0) if rng.random() < 0.2 else 240.0)
    while process.poll() is None and time.monotonic() < deadline and ledger.tells() < target:
        time.sleep(0.002)
    time.sleep(rng.uniform(0, 0.04))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def going_on(ledger: Ledger, config: Path) -> tuple[str, ...]:
    """The command that goes on with the run, or begins it where a kill came before it was stored."""
    return ("resume", "r") if query_early(ledger.database, "SELECT name FROM run") else ("run", str(config))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("in_flight", "kills", "evaluations"),
    [
        pytest.param(4, 1, 16, id="one"),
        pytest.param(1, 24, 200, id="many, one in flight", marks=pytest.mark.nightly),
        pytest.param(4, 24, 200, id="many", marks=pytest.mark.nightly),
    ],
)
def test_a_run_killed_at_many_moments_ends_as_if_it_had_never_been_killed(
    tmp_path: Path, scheduling: str, in_flight: int, kills: int, evaluations: int
) -> None:
    """Of one method; `test_crash_points` has deaths of every method, between any two transactions."""
    rng = random.Random(in_flight)
    replies = DoledReplies()
    with ScriptedEndpoint(replies) as server:
        whole = configure(tmp_path / "whole", scheduling, server.base_url, in_flight, evaluations)
        done = evoheur("run", str(whole), cwd=whole.parent)
        assert done.returncode == 0, done.stdout + done.stderr
        paid_before = len(server.journal)

        config = configure(tmp_path / "killed", scheduling, server.base_url, in_flight, evaluations)
        ledger = Ledger(config.parent / "runs" / "evoheur.db")
        for _ in range(kills):
            kill_at_a_random_moment(going_on(ledger, config), config.parent, ledger, rng, replies, in_flight)
            ledger.enter()
        replies.allow(math.inf)
        assert ledger.tells() < evaluations, "the run ended before all kills; raise the evaluations"
        done = evoheur(*going_on(ledger, config), cwd=config.parent)
        assert done.returncode == 0, done.stdout + done.stderr
        ledger.enter()
        bought = collections.Counter(exchange.received.payload["seed"] for exchange in server.journal[paid_before:])

    # A call may be repeated only if a kill struck before its reply was stored: once for each such kill.
    [(requests,)] = query(ledger.database, "SELECT count(*) FROM request")
    assert sum(bought.values()) <= requests + ledger.open_at_kills.total()
    assert sum(1 for times in bought.values() if times > 1) <= len(ledger.open_at_kills)
    assert query(ledger.database, "SELECT count(*) FROM request WHERE told_seq IS NULL") == [(0,)]
    assert query(ledger.database, "SELECT count(*) FROM session")[0][0] > kills // 3
    assert rows(ledger.database) == rows(whole.parent / "runs" / "evoheur.db")


def test_ctrl_c_ends_in_order_and_names_the_command_that_goes_on(tmp_path: Path, scheduling: str) -> None:
    """The first interrupt finishes what is in flight: nothing is pending, the exit code is 130, and resuming gets to the end."""
    replies = DoledReplies()
    replies.allow(10 + 3)
    with ScriptedEndpoint(replies) as server:
        config = configure(tmp_path / "run", scheduling, server.base_url, 3)
        ledger = Ledger(config.parent / "runs" / "evoheur.db")
        process = subprocess.Popen(
            command("run", str(config)), cwd=config.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        while process.poll() is None and ledger.tells() < 10:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        replies.allow(math.inf)
        printed, _ = process.communicate(timeout=240)
        assert process.returncode == 130, printed
        assert "evoheur resume r" in printed
        assert query(ledger.database, "SELECT status FROM run") == [("interrupted",)]
        assert query(ledger.database, "SELECT count(*) FROM request WHERE told_seq IS NULL") == [(0,)]
        done = evoheur("resume", "r", "--set", "budget.evaluations=30", cwd=config.parent)
        assert done.returncode == 0, done.stdout + done.stderr
