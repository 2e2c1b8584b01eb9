"""`spend`."""

from pathlib import Path

import pytest

from evoheur import discover, resume
from evoheur.testing.endpoint_server import ScriptedEndpoint, reply
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur


def test_the_parts_are_the_whole(finished: History) -> None:
    """By operator and by model: the requests, calls and tokens of the run, and its replies of use."""
    [run] = evoheur("runs", "--json", "--archive", finished.url).document
    found = evoheur("spend", "--json", "--archive", finished.url).document
    for shares in (found["operators"], found["models"]):
        assert sum(share["prompt_tokens"] + share["completion_tokens"] for share in shares) == run["tokens"]
        assert sum(share["calls"] for share in shares) == run["calls"]
        assert sum(share["requests"] for share in shares) == run["requests"]
        assert sum(share["useful"] for share in shares) == run["requests"] - run["failures"]["no-code"]
        assert sum(share["cost_usd"] or 0.0 for share in shares) == pytest.approx(run["cost_usd"])
    [best] = evoheur("best", "tiny", "-n", "1", "--json", "--archive", finished.url).document
    assert found["levels"][-1]["objective"] == best["objective"]
    objectives = [level["objective"] for level in found["levels"]]
    assert objectives == sorted(objectives, reverse=True)


def test_it_is_shown(finished: History) -> None:
    done = evoheur("spend", "tiny", "--archive", finished.url)
    assert done.code == 0
    assert "Run tiny: 11 requests" in done.out
    for word in ("operator", "i1", "model", "of use", "gain", "tiny/1", "objective"):
        assert word in done.out


def test_tokens_are_priced_again(tmp_path: Path, scheduling: str) -> None:
    """What a price of the configuration said then is stored with each reply; another one says something else now, of the same tokens."""
    url = f"sqlite:///{tmp_path}/a.db"
    details = {"prompt_tokens_details": {"cached_tokens": 40}, "completion_tokens_details": {"reasoning_tokens": 700}}
    code = "```python\ndef choose(length, loads):\n    return -loads * {}\n```"
    price = {"input": 10.0, "cached": 1.0, "output": 100.0}
    with ScriptedEndpoint(lambda received: reply(code.format(received.number), tokens=(100, 900), usage=details)) as server:
        config = {
            "problem": scheduling,
            "strategy": {"kind": "random"},
            "generator": {"kind": "openai", "model": "m", "base_url": server.base_url, "price": price},
            "budget": {"requests": 6},
            "evaluation": {"sandbox": {"kind": "process", "allow_unisolated": True}},
            "validation": {"top": 0},
            "name": "r",
        }
        discover(config, archive=url)
        then = evoheur("spend", "r", "--json", "--archive", url).document
        resume("r", {"generator.price": {"input": 20.0, "output": 100.0}, "budget.requests": 7}, archive=url)
    one = (60 * 10.0 + 40 * 1.0 + 900 * 100.0) / 1e6
    [model] = then["models"]
    assert model["cost_usd"] == pytest.approx(6 * one)
    assert (model["cached_tokens"], model["reasoning_tokens"], model["estimated_tokens"]) == (240, 4200, 0)
    assert then["prices"] == {"configuration": 6}
    now = evoheur("spend", "r", "--prices", "now", "--json", "--archive", url).document
    assert now["models"][0]["cost_usd"] == pytest.approx(7 * (100 * 20.0 + 900 * 100.0) / 1e6)
    assert now["levels"][0]["cost_usd"] == pytest.approx((100 * 20.0 + 900 * 100.0) / 1e6)
    shown = evoheur("spend", "r", "--prices", "now", "--archive", url)
    assert "$0.6440" in shown.out
    assert "Prices of replies: configuration for 7" in shown.out
    assert "reasoning" in shown.out


def test_health_is_counted_and_shown(finished: History) -> None:
    """Two replies are prose, and three raise; the last worse one is told twice but in other code."""
    found = evoheur("spend", "--json", "--archive", finished.url).document["health"]
    assert (found["among"], found["whole"]["all"]["replies"], found["whole"]["all"]["valid"]) == (3, 11, 6)
    assert sum(share["replies"] for share in found["whole"]["operators"]) == 11
    assert found["newest"] == found["whole"]
    shown = evoheur("spend", "tiny", "--archive", finished.url).out
    assert "Of all replies: valid, new beside earlier ones, better than the best parent, and among the 3 best so far" in shown
    assert "Of the last" not in shown
    assert "55%" in shown  # 6 of 11
