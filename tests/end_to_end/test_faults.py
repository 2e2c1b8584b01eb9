"""A run against an endpoint and a model that do everything wrong: it survives, counts and explains all of it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evoheur.testing.endpoint_server import (
    ScriptedEndpoint,
    ServerAnswer,
    cut_body,
    error_object,
    html,
    raw,
    reply,
    reset,
    status,
)
from tests.end_to_end.support.runs import configuration, evoheur, query


def rule(body: str, head: str = "import numpy as np", name: str = "priority(item, bins)") -> ServerAnswer:
    return reply(f"{{An idea.}}\n```python\n{head}\n\ndef {name}:\n    {body}\n```")


HONEST = "return -(bins - item) * {}"

TRANSPORT: list[ServerAnswer] = [
    status(429, retry_after="1"),
    status(429),
    status(500),
    status(503),
    reset(),
    cut_body(),
    html(),
    error_object(),
    raw(b"", kind="empty body"),
]
"""Every one of these is tried again, so it costs a call and no candidate."""

REPLIES: dict[str, tuple[ServerAnswer, str]] = {
    "empty reply": (reply(""), "empty"),
    "null content": (reply(None), "empty"),
    "prose without code": (reply("Best fit is a fine heuristic, and I would not change it."), "no-code"),
    "wrong name": (rule("return bins", name="score(item, bins)"), "wrong-name"),
    "wrong arity": (rule("return bins", name="priority(item)"), "wrong-arity"),
    "syntax error": (rule("return bins +* 2"), "syntax"),
    "cut in half": (reply("{An idea.}\n```python\ndef priority(item, bins):\n    total = (item +", finish="length"), "truncated"),
    "missing module": (rule("return bins", head="import scipy.special"), "rejected"),
    "imports os": (rule("return bins", head="import os"), "rejected"),
    "infinite loop": (rule("while True: pass"), "timeout"),
    "endless recursion": (rule("return priority(item, bins)"), "error"),
    "memory bomb": (rule("return np.ones(10**11)"), "memory"),
    "os._exit": (rule("__import__('os')._exit(0)"), "crashed"),
    "kills its parent": (rule("os = __import__('os'); os.kill(os.getppid(), 9)\n    while True: pass"), "crashed"),
    "prints without end": (rule("while True: print('x' * 10**6)"), "timeout"),
    "wrong shape": (rule("return np.argmax(bins)"), "error"),
    "NaN": (rule("return bins * np.nan"), "error"),
    "a forged answer": (
        rule(
            "job = __import__('sys').modules['evoheur.evaluation.guest_job']\n"
            "    job.to_json = lambda solution: [0] * 5000\n"
            "    return bins.astype(float)"
        ),
        "infeasible",
    ),
}
"""Every one of these is paid for and stored with its reason."""

EVALUATIONS = 30


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ScriptedEndpoint, str]:
    """One run in which every fault strikes once, among honest replies."""
    script: list[ServerAnswer] = []
    faults = [answer for answer, _ in REPLIES.values()]
    for number in range(max(len(TRANSPORT), len(faults))):
        script += TRANSPORT[number : number + 1]
        script += faults[number : number + 1]
        script += [rule(HONEST.format(number + 1))]
    script += [rule(HONEST.format(f"{number} + item")) for number in range(100, 200)]
    folder = tmp_path_factory.mktemp("faulty")
    with ScriptedEndpoint(script) as server:
        config = configuration(
            folder,
            name="r",
            problem={"name": "bin_packing_online", "settings": {"nan": "error"}},
            strategy={"kind": "eoh", "population_size": 4, "parents": 2},
            generator={"kind": "openai", "model": "m", "base_url": server.base_url, "longest_wait_seconds": 1.0},
            evaluation={
                "executor": {"kind": "local", "slots": 2},
                "sandbox": {"kind": "process", "allow_unisolated": True},
                "limits": {"load_seconds": 5, "cpu_seconds": 1, "wall_seconds": 4, "memory_mib": 512},
            },
            budget={"evaluations": EVALUATIONS, "requests": 200},
            validation={"top": 1},
            in_flight=4,
        )
        done = evoheur("run", str(config), cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, server, done.stdout


Faulty = tuple[Path, ScriptedEndpoint, str]


def listed(faulty: Faulty) -> dict[str, Any]:
    [run] = json.loads(evoheur("runs", "--json", cwd=faulty[0]).stdout)
    assert isinstance(run, dict)
    return run


@pytest.mark.slow
def test_every_call_and_every_token_is_accounted_for(faulty: Faulty) -> None:
    """What the database says is what the server's own journal says."""
    run, (_, server, _) = listed(faulty), faulty
    assert run["calls"] == len(server.journal)
    assert run["tokens"] == sum(server.tokens)


@pytest.mark.slow
def test_no_request_is_lost_and_the_budget_is_spent_exactly(faulty: Faulty) -> None:
    run = listed(faulty)
    assert (run["status"], run["evaluations"]) == ("finished", EVALUATIONS)
    database = faulty[0] / "runs" / "evoheur.db"
    assert query(database, "SELECT count(*) FROM request WHERE told_seq IS NULL") == [(0,)]
    assert query(database, "SELECT count(*) FROM request") == query(database, "SELECT count(*) FROM completion")


@pytest.mark.slow
def test_every_fault_is_counted_by_its_reason(faulty: Faulty) -> None:
    run, (_, server, _) = listed(faulty), faulty
    served = [exchange.answer for exchange in server.journal]
    expected = Counter(reason for answer, reason in REPLIES.values() if any(answer is given for given in served))
    assert sum(expected.values()) == len(REPLIES), "not every fault was served; raise EVALUATIONS"
    assert run["failures"] == dict(expected)


@pytest.mark.slow
def test_every_failure_has_a_reason_a_person_understands(faulty: Faulty) -> None:
    """One or a few words would not do; the reason names the value or the line."""
    printed = evoheur("failures", "r", "--json", cwd=faulty[0]).stdout
    groups = json.loads(printed)
    assert {group["reason"] for group in groups} == {reason for _, reason in REPLIES.values()}
    assert all(len(example["detail"]) > 15 for group in groups for example in group["examples"])


def test_a_wrong_key_stops_the_run_at_once_with_exit_1_and_it_can_be_resumed(tmp_path: Path, scheduling: str) -> None:
    honest = "return -(loads * {}).astype(float)"

    def choose(number: int) -> ServerAnswer:
        return rule(honest.format(number + 1), name="choose(length, loads)")

    settings: dict[str, Any] = {
        "name": "r",
        "problem": scheduling,
        "strategy": {"kind": "random"},
        "evaluation": {"sandbox": {"kind": "process", "allow_unisolated": True}, "limits": {"memory_mib": 256}},
        "budget": {"evaluations": 12},
        "in_flight": 2,
    }
    with ScriptedEndpoint([*(choose(number) for number in range(5)), *[status(401, "invalid key")] * 20]) as refusing:
        config = configuration(tmp_path, generator={"kind": "openai", "model": "m", "base_url": refusing.base_url}, **settings)
        stopped = evoheur("run", str(config), cwd=tmp_path)
    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert "401" in stopped.stdout + stopped.stderr
    assert "evoheur resume r" in stopped.stdout + stopped.stderr
    assert sum(exchange.answer.code == 401 for exchange in refusing.journal) <= 2
    with ScriptedEndpoint([choose(number) for number in range(5, 30)]) as willing:
        resumed = evoheur("resume", "r", "--set", f"generator.base_url={willing.base_url}", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert len(willing.journal) == 7, "the first five replies were bought before"
