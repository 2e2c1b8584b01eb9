"""A run with many requests in flight, told as outcomes arrive, is repeated row for row, here and elsewhere."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest

from evoheur import ConfigError, Event, OutcomeTold, discover, open_archive, resume
from evoheur.api.recordings import export_recording, import_recording, replay
from evoheur.archive.archive import Archive
from evoheur.run.assemble import assemble
from evoheur.run.config import change_config
from evoheur.run.discovery import Discovery
from evoheur.run.run_parts import prepare
from evoheur.run.stored_run import create_run
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, error_object, reply
from tests.support.one_guest import ONE_GUEST
from tests.support.run_rows import prompts, rows

IN_FLIGHT = 16
RULE = "{{Weighs load by {weight}.}}\n```python\nimport numpy as np\n\ndef choose(length, loads):\n    return {body}\n```"


def answer(received: Received) -> ServerAnswer:
    """Rules of many weights, copies, broken ones, and talk, after 0 to 0.2 seconds; every 13th request is told of a fault for good."""
    rng = random.Random(received.number)
    if received.number % 13 == 5:
        return error_object("this prompt is refused", code="content_filter")
    weight = 1 if received.number % 9 == 4 else round(rng.uniform(0, 10), 3)
    body = f"undefined_{received.number}" if received.number % 11 == 7 else f"-np.abs(loads - {weight} * length)"
    text = "I would rather not." if received.number % 10 == 6 else RULE.format(weight=weight, body=body)
    return reply(text, delay=rng.uniform(0, 0.2))


def settings(server: ScriptedEndpoint, problem: str, **more: Any) -> dict[str, Any]:
    return {
        "problem": problem,
        "strategy": {"kind": "eoh", "population_size": 4, "parents": 2},
        "generator": {"kind": "openai", "model": "m", "base_url": server.base_url, "max_attempts": 1},
        "evaluation": {**ONE_GUEST, "executor": {"kind": "local", "slots": 2}},
        "budget": {"evaluations": 60},
        "in_flight": IN_FLIGHT,
        "validation": {"top": 1},
        "audit": False,
        "simplify": {"evaluations": 0},
        **more,
    }


@pytest.fixture(scope="module")
def recorded(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a run "first", told in the order of arrival with 16 in flight, which is another one than that of asking."""
    database = tmp_path_factory.mktemp("recorded") / "a.db"
    with ScriptedEndpoint(answer) as server:
        result = discover(settings(server, scheduling), archive=database, name="first")
    assert (result.status, result.spent.evaluations) == ("finished", 60)
    told = [row[5] for row in rows(database, "first")[0]]
    assert told != sorted(told)
    outcomes = {row[7] for row in rows(database, "first")[0]}
    assert outcomes == {"candidate", "failure"}
    assert {"generation", "parsing"} <= {row[8] for row in rows(database, "first")[0]}
    return database


@pytest.mark.parametrize("changes", [{}, {"in_flight": 1}, {"in_flight": 3, "tell_order": "asked"}], ids=["same", "one", "asked"])
def test_a_replay_has_the_same_rows(recorded: Path, changes: dict[str, Any]) -> None:
    """However many are in flight now, and in whichever order it would tell by itself."""
    again = replay("first", changes, archive=recorded)
    assert (again.status, again.reason) == ("finished", "budget of 60 evaluations used")
    assert rows(recorded, again.run) == rows(recorded, "first")
    assert prompts(recorded, again.run) == prompts(recorded, "first")


@pytest.mark.parametrize("whole_prompts", [True, False], ids=["whole prompts", "hashes"])
def test_a_recording_is_taken_to_another_archive_and_replayed_there(
    recorded: Path, tmp_path: Path, *, whole_prompts: bool
) -> None:
    file, other = tmp_path / "recording.jsonl", tmp_path / "other.db"
    assert export_recording("first", file, archive=recorded, whole_prompts=whole_prompts) > 60
    assert ("messages" in file.read_text()) is whole_prompts
    assert import_recording(file, archive=other, name="guest") == "guest"
    again = replay("guest", archive=other, name="again")
    assert again.status == "finished"
    assert rows(other, "again") == rows(recorded, "first")
    assert prompts(other, "again") == prompts(recorded, "first")


def test_a_file_is_replayed_without_an_import(recorded: Path, scheduling: str, tmp_path: Path) -> None:
    file = tmp_path / "recording.jsonl"
    export_recording("first", file, archive=recorded)
    with ScriptedEndpoint([]) as server:
        data = settings(server, scheduling, generator={"kind": "recorded", "path": str(file)})
        discover(data, archive=tmp_path / "b.db", name="again")
        assert not server.journal
    assert rows(tmp_path / "b.db", "again") == rows(recorded, "first")


class Stopper:
    """Interrupts a run after so many outcomes."""

    discovery: Discovery

    def __init__(self, after: int) -> None:
        self.left = after

    def notify(self, event: Event) -> None:
        self.left -= isinstance(event, OutcomeTold)
        if self.left == 0:
            self.discovery.interrupt()


def test_a_replay_that_was_interrupted_goes_on_to_the_same_rows(recorded: Path) -> None:
    """Twice, with everything in flight left where it was: equal prompts get their replies in the recorded order, also then."""
    with Archive.open(f"sqlite:///{recorded}") as archive:
        data = {**archive.run("first").config, "generator": {"kind": "recorded", "run": "first"}, "name": None}
        config = change_config(data, (), where="test")
        for resumed, after in ((None, 9), ("stopped", 14)):
            stopper = Stopper(after)
            parts = prepare(config, environ={}, archive=archive, observers=[stopper], resumed=resumed)
            run = create_run(parts, archive, name="stopped") if resumed is None else archive.run("stopped")
            stopper.discovery = assemble(parts, archive, run)
            assert asyncio.run(stopper.discovery.discover()).run.status == "interrupted"
    assert resume("stopped", archive=recorded).status == "finished"
    assert rows(recorded, "stopped") == rows(recorded, "first")


def test_what_was_not_recorded_ends_the_run_and_says_where(recorded: Path) -> None:
    """Another number of parents: the first requests are the same, and the first that differs is not stored."""
    again = replay("first", {"strategy.parents": 3}, archive=recorded, name="other")
    assert again.status == "failed"
    assert "of run 'first' was" in again.reason
    assert "generator.misses=fail" in again.reason
    same, asked = rows(recorded, "first")[0], rows(recorded, "other")[0]
    assert 8 <= len(asked) < len(same)
    assert [row[6] for row in asked] == [row[6] for row in same[: len(asked)]]
    assert resume("other", archive=recorded).status == "failed"
    on = resume("other", {"generator.misses": "fail"}, archive=recorded)
    assert "not-recorded" in on.spent.failures


def test_the_end_of_a_recording_ends_the_run(recorded: Path) -> None:
    """A larger budget buys nothing; a smaller one is kept."""
    longer = replay("first", {"budget.evaluations": 90}, archive=recorded)
    assert longer.status == "finished"
    assert longer.reason == "the recording of run 'first' is at its end, where that had stopped (budget of 60 evaluations used)"
    assert rows(recorded, longer.run)[:4] == rows(recorded, "first")[:4]
    shorter = replay("first", {"budget.evaluations": 20}, archive=recorded)
    assert shorter.reason.startswith("budget of 20 evaluations used")  # some of what was under way then failed
    assert shorter.spent.evaluations <= 20
    asked = [row[6] for row in rows(recorded, shorter.run)[0]]
    assert asked == [row[6] for row in rows(recorded, "first")[0]][: len(asked)]


def test_tuning_beside_a_replay_leaves_the_search_as_it_was(recorded: Path) -> None:
    """Its requests have numbers of their own, and the candidates of the search are the same in the same order."""
    tuned = replay("first", {"tune": {"evaluations": 40, "each": 20, "settled": 2}}, archive=recorded)
    assert tuned.status == "finished"
    assert tuned.spent.tunings >= 1
    first, again = rows(recorded, "first")[3], rows(recorded, tuned.run)[3]
    assert [row[4:] for row in again if row[2] != "tune"] == [row[4:] for row in first]


def test_an_imported_recording_cannot_go_on(recorded: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "recording.jsonl", tmp_path / "other.db"
    export_recording("first", file, archive=recorded)
    import_recording(file, archive=other)
    with pytest.raises(ConfigError, match=r"is a recording from elsewhere.*record replay first"):
        resume("first", archive=other)
    with open_archive(other) as archive:
        assert archive.run("first").status == "finished"
        assert archive.totals(archive.run("first").id).evaluations == 0


def test_no_key_and_nothing_of_the_machine_gets_into_the_file(scheduling: str, tmp_path: Path) -> None:
    """A key that a model repeats is taken out, wherever it stands; and the server's address is no business of anybody else."""
    key = "canary-0123456789"

    def talkative(received: Received) -> ServerAnswer:
        return reply(f"My key is {key}.\n" + RULE.format(weight=received.number, body=f"-loads * {received.number}"))

    environ = {"MY_KEY": key}
    with ScriptedEndpoint(talkative) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MY_KEY", key)
        generator = {"kind": "openai", "model": "m", "base_url": server.base_url, "api_key_env": "MY_KEY"}
        data = settings(server, scheduling, generator=generator, budget={"evaluations": 3}, in_flight=2)
        discover(data, archive=tmp_path / "a.db", name="first")
        file = tmp_path / "recording.jsonl"
        export_recording("first", file, archive=tmp_path / "a.db", environ=environ)
    written = file.read_text()
    assert key not in written
    assert "[key removed]" in written
    assert server.base_url not in written
    assert str(tmp_path) not in written
    header = json.loads(written.partition("\n")[0])
    assert (header["format"], header["run"]) == ("evoheur-recording/1", "first")
    assert "generator" not in header["config"]
