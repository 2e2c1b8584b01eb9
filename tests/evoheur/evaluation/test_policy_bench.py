"""Search policies on their bench: what they may answer, and that whatever they do is a fault that says so."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from evoheur.evaluation.isolation import JailConfig, ProcessConfig
from evoheur.evaluation.policy_bench import PolicyBench
from evoheur.search_policy import PolicyChoice, PolicyFault, stored_answer
from evoheur.strategies.policy_grammar import PolicyGenes

PROGRAMS = [
    {"id": number, "cost": cost, "label": "free", "code": f"rule {number}", "age": number, "children": 1, "better": 0}
    for number, cost in ((7, 1.0), (2, 1.5), (9, 2.0), (4, 3.0))
]
PROGRESS = {"told": 9, "window": 3, "since_gain": 1, "patience": 30, "gain": 0.0, "contexts": 2}
KNOWN = [7, 2, 9, 4]


def policy(*lines: str, before: str = "") -> str:
    return f"{before}\n\ndef choose(programs, progress, rng):\n" + "".join(f"    {line}\n" for line in lines)


def answer(bench: PolicyBench, code: str, *, trial: str = "", seed: int = 5, **progress: Any) -> PolicyChoice | PolicyFault:
    view = {"programs": PROGRAMS, "progress": {**PROGRESS, **progress}, "seed": seed}
    context = {"policy": code, "view": json.dumps(view), "contexts": "2", "trial": trial}
    return stored_answer(asyncio.run(bench.consult(context)), KNOWN, contexts=2)


@pytest.fixture(scope="module")
def bench() -> Iterator[PolicyBench]:
    """In a jail, as runs have it."""
    bench = PolicyBench(JailConfig())
    yield bench
    asyncio.run(bench.close())


def test_a_policy_chooses_by_what_it_sees(bench: PolicyBench) -> None:
    code = policy("return dict(parent=programs[0]['id'], label='refine', context=(programs[-1]['id'], programs[1]['id']))")
    assert answer(bench, code) == PolicyChoice(parent=7, label="refine", context=(4, 2))


def test_equal_seeds_are_equal_choices(bench: PolicyBench) -> None:
    """And the module's own generator is seeded, too."""
    code = policy("return {'parent': rng.choice(programs)['id'], 'context': []}")
    own = policy("return {'parent': random.choice(programs)['id'], 'context': []}", before="import random")
    for one in (code, own):
        drawn = [answer(bench, one, seed=seed) for seed in (*range(6), *range(6))]
        assert drawn[:6] == drawn[6:]
        assert len(set(drawn)) > 1


def test_nothing_is_kept_between_choices(bench: PolicyBench) -> None:
    """So that a resumed run, whose guest is new, goes on as it would have."""
    code = policy("seen.append(1)", "return {'parent': programs[len(seen)]['id']}", before="seen = []")
    assert answer(bench, code) == answer(bench, code) == PolicyChoice(parent=2, label="free")


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (policy("raise KeyError('lost')"), "raised", "KeyError: 'lost'"),
        (policy("while True: pass"), "timeout", ""),
        (policy("return {'parent': 5}"), "unknown-id", "5 is the number of no program"),
        (policy("return {'parent': programs}"), "unknown-id", "is the number of no program"),
        (policy("return 'x' * 200_000"), "malformed", ""),
        (policy("return {'parent': 7 + 0j}"), "raised", ""),
        (policy("return bytes(10**9)"), "memory", ""),
        (policy("import os", "return {'parent': 7}"), "rejected", "imports 'os'"),
        (policy("return {'parent': 7", "x"), "syntax", ""),
        ("def chose(programs, progress, rng): return {'parent': 7}", "raised", "defines no function choose"),
        (policy("return {'parent': 7}", before="raise SystemExit"), "", ""),
    ],
    ids=["raises", "loops", "unknown", "a list", "long", "no JSON", "memory", "import", "syntax", "no function", "exits"],
)
def test_whatever_it_does_wrong_is_a_fault_and_the_next_one_is_served(
    bench: PolicyBench, code: str, reason: str, told: str
) -> None:
    fault = answer(bench, code)
    assert isinstance(fault, PolicyFault)
    assert reason in fault.reason
    assert told in fault.detail
    assert answer(bench, policy("return {'parent': 9}")) == PolicyChoice(parent=9, label="free")


def test_neither_files_nor_the_environment_are_in_reach(bench: PolicyBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment of the run is in none of the policy, and a file cannot be opened."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted")
    seen = policy("raise ValueError(str(dict(sys.modules['os'].environ)))", before="import typing\nsys = typing.sys")
    fault = answer(bench, seen)
    assert isinstance(fault, PolicyFault)
    assert "ValueError" in fault.detail
    assert "planted" not in fault.detail
    opened = answer(bench, policy("return {'parent': len(open('/etc/passwd').read())}"))
    assert isinstance(opened, PolicyFault)
    assert opened.reason == "raised"


def test_a_trial_includes_populations_of_one_and_two(bench: PolicyBench) -> None:
    """A policy that needs two programs passes with four, and not on trial; one that can do with one passes both."""
    needs_two = policy("return {'parent': programs[1]['id']}")
    assert isinstance(answer(bench, needs_two), PolicyChoice)
    assert isinstance(answer(bench, needs_two, trial="trial"), PolicyFault)
    assert isinstance(answer(bench, policy("return {'parent': programs[-1]['id']}"), trial="trial"), PolicyChoice)


def test_all_of_the_grammar_passes_its_trial() -> None:
    """Every rule for parents and for context, at the level that isolates least."""
    bench = PolicyBench(ProcessConfig())
    try:
        for parent in ("uniform", "best", "rank", "tournament", "rested", "promising"):
            for context in ("uniform", "best", "newest", "spread"):
                genes = PolicyGenes(parent=parent, context=context, contexts=2, diverge=0.25, refine=0.5)
                assert isinstance(answer(bench, genes.source(), trial="trial"), PolicyChoice), genes
    finally:
        asyncio.run(bench.close())
