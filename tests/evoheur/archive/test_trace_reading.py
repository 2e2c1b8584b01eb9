"""What the course of a run is counted from, read without its log."""

import random

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord, Told
from evoheur.archive.trace_reading import TraceStep, trace_steps
from evoheur.report.curves import Trace
from tests.evoheur.archive.support.random_run import tell_at_random
from tests.evoheur.archive.support.story import NAME, tell_story


def expected(archive: Archive, run: RunRecord) -> list[TraceStep]:
    """The same, by way of the log."""
    return [TraceStep.of(entry) for entry in archive.log(run.id) if isinstance(entry, Told)]


def read(archive: Archive, run: RunRecord, at_once: int) -> list[TraceStep]:
    with archive._reading() as connection:
        return list(trace_steps(connection, run.id, at_once=at_once))


@pytest.mark.parametrize("at_once", [1, 2, 3, 7, 2000])
def test_a_run_with_one_of_everything_has_the_steps_of_its_log(archive: Archive, at_once: int) -> None:
    tell_story(archive)
    run = archive.run(NAME)
    found = read(archive, run, at_once)
    assert found == expected(archive, run)
    assert {step.outcome for step in found} == {"candidate", "note", "failure", "rescored"}
    assert list(archive.trace_steps(run.id)) == found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_told_in_any_order_has_the_steps_of_its_log(archive: Archive, run: RunRecord, seed: int) -> None:
    """Part by part, where duplicates repeat what is parts away; and the course that is counted from them is the same."""
    tell_at_random(archive, run, random.Random(seed), 60)
    steps = expected(archive, run)
    assert sum(step.is_twin for step in steps) > 1
    assert sum(step.is_shared and not step.is_twin for step in steps) > 1
    assert [read(archive, run, at_once) for at_once in (5, 2000)] == [steps, steps]
    baseline = archive.baseline(run.id)
    assert baseline is not None
    assert Trace.of_steps(archive.trace_steps(run.id), baseline) == Trace.of(archive.log(run.id), baseline)
