"""Runs whose prompts evolve, against a model behind HTTP: what is asked, paid, stored, shown and resumed."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evoheur import Asked, ConfigError, discover, load_config, open_archive, resume
from evoheur.api.evolved_prompts import read_evolved_prompts
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply
from tests.end_to_end.support.dying_writer import Side, WriterDied, watched_writes
from tests.end_to_end.support.runs import rows
from tests.end_to_end.test_crash_points import after, unheard_tasks
from tests.evoheur.cli.commands.test_schema import check
from tests.evoheur.cli.conftest import _own_folder, tiny_settings
from tests.evoheur.cli.support.invoking import evoheur
from tests.evoheur.cli.test_widths import lines_on_a_terminal, unfit

__all__ = ["_own_folder", "unheard_tasks"]

WORD = "least loaded"
WRITING = "# How heuristics come about"
REQUESTS = 40


def answer(received: Received) -> ServerAnswer:
    """What follows from the prompt alone: an instruction, or a heuristic, which is good iff the prompt has the word."""
    chance = int(hashlib.sha256(received.prompt.encode()).hexdigest(), 16) % 1000
    if WRITING in received.prompt:
        if "Answer with this criticism" in received.prompt:
            return reply(f"It does not say which machine is best, in {chance} words.")
        return reply(f"Give every job to the machine that is {WORD}, and think of what comes later; attempt {chance}.")
    body = f"return -loads * {chance + 1}" if WORD in received.prompt else f"return -np.abs(loads - {chance / 100 + 2} * length)"
    return reply(f"```python\n# {{Weighs by {chance}.}}\nimport numpy as np\n\n\ndef choose(length, loads):\n    {body}\n```")


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(answer) as running:
        yield running


def settings(server: ScriptedEndpoint, scheduling: str, **changes: Any) -> dict[str, Any]:
    generator = {"kind": "openai", "model": "m", "base_url": server.base_url}
    prompts = {"evolve": "shinka", "every": 5}
    fixed = {"generator": generator, "prompts": prompts, "budget": {"requests": REQUESTS}, "novelty": False, "audit": False}
    made = tiny_settings(scheduling, **{**fixed, "tell_order": "asked", "name": "r", **changes})
    made["evaluation"]["sandbox"] = {"kind": "process", "allow_unisolated": True}
    return made


@pytest.fixture(scope="module")
def whole(server: ScriptedEndpoint, scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a run that nobody disturbs."""
    folder = tmp_path_factory.mktemp("whole")
    with contextlib.chdir(folder):  # the archive's address is part of what is stored, and the same for all
        discover(settings(server, scheduling), archive=Path("a.db"))
    return folder / "a.db"


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def test_every_call_is_a_request_that_is_paid(server: ScriptedEndpoint, scheduling: str, tmp_path: Path) -> None:
    """Those for instructions, too: the budget of requests is what the server counted."""
    before = len(server.journal)
    result = discover(settings(server, scheduling, seed=2), archive=tmp_path / "a.db")
    received = [exchange.received.prompt for exchange in server.journal[before:]]
    assert result.spent.requests == result.spent.calls == len(received) == REQUESTS
    assert 3 <= sum(WRITING in prompt for prompt in received) <= (REQUESTS - 1) // 6


def test_an_instruction_that_helps_is_what_prompts_show_in_the_end(whole: Path) -> None:
    with open_archive(url(whole)) as archive:
        found = read_evolved_prompts(archive, "r")
        shown = [asked.messages[0].content for asked in archive.log(archive.run("r").id) if isinstance(asked, Asked)]
    assert [each.instruction.origin for each in found][:2] == ["original", "rewrite"]
    helping = [each for each in found if WORD in each.instruction.text and each.is_established]
    assert helping
    assert min(each.credit or 0.0 for each in helping) > (found[0].credit or 0.0)
    assert sum(each.uses for each in found) == sum(WRITING not in prompt for prompt in shown)
    for each in found[1:]:
        assert sum(each.instruction.text in prompt and WRITING not in prompt for prompt in shown) == each.uses


def test_a_run_that_is_extended_equals_one_that_was_as_long(
    server: ScriptedEndpoint, scheduling: str, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    discover(settings(server, scheduling, budget={"requests": 17}), archive=Path("a.db"))
    resume("r", {"budget.requests": REQUESTS}, archive=Path("a.db"))
    assert rows(Path("a.db"))["request"] == rows(whole)["request"]


def test_a_run_that_was_killed_again_and_again_equals_one_that_was_not(
    server: ScriptedEndpoint, scheduling: str, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row: every request with its prompt, every candidate and evaluation. Each session has 23 transactions more to live."""
    monkeypatch.chdir(tmp_path)
    died = 0
    while True:
        try:
            with watched_writes(after(23, Side.LOST)):
                resume("r", archive=Path("a.db")) if died else discover(settings(server, scheduling), archive=Path("a.db"))
            break
        except WriterDied:
            died += 1
    assert died > 2
    assert rows(Path("a.db")) == rows(whole)


@pytest.mark.parametrize("evolve", ["gepa", pytest.param("pairwise", marks=pytest.mark.nightly)])
def test_a_run_with_trials_goes_on_in_the_middle_of_one(
    server: ScriptedEndpoint, scheduling: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evolve: str
) -> None:
    """It ends after every few requests, some of them between the two sides of a pair, and goes on as if it had not; row by row."""
    wanted = settings(server, scheduling, prompts={"evolve": evolve, "every": 4}, budget={"requests": 32})
    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        discover(wanted if name == "whole" else {**wanted, "budget": {"requests": 8}}, archive=Path("a.db"))
    for requests in (11, 16, 21, 32):
        resume("r", {"budget.requests": requests}, archive=Path("a.db"))
    assert rows(tmp_path / "parts" / "a.db")["request"] == rows(tmp_path / "whole" / "a.db")["request"]
    with open_archive(url(tmp_path / "parts" / "a.db")) as archive:
        found = read_evolved_prompts(archive, "r")
    assert [each.instruction.origin for each in found[1:2]] == [{"gepa": "reflection", "pairwise": "criticism"}[evolve]]


def test_commands_show_the_instructions(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = evoheur("prompts", "evolved", "r", "--archive", url(whole))
    assert "established" in shown.out
    assert f"machine that is {WORD}" in " ".join(shown.out.split())
    document = evoheur("prompts", "evolved", "r", "--json", "--archive", url(whole)).document
    check("evolved-prompts", document)
    assert [each["number"] for each in document["prompts"]] == list(range(len(document["prompts"])))
    assert document["prompts"][0]["text"] == ""
    for width in (40, 80):
        monkeypatch.setenv("COLUMNS", str(width))
        assert unfit(lines_on_a_terminal(["prompts", "evolved", "r", "--archive", url(whole)]), width) == []


def test_a_run_whose_prompts_do_not_evolve_says_how_they_would(scheduling: str, tmp_path: Path) -> None:
    discover(tiny_settings(scheduling, name="plain"), archive=tmp_path / "a.db")
    assert "--set prompts.evolve=shinka" in evoheur("prompts", "evolved", "plain", "--archive", url(tmp_path / "a.db")).out


def test_there_is_nothing_to_gain_offline(scheduling: str, tmp_path: Path) -> None:
    offline = tiny_settings(scheduling, prompts={"evolve": "shinka"}, generator={"kind": "mutator"})
    with pytest.raises(ConfigError, match=r"prompts\.evolve is 'shinka', but the generator 'mutator' reads no prompts"):
        discover(offline, archive=tmp_path / "a.db")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"notes": False}, "which notes: false rules out"),
        ({"strategy": {"kind": "reevo", "black_box": True}}, "which this strategy's prompts are set to hide"),
        ({"prompts": {"evolve": "shinko"}}, "prompts.evolve"),
    ],
)
def test_what_does_not_go_together_is_refused(
    server: ScriptedEndpoint, scheduling: str, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        discover(settings(server, scheduling, **changes), archive=tmp_path / "a.db")


def test_a_folder_is_named_as_before(tmp_path: Path) -> None:
    """As a string, also in configurations that earlier runs stored."""
    plain = {
        "problem": "bin_packing_online",
        "strategy": {"kind": "eoh"},
        "generator": {"kind": "mutator"},
        "budget": {"requests": 1},
    }
    assert load_config({**plain, "prompts": "mine"}).prompts_folder == "mine"
    assert load_config({**plain, "prompts": None}).prompts_folder is None
    changed = load_config(plain, ["prompts.evolve=shinka", "prompts.folder=mine"])
    assert changed.prompt_evolution is not None
    assert (changed.prompts_folder, changed.prompt_evolution.evolve) == ("mine", "shinka")


def test_repairs_are_credited_to_nobody(server: ScriptedEndpoint, scheduling: str, tmp_path: Path) -> None:
    discover(settings(server, scheduling, repair=1, strategy={"kind": "reevo", "initial": 4}), archive=tmp_path / "a.db")
    with open_archive(url(tmp_path / "a.db")) as archive:
        found = read_evolved_prompts(archive, "r")
        asked = [each for each in archive.log(archive.run("r").id) if isinstance(each, Asked)]
    wanted = [each for each in asked if each.operator in {"init", "crossover", "mutate"}]
    assert sum(each.uses for each in found) == len(wanted)
    assert {"reflect_short", "rewrite_prompt"} <= {each.operator for each in asked}
