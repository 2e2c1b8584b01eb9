"""What replies of a real model are of use, by problem: parsed, ran, better than the start, and the tokens of their prompts.

Any OpenAI-compatible server: `EVOHEUR_LIVE_BASE_URL=http://127.0.0.1:8123/v1 EVOHEUR_LIVE_MODEL=local pytest -s
tests/benchmarks/test_live_prompts.py --override-ini addopts= --timeout 0`. EVOHEUR_LIVE_REQUESTS says how many on each problem (25), and
EVOHEUR_LIVE_TOKENS how long a reply may be (400). EVOHEUR_LIVE_PROBLEMS names some of the problems only, so that several processes can
share a server that answers several at once.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from evoheur import ArchiveReader, discover, open_archive
from evoheur.archive.records import Told
from evoheur.candidate import Candidate, Status
from evoheur.request import Failure

PROBLEMS = ("cvrp_savings", "tsp_insertion", "bin_packing_offline", "bin_packing_online_levels")


class LiveRow(NamedTuple):
    """What came of a run's replies.

    Attributes:
        problem: What was searched for.
        replies: How many came.
        parsed: Those that hold the function.
        ran: Those that solved all training instances.
        better: Those that cost less than the problem's own heuristic.
        cut: Those that reached the limit of tokens without the function.
        sent: Tokens of a prompt, mean.
        received: Tokens of a reply, mean.
    """

    problem: str
    replies: int
    parsed: int
    ran: int
    better: int
    cut: int
    sent: float
    received: float


def live_row(archive: ArchiveReader, name: str) -> LiveRow:
    """Count a run."""
    run = archive.run(name)
    start = archive.baseline(run.id)
    assert start is not None
    assert start.objective is not None
    log = archive.log(run.id)
    told = [entry.outcome for entry in log if isinstance(entry, Told) and entry.asked.kind.asks_model]
    bred = [outcome for outcome in told if isinstance(outcome, Candidate)]
    usage = [entry.asked.completion.usage for entry in log if isinstance(entry, Told) and entry.asked.completion is not None]
    return LiveRow(
        problem=run.problem,
        replies=len(usage),
        parsed=len(bred),
        ran=sum(each.evaluation.status is Status.OK for each in bred),
        better=sum(each.objective is not None and each.objective < start.objective for each in bred),
        cut=sum(isinstance(each, Failure) and each.reason == "truncated" for each in told),
        sent=sum(each.prompt_tokens for each in usage) / max(1, len(usage)),
        received=sum(each.completion_tokens for each in usage) / max(1, len(usage)),
    )


def table(rows: Iterable[LiveRow]) -> str:
    """The rows as Markdown."""
    lines = [f"| {' | '.join(LiveRow._fields)} |", f"| --- |{' ---: |' * (len(LiveRow._fields) - 1)}"]
    for row in rows:
        cells = [f"{cell:,.0f}" if isinstance(cell, float) else str(cell) for cell in row]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def settings(problem: str, base_url: str, model: str) -> dict[str, Any]:
    """One request after the other, so that a server's cache of prompts and its seeds repeat themselves."""
    return {
        "problem": problem,
        "strategy": {"kind": "eoh", "population_size": 2, "parents": 2, "seed_with_baseline": True},
        "generator": {
            "kind": "openai",
            "model": model,
            "base_url": base_url,
            "temperature": 0.8,
            "seed": True,
            "max_tokens": int(os.environ.get("EVOHEUR_LIVE_TOKENS", "400")),
            "timeout_seconds": 900.0,
            "stop_if_useless": False,
        },
        "evaluation": {"executor": {"kind": "local", "slots": 1}},
        "budget": {"requests": int(os.environ.get("EVOHEUR_LIVE_REQUESTS", "25"))},
        "validation": {"top": 1},
        "in_flight": 1,
        "tell_order": "asked",
        "seed": 1,
    }


@pytest.mark.live
def test_replies_of_a_real_model_are_of_use(tmp_path: Path) -> None:
    """On every problem some reply holds the function; the table says how many do, and how many of them run."""
    base_url, model = os.environ.get("EVOHEUR_LIVE_BASE_URL"), os.environ.get("EVOHEUR_LIVE_MODEL", "local")
    if not base_url:
        pytest.skip("set EVOHEUR_LIVE_BASE_URL, and EVOHEUR_LIVE_MODEL where the server wants a name, to drive a real model")
    archive = tmp_path / "live.db"
    problems = os.environ.get("EVOHEUR_LIVE_PROBLEMS", " ".join(PROBLEMS)).split()
    for problem in problems:
        discover(settings(problem, base_url, model), archive=archive, name=problem)
    with open_archive(archive) as opened:
        rows = [live_row(opened, problem) for problem in problems]
    print(f"\n{table(rows)}")  # noqa: T201 - what the benchmark is for
    assert all(row.parsed for row in rows)
