"""The loop with a real strategy, real guests and a real database; only the generator is made up."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from evoheur.archive.archive import Archive
from evoheur.errors import ConfigError, EvoheurError, ReplayDiverged
from evoheur.run.assemble import assemble
from evoheur.run.config import RunConfig, parse_config
from evoheur.run.discovery import Discovery
from evoheur.run.events import Event, NewBest, Observer, OutcomeTold, Preparing, RequestSent, RunStarted, RunStopped
from evoheur.run.run_parts import prepare
from evoheur.run.stored_run import create_run
from tests.evoheur.run.support.fakes import FakeGenerator


class Listener:
    def __init__(self) -> None:
        self.heard: list[Event] = []

    def notify(self, event: Event) -> None:
        self.heard.append(event)


class Stopper(Listener):
    """Interrupts a run after so many outcomes."""

    discovery: Discovery

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def notify(self, event: Event) -> None:
        super().notify(event)
        if sum(isinstance(heard, OutcomeTold) for heard in self.heard) == self.after:
            self.discovery.interrupt()


def configure(problem: str, generator: dict[str, Any] | None = None, **settings: Any) -> RunConfig:
    data: dict[str, Any] = {
        "problem": problem,
        "strategy": {"kind": "eoh", "population_size": 4, "parents": 2},
        "generator": {"kind": "tests.evoheur.run.support.fakes:FakeConfig", **(generator or {})},
        "evaluation": {"sandbox": {"kind": "process"}, "executor": {"kind": "local", "slots": 1}, "limits": {"memory_mib": 256}},
        "budget": {"evaluations": 12},
        "validation": {"top": 2},
        "in_flight": 3,
        "tell_order": "asked",
    }
    return parse_config(data | settings, where="test")


def wire(config: RunConfig, archive: Archive, *, resume: bool = False, observers: Sequence[Observer] = ()) -> Discovery:
    parts = prepare(config, environ={}, archive=archive, resumed="r" if resume else None, observers=observers)
    return assemble(parts, archive, archive.run("r") if resume else create_run(parts, archive, name="r"))


def run(config: RunConfig, folder: Path, *, resume: bool = False, observers: Sequence[Observer] = ()) -> RunStopped:
    with Archive.open(f"sqlite:///{folder}/a.db", create=True) as archive:
        return asyncio.run(wire(config, archive, resume=resume, observers=observers).discover())


class Finished(NamedTuple):
    folder: Path
    stopped: RunStopped
    heard: list[Event]

    def copied_to(self, folder: Path) -> Path:
        """A folder with an archive of the same content, which a test may change."""
        shutil.copy(self.folder / "a.db", folder)
        return folder


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, scheduling: str) -> Finished:
    """A run as configured, from its beginning to its end."""
    listener, folder = Listener(), tmp_path_factory.mktemp("finished")
    return Finished(folder, run(configure(scheduling), folder, observers=[listener]), listener.heard)


def test_a_run_spends_its_budget_exactly_and_the_counts_agree_with_the_database(tmp_path: Path, scheduling: str) -> None:
    """In-flight requests count, so nothing overshoots; what the loop counted in memory is what SQL counts."""
    listener = Listener()
    stopped = run(configure(scheduling, {"fail_every": 5}), tmp_path, observers=[listener])
    assert (stopped.run.status, stopped.run.reason) == ("finished", "budget of 12 evaluations used")
    assert (stopped.totals.evaluations, stopped.totals.pending) == (12, 0)
    assert stopped.totals.failures == {"server-error": stopped.totals.requests // 5}
    assert stopped.totals.calls == (stopped.totals.requests - stopped.totals.requests // 5) + 3 * (stopped.totals.requests // 5)
    with Archive.open(f"sqlite:///{tmp_path}/a.db") as archive:
        stored = archive.totals(stopped.run.id)
    for field in (
        "requests",
        "pending",
        "calls",
        "evaluations",
        "duplicates",
        "failures",
        "tokens",
        "best_objective",
        "since_best",
    ):
        assert getattr(stored, field) == getattr(stopped.totals, field), field
    assert stored.cost_usd == pytest.approx(stopped.totals.cost_usd)
    first = next(number for number, event in enumerate(listener.heard) if not isinstance(event, Preparing))
    assert isinstance(listener.heard[first], RunStarted)
    assert first >= 2  # compiling, and the problem's own heuristic
    assert listener.heard[-1] is stopped
    assert sum(isinstance(event, RequestSent) for event in listener.heard) == stopped.totals.requests


def test_the_best_are_scored_on_validation_and_stand_beside_the_baseline(finished: Finished) -> None:
    stopped = finished.stopped
    assert all({"train", "validation"} <= set(record.evaluations) for record in stopped.best)
    objectives = [record.candidate.objective for record in stopped.best]
    assert objectives == sorted(objectives, key=lambda value: value or 0.0)
    assert {"train", "validation"} <= set(stopped.baseline.evaluations)


def test_every_new_best_is_announced_and_better_than_the_one_before(finished: Finished) -> None:
    announced = [event.candidate.objective for event in finished.heard if isinstance(event, NewBest)]
    assert announced == sorted(set(announced), key=lambda value: -(value or 0.0))
    assert announced[-1] == finished.stopped.best[0].candidate.objective


def test_a_generator_that_repeats_itself_is_evaluated_once_and_comes_to_an_end(tmp_path: Path, scheduling: str) -> None:
    """Ten requests per evaluation are the limit when none is given: 12 evaluations, 120 requests, 1 evaluated, 119 duplicates."""
    stopped = run(configure(scheduling, {"repeat": True}), tmp_path)
    assert (stopped.totals.evaluations, stopped.totals.duplicates, stopped.totals.requests) == (1, 119, 120)
    assert stopped.run.reason == "budget of 120 requests used (ten for each evaluation, as budget.requests is not set)"


def test_an_interrupted_run_finishes_what_is_in_flight_and_resumes_to_the_same_end(tmp_path: Path, scheduling: str) -> None:
    """The resumed run's candidates are those of a run that was never interrupted: the generator's replies depend on the seed alone.

    Without racing, which knows more when a request is asked after what was in flight is in.
    """
    evaluation = {"sandbox": {"kind": "process"}, "executor": {"kind": "local", "slots": 2}, "limits": {"memory_mib": 256}}
    calm = {"evaluation": {**evaluation, "racing": False}}
    whole = tmp_path / "whole"
    whole.mkdir()
    run(configure(scheduling, **calm), whole)
    stopper = Stopper(after=5)
    config = configure(scheduling, {"seconds": 0.01}, **calm)
    with Archive.open(f"sqlite:///{tmp_path}/a.db", create=True) as archive:
        stopper.discovery = wire(config, archive, observers=[stopper])
        stopped = asyncio.run(stopper.discovery.discover())
    assert stopped.run.status == "interrupted"
    assert stopped.totals.pending == 0
    assert stopped.totals.evaluations < 12
    resumed = run(configure(scheduling, **calm), tmp_path, resume=True)
    assert resumed.run.status == "finished"
    assert codes(tmp_path) == codes(whole)


def codes(folder: Path) -> list[tuple[int, str, float | None]]:
    with Archive.open(f"sqlite:///{folder}/a.db") as archive:
        return [(record.candidate.id, record.candidate.code, record.candidate.objective) for record in archive.candidates("r")]


def test_a_refused_generator_stops_the_run_at_once_and_leaves_it_resumable(tmp_path: Path, scheduling: str) -> None:
    stopped = run(configure(scheduling, {"refuse_from": 6}), tmp_path)
    assert stopped.run.status == "failed"
    assert "HTTP 401" in stopped.run.reason
    assert stopped.totals.evaluations <= 5
    resumed = run(configure(scheduling), tmp_path, resume=True)
    assert (resumed.run.status, resumed.totals.evaluations) == ("finished", 12)


def test_a_generator_that_is_gone_stops_the_run_and_leaves_it_resumable(tmp_path: Path, scheduling: str) -> None:
    """Twenty requests in a row without a reply, of at most 120 that the budget would have paid for."""
    stopped = run(configure(scheduling, {"fail_every": 1}), tmp_path)
    assert stopped.run.status == "failed"
    assert "20 requests in a row got no reply; the last one: HTTP 500" in stopped.run.reason
    assert stopped.totals.requests <= 20 + 3
    assert run(configure(scheduling), tmp_path, resume=True).totals.evaluations == 12


def test_a_recorded_run_replays_the_same_candidates_also_when_it_is_interrupted_and_resumed(
    tmp_path: Path, scheduling: str
) -> None:
    """Equal prompts got different replies, so a resumed replay must know which of them it has used."""
    url = f"sqlite:///{tmp_path}/a.db"
    run(configure(scheduling, in_flight=1), tmp_path)
    replayed = configure(scheduling, in_flight=1).model_dump(mode="json")
    jailed = replayed["evaluation"] | {"sandbox": {"kind": "jail"}}  # nobody has read what a model wrote
    config = parse_config(replayed | {"generator": {"kind": "recorded", "run": "r"}, "evaluation": jailed}, where="test")
    stopper = Stopper(after=3)  # in the middle of the first prompts, which are all equal
    with Archive.open(url) as archive:
        parts = prepare(config, environ={}, archive=archive, observers=[stopper])
        stopper.discovery = assemble(parts, archive, create_run(parts, archive, name="again"))
        assert asyncio.run(stopper.discovery.discover()).run.status == "interrupted"
        parts = prepare(config, environ={}, archive=archive, resumed="again")
        asyncio.run(assemble(parts, archive, archive.run("again")).discover())
        first, again = ([record.candidate.code for record in archive.candidates(name)] for name in ("r", "again"))
    assert first == again


def test_extending_the_budget_of_a_finished_run_continues_it(tmp_path: Path, scheduling: str, finished: Finished) -> None:
    extended = run(configure(scheduling, budget={"evaluations": 20}), finished.copied_to(tmp_path), resume=True)
    assert extended.totals.evaluations == 20


def test_resuming_a_finished_run_asks_for_nothing(tmp_path: Path, scheduling: str, finished: Finished) -> None:
    with Archive.open(f"sqlite:///{finished.copied_to(tmp_path)}/a.db") as archive:
        discovery = wire(configure(scheduling), archive, resume=True)
        asyncio.run(discovery.discover())
        generator = discovery.generator
    assert isinstance(generator, FakeGenerator)
    assert generator.seeds == []
    assert generator.closed


def test_another_seed_is_found_out_on_resuming(tmp_path: Path, scheduling: str, finished: Finished) -> None:
    """The strategy draws other parents, so some request differs from the stored one."""
    with pytest.raises(ReplayDiverged, match=r"Request \d+ of the log"):
        run(configure(scheduling, seed=2, budget={"evaluations": 20}), finished.copied_to(tmp_path), resume=True)


def test_a_problem_that_changed_is_found_out_on_resuming(tmp_path: Path, scheduling: str) -> None:
    folder = tmp_path / "list_scheduling"
    folder.mkdir()
    source = (Path(scheduling) / "problem.py").read_text()
    (folder / "problem.py").write_text(source)
    run(configure(str(folder)), tmp_path)
    (folder / "problem.py").write_text(source + "\nANOTHER = 1\n")
    with pytest.raises(ReplayDiverged, match=r"^You changed problem\.py in the folder .* since run 'r' was started"):
        run(configure(str(folder)), tmp_path, resume=True)


def test_a_problem_whose_own_heuristic_fails_stops_the_run_before_anything_is_asked(tmp_path: Path, scheduling: str) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    source = (Path(scheduling) / "problem.py").read_text()
    (folder / "problem.py").write_text(source.replace("return -loads.astype(float)", "return 1 / 0"))
    with pytest.raises(EvoheurError, match=r"own heuristic of problem .* ends with 'error' .*ZeroDivisionError"):
        run(configure(str(folder)), tmp_path)
    with Archive.open(f"sqlite:///{tmp_path}/a.db") as archive:
        assert archive.run("r").status == "failed"
        assert archive.totals(archive.run("r").id).requests == 0


def test_outcomes_told_in_the_order_of_asking_are_numbered_like_the_requests(finished: Finished) -> None:
    """With three in flight."""
    with Archive.open(f"sqlite:///{finished.folder}/a.db", read_only=True) as archive:
        asked = [record.asked.number for record in archive.candidates("r") if record.asked is not None]
    assert asked == sorted(asked)


def test_in_the_order_of_arrival_a_slow_call_holds_nobody_up(tmp_path: Path, scheduling: str) -> None:
    stopped = run(configure(scheduling, {"seconds": 0.02}, tell_order="arrival"), tmp_path)
    assert stopped.totals.evaluations == 12


def test_an_online_generator_is_refused_at_a_level_that_does_not_isolate(scheduling: str) -> None:
    generator = {"kind": "openai", "model": "m", "base_url": "http://127.0.0.1:1/v1"}
    with pytest.raises(ConfigError, match="allow_unisolated=true"):
        prepare(configure(scheduling, generator, evaluation={"sandbox": {"kind": "process"}}), environ={"OPENAI_API_KEY": "x"})
    prepare(configure(scheduling, generator, evaluation={"sandbox": {"kind": "jail"}}), environ={"OPENAI_API_KEY": "x"})


def test_candidates_know_their_parents(finished: Finished) -> None:
    with Archive.open(f"sqlite:///{finished.folder}/a.db", read_only=True) as archive:
        bred = [record.candidate for record in archive.candidates("r") if record.candidate.operator in {"e1", "e2"}]
    assert bred
    assert all(len(candidate.parents) == 2 for candidate in bred)
    assert all(parent < candidate.id for candidate in bred for parent in candidate.parents)
