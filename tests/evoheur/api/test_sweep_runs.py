"""Sweeps from Python, where no command line stands around them."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from evoheur import ConfigError, Event, open_archive
from evoheur.api.interruption import Interruption
from evoheur.api.sweep_plan import SweepPlan, make_plan
from evoheur.api.sweep_runs import open_sweep
from evoheur.report.equal_budget import EqualBudget
from evoheur.run.config import parse_config
from tests.evoheur.cli.conftest import tiny_settings

URL = "sqlite:///s.db"


class WhereHeard:
    """Notes the threads that it hears in."""

    def __init__(self) -> None:
        self.threads: set[threading.Thread] = set()

    def notify(self, event: Event) -> None:
        self.threads.add(threading.current_thread())


def planned(scheduling: str, **changes: Any) -> SweepPlan:
    settings = tiny_settings(scheduling, budget={"evaluations": 2}, **changes)
    return make_plan(parse_config(settings, where="here"), "eoh,random", 1, name="s")


def carried(plan: SweepPlan, listening: WhereHeard) -> EqualBudget:
    with open_sweep(plan, URL) as sweep:
        swept = [sweep.carry(each, [listening], Interruption()) for each in plan.runs]
        assert [(each.run.name, each.run.status, each.totals.evaluations) for each in swept] == [
            ("s-eoh-1", "finished", 2),
            ("s-random-1", "finished", 2),
        ]
        return sweep.comparison()


def test_a_sweep_inside_a_running_loop_has_one_thread_of_its_own(scheduling: str) -> None:
    """As in a notebook: opened, carried out and compared in one cell, and the thread is gone afterwards."""
    listening = WhereHeard()

    async def cell() -> EqualBudget:
        return carried(planned(scheduling), listening)

    inside = asyncio.run(cell())
    (thread,) = listening.threads
    assert thread is not threading.main_thread()
    assert not thread.is_alive()
    with open_archive(URL) as archive:
        assert [run.name for run in archive.runs()] == ["s-eoh-1", "s-random-1"]
    assert carried_again(scheduling) == inside


def carried_again(scheduling: str) -> EqualBudget:
    """The comparison of the same sweep outside a loop, where there is nothing left to do."""
    listening = WhereHeard()
    found = carried(planned(scheduling), listening)
    assert listening.threads == set()
    return found


def test_outside_a_loop_it_stays_in_the_thread_of_the_caller(scheduling: str) -> None:
    """Where a Ctrl-C is heard."""
    listening = WhereHeard()
    carried(planned(scheduling), listening)
    assert listening.threads == {threading.current_thread()}


def test_a_sweep_that_cannot_be_opened_leaves_no_thread(scheduling: str) -> None:
    refused = planned(scheduling, generator={"kind": "recorded", "run": "nobody"})

    async def cell() -> None:
        with pytest.raises(ConfigError):
            open_sweep(refused, URL)
        assert [thread.name for thread in threading.enumerate() if thread.name.startswith("evoheur")] == []

    asyncio.run(cell())
    assert not Path("s.db").exists()
