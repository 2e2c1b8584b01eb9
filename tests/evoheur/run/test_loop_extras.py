"""Runs with tuning, racing and repair: what they add, and that the search goes the same way."""

import asyncio
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, CandidateRecord, Totals
from evoheur.candidate import Status
from evoheur.run.events import RunStopped
from tests.evoheur.run.test_loop import Stopper, configure, run, wire

OFFLINE: dict[str, Any] = {"generator": {"kind": "mutator", "max_nodes": 20}, "budget": {"evaluations": 40}}
TUNE_SOME = {"evaluations": 60, "each": 20, "settled": 2}


def records(folder: Path) -> list[CandidateRecord]:
    with Archive.open(f"sqlite:///{folder}/a.db", read_only=True) as archive:
        return archive.candidates("r")


def fingerprints(folder: Path) -> list[str]:
    """What the strategy asked, in order; parents by their place among what it was told, since tuned ones take numbers too."""
    with Archive.open(f"sqlite:///{folder}/a.db", read_only=True) as archive:
        log = archive.log(archive.run("r").id)
    return [step.fingerprint for step in log if isinstance(step, Asked) and step.kind.is_search]


def bred(folder: Path) -> list[tuple[str, str, float | None]]:
    """Operator, code and objective of every candidate of the search, in order."""
    return [
        (record.candidate.operator, record.candidate.code, record.candidate.objective)
        for record in records(folder)
        if record.candidate.operator != "tune"
    ]


def ran(folder: Path, problem: str, **settings: Any) -> RunStopped:
    folder.mkdir()
    return run(configure(problem, **{**OFFLINE, **settings}), folder)


def counted(totals: Totals) -> dict[str, Any]:
    return {count: getattr(totals, count) for count in COUNTS}


def stored_totals(folder: Path) -> Totals:
    with Archive.open(f"sqlite:///{folder}/a.db", read_only=True) as archive:
        return archive.totals(archive.run("r").id)


COUNTS = ("requests", "pending", "calls", "evaluations", "duplicates", "failures", "pruned", "best_objective", "since_best",
          "tunings", "tunings_pending", "tuning_evaluations")  # fmt: skip


class TunedRun(NamedTuple):
    folder: Path
    stopped: RunStopped


@pytest.fixture(scope="module")
def with_tuning(tmp_path_factory: pytest.TempPathFactory, scheduling: str) -> TunedRun:
    """An undisturbed run with tuning."""
    folder = tmp_path_factory.mktemp("runs") / "tuned"
    return TunedRun(folder, ran(folder, scheduling, tune=TUNE_SOME))


def test_tuning_changes_nothing_about_the_search_and_its_candidates_are_kept_apart(
    tmp_path: Path, scheduling: str, with_tuning: TunedRun
) -> None:
    """Same operators, codes and scores; what is tuned is a candidate with its parent, and counted by itself."""
    off = ran(tmp_path / "off", scheduling)
    on = with_tuning.stopped
    known = records(with_tuning.folder)
    assert bred(with_tuning.folder) == bred(tmp_path / "off")
    tuned = [record for record in known if record.candidate.operator == "tune"]
    assert 1 <= len(tuned) == on.totals.tunings
    assert on.totals.tuning_evaluations <= 60
    for record in tuned:
        (parent,) = (other.candidate for other in known if other.candidate.id in record.candidate.parents)
        assert record.candidate.duplicate_of is not None or (record.candidate.objective or 99) < (parent.objective or 0)
        assert record.asked is not None
        assert record.asked.messages == ()
    for count in ("requests", "calls", "evaluations", "duplicates"):
        assert getattr(on.totals, count) == getattr(off.totals, count), count


@pytest.mark.parametrize("extra", [{"repair": 1}, {"evaluation": {"racing": True}}], ids=lambda extra: next(iter(extra)))
def test_what_the_loop_counts_is_what_the_database_counts(tmp_path: Path, scheduling: str, extra: dict[str, Any]) -> None:
    own = {"sandbox": {"kind": "process"}, "executor": {"kind": "local", "slots": 1}, "limits": {"memory_mib": 256}}
    evaluation = own | extra.get("evaluation", {})
    stopped = ran(tmp_path / "x", scheduling, **{"budget": {"evaluations": 24}, **extra, "evaluation": evaluation})
    assert counted(stored_totals(tmp_path / "x")) == counted(stopped.totals)


def test_what_is_tuned_is_counted_as_the_database_counts_it(with_tuning: TunedRun) -> None:
    assert counted(stored_totals(with_tuning.folder)) == counted(with_tuning.stopped.totals)


def test_a_run_with_tuning_is_interrupted_and_resumed_to_the_same_end(
    tmp_path: Path, scheduling: str, with_tuning: TunedRun
) -> None:
    """Also where a tuning is in work at that moment: it is repeated, or its stored result taken."""
    folder = tmp_path / "cut"
    folder.mkdir()
    config = configure(scheduling, **{**OFFLINE, "tune": TUNE_SOME})
    stopper = Stopper(after=15)
    with Archive.open(f"sqlite:///{folder}/a.db", create=True) as archive:
        stopper.discovery = wire(config, archive, observers=[stopper])
        assert asyncio.run(stopper.discovery.discover()).run.status == "interrupted"
    assert run(config, folder, resume=True).run.status == "finished"
    both = [
        [(r.candidate.operator, r.candidate.code, r.candidate.objective) for r in records(f)]
        for f in (folder, with_tuning.folder)
    ]
    assert both[0] == both[1]


@pytest.mark.parametrize("problem", ["scheduling", pytest.param("bin_packing_online", marks=pytest.mark.nightly)])
def test_racing_cuts_evaluations_short_and_leaves_the_search_as_it_was(tmp_path: Path, scheduling: str, problem: str) -> None:
    """Equal requests in equal order and equal elites; only what never entered the population lacks its score."""
    name = scheduling if problem == "scheduling" else problem
    executor = {"sandbox": {"kind": "process"}, "executor": {"kind": "local", "slots": 2}}
    strategy = {"kind": "eoh", "population_size": 4, "parents": 2}
    budget = {"evaluations": 40}
    ran(tmp_path / "whole", name, evaluation={**executor, "racing": False}, budget=budget, strategy=strategy)
    raced = ran(tmp_path / "raced", name, evaluation={**executor, "racing": True}, budget=budget, strategy=strategy)
    assert fingerprints(tmp_path / "raced") == fingerprints(tmp_path / "whole")
    whole = {record.candidate.id: record.candidate for record in records(tmp_path / "whole")}
    pruned = 0
    for record in records(tmp_path / "raced"):
        candidate = record.candidate
        assert candidate.code == whole[candidate.id].code
        if candidate.evaluation.status is Status.PRUNED:
            pruned += candidate.duplicate_of is None
            assert candidate.objective is None
        else:
            assert candidate.objective == whole[candidate.id].objective
    assert raced.totals.pruned >= pruned > 0


def test_a_failed_candidate_is_mended_once_and_the_strategy_gets_the_mended_one(tmp_path: Path, scheduling: str) -> None:
    broken = {"kind": "tests.evoheur.run.support.fakes:FakeConfig", "break_every": 4}
    stopped = ran(tmp_path / "r", scheduling, generator=broken, budget={"requests": 24, "evaluations": 24}, repair=1)
    by_number = {record.candidate.id: record.candidate for record in records(tmp_path / "r")}
    repairs = [candidate for candidate in by_number.values() if candidate.operator == "repair"]
    assert len(repairs) > 1
    assert {by_number[candidate.parents[0]].evaluation.status for candidate in repairs} == {Status.ERROR}
    assert {candidate.evaluation.status for candidate in repairs} == {Status.OK}
    prompts = [
        record.asked.messages[0].content
        for record in records(tmp_path / "r")
        if record.asked and record.candidate.operator == "repair"
    ]
    assert all("NameError" in prompt and "undefined" in prompt for prompt in prompts)
    assert stopped.totals.calls == stopped.totals.requests == 24
