"""Signals to a real process: the first ends a run in order, the second at once, and nothing is lost by either."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Told
from tests.evoheur.cli.support.invoking import evoheur
from tests.evoheur.cli.support.processes import asked, start

Write = Callable[..., str]


def generator(seconds: float) -> dict[str, Any]:
    return {"kind": "tests.evoheur.cli.support.scripted:ScriptedConfig", "script": ["good"], "seconds": seconds}


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.nightly)])
def test_a_signal_ends_a_run_in_order_and_resume_goes_on(write_config: Write, number: signal.Signals) -> None:
    """What was in flight is told before the end, so that resuming asks for what is left of the budget and nothing twice."""
    gate = Path("gate").absolute()
    gated = {**generator(0.0), "gate": str(gate), "free": 2}
    process = start("run", write_config(generator=gated, in_flight=2, budget={"evaluations": 20}))
    asked(4)
    process.send_signal(number)
    assert process.stderr is not None
    assert "Stopping: what is in flight is being finished" in process.stderr.readline()
    gate.touch()
    out, err = process.communicate(timeout=240)
    assert process.returncode == 130
    assert "evoheur resume small-1" in err
    assert "Run small-1 interrupted" in out
    [run] = evoheur("runs", "--json").document
    assert run["status"] == "interrupted"
    assert run["evaluations"] == run["requests"] == run["calls"] == 4
    resumed = evoheur("resume", "small-1")
    assert resumed.code == 0, resumed
    [run] = evoheur("runs", "--json").document
    assert (run["status"], run["evaluations"], run["requests"], run["calls"]) == ("finished", 20, 20, 20)


def test_a_second_signal_ends_it_at_once(write_config: Write) -> None:
    """A reply that would take minutes is not waited for; its request stays unfinished and is taken up again."""
    process = start("run", write_config(generator=generator(600), in_flight=2, budget={"evaluations": 4}))
    asked(2)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert "Stopping" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=240)
    assert process.returncode == 130
    assert "evoheur resume small-1" in err
    with Archive.open("sqlite:///runs/evoheur.db", read_only=True) as archive:
        run = archive.run("small-1")
        assert run.status == "interrupted"
        assert not any(isinstance(step, Told) for step in archive.log(run.id))
    assert evoheur("resume", "small-1", "--set", "generator.seconds=0").code == 0
    [finished] = evoheur("runs", "--json").document
    assert (finished["status"], finished["requests"], finished["calls"]) == ("finished", 4, 4)
