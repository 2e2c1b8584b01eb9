"""`watch`: a run that goes on in another process, seen through its archive."""

import json
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evoheur import ArchiveReader, BestAudited, Event, NewBest, OutcomeTold, RunStarted, Totals, discover, open_archive
from evoheur.api.watched_run import WatchedRun
from evoheur.archive.archive import Archive
from evoheur.candidate import BY_SOURCE
from evoheur.generation.outage import OutageNews
from evoheur.observers.outage_text import wait_sentences
from evoheur.run.event_keeping import EventKeeping
from evoheur.run.events import Throttled
from tests.evoheur.archive.support.made_up import candidate, new_run
from tests.evoheur.cli.conftest import History, tiny_settings
from tests.evoheur.cli.support.invoking import evoheur, refusal
from tests.evoheur.cli.support.processes import asked, start
from tests.evoheur.cli.support.scripted import KIND, SCRIPT, open_gate

Write = Callable[..., str]


class Looking:
    """Looks at the archive after every event that a run tells, and keeps what both say."""

    def __init__(self, path: Path) -> None:
        self.told: list[Event] = []
        self.seen: list[Event] = []
        self.totals: list[tuple[Totals, Totals]] = []
        self._path = path
        self._archive: ArchiveReader | None = None
        self._watched: WatchedRun | None = None

    def close(self) -> None:
        """Close the archive."""
        assert self._archive is not None
        self._archive.close()

    def notify(self, event: Event) -> None:
        self.told.append(event)
        if self._watched is None and isinstance(event, RunStarted):
            self._archive = open_archive(self._path)
            self._watched = WatchedRun(self._archive, event.run.name)
        if self._watched is not None:
            self.seen += list(self._watched.look())
        if self._watched is not None and isinstance(event, OutcomeTold):
            self.totals.append((event.totals, self._watched.totals))


def told(events: list[Event], kind: type[NewBest] | type[BestAudited]) -> list[object]:
    return [event.candidate if isinstance(event, NewBest) else event.candidate.id for event in events if isinstance(event, kind)]


def test_what_is_seen_is_what_the_runs_own_observers_heard(scheduling: str, tmp_path: Path) -> None:
    """Start, bests, audits and totals, whenever one looks."""
    looking = Looking(tmp_path / "a.db")
    settings = tiny_settings(scheduling, audit={"every": 3})
    discover(settings, archive=tmp_path / "a.db", name="r", observers=[looking])
    looking.close()
    starts = [[event for event in events if isinstance(event, RunStarted)] for events in (looking.told, looking.seen)]
    assert [len(found) for found in starts] == [1, 1]
    own, watched = starts[0][0], starts[1][0]
    assert (watched.baseline, watched.level, watched.slots, watched.budget) == (own.baseline, own.level, own.slots, own.budget)
    assert told(looking.seen, NewBest) == told(looking.told, NewBest)
    assert told(looking.told, NewBest)
    assert set(told(looking.told, BestAudited)) <= set(told(looking.seen, BestAudited))
    assert len(looking.totals) > 5
    for heard, stored in looking.totals:
        assert replace(stored, seconds=0.0) == replace(heard, seconds=0.0)


def test_waits_and_outages_are_seen_as_they_are_when_one_looks(tmp_path: Path) -> None:
    """The late see what lasts; who goes on looking sees what changes."""
    clock = {"now": datetime(2026, 1, 1, tzinfo=UTC)}
    began = clock["now"].timestamp()
    down = OutageNews(endpoint="m", reason="HTTP 503", since=began, seconds=0.0, next_try=60.0)
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}", create=True, now=lambda: clock["now"]) as archive:
        run = new_run(archive)
        archive.begin_session(run.id)
        archive.record_baseline(run.id, candidate(0))

        def present() -> float:
            return clock["now"].timestamp()

        keeping = EventKeeping(archive, run.id, present)

        def look_after(seconds: int) -> list[Event]:
            clock["now"] += timedelta(seconds=seconds)
            return [event for event in watched.look() if isinstance(event, OutageNews | Throttled)]

        watched = WatchedRun(archive, run.name, now=lambda: clock["now"])
        keeping.notify(Throttled(seconds=5.0, reason="rate-limited"))
        keeping.notify(replace(down, endpoint="other"))
        keeping.notify(replace(down, endpoint="other", reason="", seconds=1.0, next_try=None))
        keeping.notify(down)
        assert look_after(20) == [replace(down, seconds=20.0, next_try=40.0)]
        assert wait_sentences(watched.events, clock["now"])[0].endswith("(HTTP 503), next try in 40 s")
        assert look_after(1) == []
        keeping.notify(Throttled(seconds=5.0, reason="used up"))
        keeping.notify(replace(down, seconds=22.0, next_try=100.0))
        news = look_after(1)
        assert Throttled(seconds=4.0, reason="used up") in news
        assert replace(down, seconds=22.0, next_try=99.0) in news
        keeping.notify(replace(down, reason="", seconds=22.0, next_try=None))
        assert [event.is_over for event in look_after(5) if isinstance(event, OutageNews)] == [True]
        assert wait_sentences(watched.events, clock["now"]) == []
        archive.finish(run.id, "interrupted", "")
        assert look_after(1) == []
        assert watched.events == ()


def test_an_outage_stands_in_what_is_shown_once(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}", create=True) as archive:
        run = new_run(archive, "down")
        archive.begin_session(run.id)
        archive.record_baseline(run.id, candidate(0))
        down = OutageNews(endpoint="m", reason="HTTP 503", since=0.0, seconds=0.0, next_try=1e9)
        EventKeeping(archive, run.id).notify(down)
        shown = evoheur("watch", "down", "--once", "--archive", archive.url)
        document = evoheur("watch", "down", "--once", "--json", "--archive", archive.url).document
    assert "paused: m is down since" in shown.out, shown
    [sentence] = document["waits"]
    assert "health" not in document  # nothing came yet to judge by
    assert "(HTTP 503), next try in" in sentence


def test_it_follows_a_run_to_its_end_and_ends_with_it(write_config: Write) -> None:
    gate = Path("gate").absolute()
    script = ["worse", "good", *SCRIPT[2:]]  # the best one comes while it is watched
    config = write_config(generator={"kind": KIND, "script": script, "gate": str(gate)}, budget={"evaluations": 9})
    running = start("run", config, "--name", "live", "--quiet")
    asked(2)
    standing = evoheur("watch", "live", "--once", "--json")
    watching = start("watch", "live")
    assert watching.stdout is not None
    seen = watching.stdout.readline()  # from here on it follows
    open_gate(gate, 2)
    while "new best" not in seen and (line := watching.stdout.readline()):
        seen += line
    open_gate(gate)
    out, err = watching.communicate(timeout=240)
    seen += out
    lines = evoheur("watch", "live", "--json").out.splitlines()
    running.communicate(timeout=240)
    assert running.returncode == 0
    assert (standing.code, standing.document["status"], standing.document["evaluations"]) == (0, "unfinished", 1)
    assert (standing.document["health"]["whole"]["all"]["replies"], standing.document["health"]["whole"]["all"]["valid"]) == (
        1,
        1,
    )
    assert watching.returncode == 0, err
    assert "Run live: " in seen
    assert "new best" in seen
    assert "Run live finished: budget of 9 evaluations used" in seen
    assert "Best heuristic: live/2 (i1)" in seen
    assert "evoheur resume live" in seen
    last = json.loads(lines[-1])
    assert last.pop("health") == evoheur("spend", "live", "--json").document["health"]
    assert last == evoheur("runs", "--json").document[0]


@pytest.mark.parametrize(("number", "code", "status"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGKILL, 1, "unfinished")])
def test_its_exit_code_is_the_state_of_the_run(write_config: Write, number: signal.Signals, code: int, status: str) -> None:
    """A run that was killed could not say so: nobody works on it any more."""
    gate = Path("gate").absolute()
    running = start("run", write_config(generator={"kind": KIND, "gate": str(gate)}), "--name", "live", "--quiet")
    asked(2)
    running.send_signal(number)
    gate.touch()  # an orderly end waits for the reply that is under way
    running.communicate(timeout=240)
    done = evoheur("watch", "live")
    assert done.code == code
    assert "evoheur resume live" in done.err
    once = evoheur("watch", "live", "--once", "--json")
    assert once.document["status"] == status
    assert once.code == (130 if status == "interrupted" else 0)


def test_a_run_that_failed_says_why(write_config: Write) -> None:
    config = write_config(generator={"kind": KIND, "script": ["good", "refuse"]})
    assert evoheur("run", config, "--name", "broken", "--quiet").code == 1
    done = evoheur("watch", "broken")
    assert done.code == 1
    assert "Run broken failed: " in done.err
    assert "the key is not valid" in done.err


def test_a_finished_run_shows_its_end_at_once(finished: History) -> None:
    before = finished.path.read_bytes()
    for words in ((), ("--once",)):
        done = evoheur("watch", "tiny", *words, "--archive", finished.url)
        assert done.code == 0, done
        assert done.out.startswith("Run tiny finished: ")
        assert "Best heuristic: tiny/1 (i1); " in done.out
    assert finished.path.read_bytes() == before


def test_a_run_that_has_only_just_begun_can_be_looked_at(history: History) -> None:
    """Before even the problem's own heuristic was evaluated."""
    with Archive.open(history.url) as archive:
        run = archive.run("tiny")
        archive.create_run(
            name="new",
            config=run.config,
            seed=1,
            problem=run.problem,
            problem_hash="p",
            prompts_hash="q",
            evoheur_version=run.evoheur_version,
        )
    done = evoheur("watch", "new", "--once", "--archive", history.url)
    assert done.code == 0
    assert "Waiting for the problem's own heuristic" in done.out


def test_whether_somebody_works_on_a_run_is_known(history: History) -> None:
    with Archive.open(history.url) as archive:
        watched = WatchedRun(archive, "tiny")
        seen = [watched.is_worked_on]
        with archive.hold("tiny"):
            seen.append(watched.is_worked_on)
        seen.append(watched.is_worked_on)
    assert seen == [False, True, False]


def test_a_run_that_is_not_there_is_refused(history: History) -> None:
    assert "tiny" in refusal("watch", "tinny", "--archive", history.url)


def test_where_the_own_heuristic_was_not_executed_the_sandbox_is_named(tmp_path: Path) -> None:
    """Its evaluation tells no level then."""
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}", create=True) as archive:
        run = new_run(archive)
        own = candidate(0)
        archive.record_baseline(run.id, replace(own, evaluation=replace(own.evaluation, level=BY_SOURCE)))
        [started] = [event for event in WatchedRun(archive, run.name).look() if isinstance(event, RunStarted)]
    sandbox = run.config.get("evaluation", {}).get("sandbox", {})
    assert started.level == sandbox.get("kind", "")
    assert started.level != BY_SOURCE
