"""Runs that tune children before survival: what they pay for it, and that they are resumed to the same end."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.strategies.tuning_before_survival import TUNE_CHILD
from tests.evoheur.run.test_loop import Stopper, configure, run, wire
from tests.evoheur.run.test_loop_extras import OFFLINE, counted, ran, records, stored_totals

BUDGET = {"evaluations": 120}
TUNE = {"before_survival": 0.5, "evaluations": 90, "each": 15}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, scheduling: str) -> Path:
    """A run that tunes."""
    folder = tmp_path_factory.mktemp("runs") / "tuned"
    stopped = ran(folder, scheduling, tune=TUNE, budget=BUDGET, tell_order="asked")
    assert counted(stored_totals(folder)) == counted(stopped.totals)
    return folder


def test_evaluations_of_tuning_are_the_searchs(undisturbed: Path) -> None:
    """What tuning tries, and what it ends with, is in the budget, which is overrun by one tuning per request in flight at most."""
    totals = stored_totals(undisturbed)
    tuned = [record.candidate for record in records(undisturbed) if record.candidate.operator == TUNE_CHILD]
    assert tuned
    assert (totals.tunings, totals.tuning_evaluations) == (0, 0), "nothing is beside the search"
    children = [record for record in records(undisturbed) if record.candidate.operator not in {TUNE_CHILD, "baseline"}]
    scored = [record for record in children if record.candidate.duplicate_of is None]
    assert totals.evaluations > len(scored) + len(tuned), "the tunings' own evaluations count"
    assert 120 <= totals.evaluations <= 120 + 4 * 16


def test_what_is_tuned_has_its_child_as_parent_and_is_no_worse(undisturbed: Path) -> None:
    known = {record.candidate.id: record.candidate for record in records(undisturbed)}
    for candidate in known.values():
        if candidate.operator == TUNE_CHILD:
            [parent] = candidate.parents
            assert candidate.duplicate_of == parent or (candidate.objective or 99) < (known[parent].objective or 0)


def test_a_run_is_interrupted_and_resumed_to_the_same_end(tmp_path: Path, scheduling: str, undisturbed: Path) -> None:
    settings: dict[str, Any] = {**OFFLINE, "tune": TUNE, "budget": BUDGET, "tell_order": "asked"}
    config = configure(scheduling, **settings)
    stopper = Stopper(after=15)
    with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as archive:
        stopper.discovery = wire(config, archive, observers=[stopper])
        assert asyncio.run(stopper.discovery.discover()).run.status == "interrupted"
    assert run(config, tmp_path, resume=True).run.status == "finished"
    ends = [
        [(r.candidate.operator, r.candidate.code, r.candidate.objective) for r in records(f)] for f in (tmp_path, undisturbed)
    ]
    assert ends[0] == ends[1]
