"""Runs through outages, limits and refusals, against a real server."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evoheur import discover, open_archive, resume
from evoheur.generation.outage import OutageNews
from evoheur.request import Failure
from evoheur.run.events import Event, OutcomeTold
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply, status
from tests.evoheur.generation.support.faulty_server import FAULTS, ONE_PROMPT, MixedFaults
from tests.support.one_guest import ONE_GUEST

CODE = "{{Weighs by {number}.}}\n```python\ndef choose(length, loads):\n    return -{number} * loads\n```"
QUICK = {"longest_wait_seconds": 0.03, "longest_pause_seconds": 0.1}
PATIENT = 30
"""Attempts where a third of all calls fail of faults that pass: with the default of 8, one request in 8,000 is rightly given up."""


def code(number: int) -> str:
    return CODE.format(number=number % 7 + 1)


def answer(received: Received) -> ServerAnswer:
    return reply(code(received.number))


def settings(server: ScriptedEndpoint, problem: str, budget: dict[str, Any], in_flight: int = 16, **more: Any) -> dict[str, Any]:
    return {
        "problem": problem,
        "strategy": {"kind": "random"},
        "generator": {"kind": "openai", "model": "m", "base_url": server.base_url, **QUICK, **more},
        "budget": {"evaluations": None, **budget},
        "evaluation": ONE_GUEST,
        "in_flight": in_flight,
        "name": "r",
        "validation": {"top": 0},
    }


class Listening:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.outages: list[OutageNews] = []
        self.failures: Counter[str] = Counter()

    def notify(self, event: Event) -> None:
        if isinstance(event, OutageNews):
            self.outages.append(event)
        if isinstance(event, OutcomeTold) and isinstance(event.told.outcome, Failure):
            self.failures[event.told.outcome.reason] += 1


def test_an_outage_pauses_a_run_and_costs_none_of_its_requests(tmp_path: Path, scheduling: str) -> None:
    """However the answers to calls that were under way before it come in between: each of them ends an outage, and the next one begins."""
    heard = Listening()

    def down_until_it_is_noticed(received: Received) -> ServerAnswer:
        return status(503) if received.number >= 30 and (received.number < 60 or not heard.outages) else answer(received)

    with ScriptedEndpoint(down_until_it_is_noticed) as server:
        result = discover(settings(server, scheduling, {"requests": 80}), archive=tmp_path / "a.db", observers=[heard])
        assert result.status == "finished", result.reason
        refused = sum(exchange.answer.code == 503 for exchange in server.journal)
        assert (result.spent.requests, result.spent.calls) == (80, len(server.journal)) == (80, 80 + refused)
        assert refused >= 30
        assert result.spent.tokens == sum(server.billed)
    assert heard.failures == {}
    outages = [news.is_over for news in heard.outages].count(True)
    assert outages >= 1
    with open_archive(tmp_path / "a.db") as archive:
        kept = [event.kind for event in archive.run_events(archive.run("r").id)]
    assert [kind for kind in kept if kind.startswith("outage")] == ["outage", "outage_over"] * outages


def test_after_its_time_an_outage_stops_the_run_and_resuming_loses_and_buys_nothing(tmp_path: Path, scheduling: str) -> None:
    with ScriptedEndpoint(lambda received: answer(received) if received.number < 30 else status(503)) as server:
        began = time.monotonic()
        stopped = discover(settings(server, scheduling, {"requests": 60}, outage_minutes=0.01), archive=tmp_path / "a.db")
        assert time.monotonic() - began < 60, "those that wait are not given the grace that calls under way are"
    assert stopped.status == "failed"
    for words in ("nothing got through since", "HTTP 503", "No request is lost", "generator.outage_minutes"):
        assert words in stopped.reason
    assert stopped.spent.failures == {}
    with ScriptedEndpoint(answer) as server:
        went_on = resume("r", {"generator.base_url": server.base_url}, archive=tmp_path / "a.db")
        assert (went_on.status, went_on.spent.requests) == ("finished", 60)
        assert len(server.journal) == 60 - 29, "the first 29 replies were bought before"
    assert went_on.spent.failures == {}


def test_a_daily_quota_stops_the_run_at_once_and_says_when_to_resume(tmp_path: Path, scheduling: str) -> None:
    quota = status(429, "Limit reached on requests per day (RPD). Please try again in 5h12m.")
    with ScriptedEndpoint(lambda received: answer(received) if received.number < 20 else quota) as server:
        stopped = discover(settings(server, scheduling, {"requests": 60}), archive=tmp_path / "a.db")
        assert len(server.journal) < 20 + 16 + 1
    assert stopped.status == "failed"
    assert "on, when the quota is renewed" in stopped.reason


@pytest.mark.slow
def test_time_that_is_up_in_an_outage_ends_the_run(tmp_path: Path, scheduling: str) -> None:
    """A budget of minutes is of wall time: what is in flight is not waited for through the outage, and asked again with more time."""
    with ScriptedEndpoint(lambda received: answer(received) if received.number < 20 else status(503)) as server:
        began = time.monotonic()
        result = discover(settings(server, scheduling, {"minutes": 0.25}), archive=tmp_path / "a.db")
        assert 12 < time.monotonic() - began < 90
    assert result.status == "finished"
    assert "budget of 0.25 minutes used, the last of them in an outage" in result.reason
    done = result.spent.requests
    with ScriptedEndpoint(answer) as server:
        went_on = resume(
            "r",
            {"budget.minutes": None, "budget.requests": done + 4, "generator.base_url": server.base_url},
            archive=tmp_path / "a.db",
        )
        assert (went_on.status, went_on.spent.requests) == ("finished", done + 4)
        assert len(server.journal) == done + 4 - 19


@pytest.mark.parametrize(
    ("refusal", "in_flight"),
    [(status(402, "only so many tokens"), 1), (status(403, "you may not"), 16), (status(404, "no route"), 16)],
)
def test_a_request_that_is_refused_again_on_resume_is_given_up(
    tmp_path: Path, scheduling: str, refusal: ServerAnswer, in_flight: int
) -> None:
    """While others are answered. A run whose account was empty goes on once it is filled, though one request is still refused.

    The seed of a request tells which one it is, in every session. With one call at a time there is nobody to compare with, so the empty
    account costs the first request that meets it.
    """
    empty = status(402, "no credit")
    refused: list[int] = []

    def account_is_empty(received: Received) -> ServerAnswer:
        if received.number < 10:
            return answer(received)
        refused.append(received.payload["seed"])
        return empty

    with ScriptedEndpoint(account_is_empty) as server:
        config = settings(server, scheduling, {"requests": 30}, in_flight, seed=True)
        stopped = discover(config, archive=tmp_path / "a.db")
    assert stopped.status == "failed"
    assert "402" in stopped.reason
    once = refused[-1]

    with ScriptedEndpoint(lambda received: refusal if received.payload["seed"] == once else answer(received)) as server:
        went_on = resume("r", {"generator.base_url": server.base_url}, archive=tmp_path / "a.db")
    assert (went_on.status, went_on.spent.requests) == ("finished", 30), went_on.reason
    assert went_on.spent.failures == {"refused": 2 if in_flight == 1 else 1}


def test_a_wrong_key_stops_at_once_and_spends_nothing(tmp_path: Path, scheduling: str) -> None:
    with ScriptedEndpoint(lambda _received: status(401, "Incorrect API key")) as server:
        stopped = discover(settings(server, scheduling, {"requests": 20}), archive=tmp_path / "a.db")
        assert len(server.journal) <= 16
    assert stopped.status == "failed"
    assert stopped.spent.failures == {}
    with ScriptedEndpoint(answer) as server:
        went_on = resume("r", {"generator.base_url": server.base_url}, archive=tmp_path / "a.db")
    assert (went_on.status, went_on.spent.requests, went_on.spent.failures) == ("finished", 20, {})


def test_budgets_hold_at_their_boundary_among_faults(tmp_path: Path, scheduling: str) -> None:
    """With 16 in flight, a third of whose calls fail: at most one reply beyond the tokens."""
    faults = {name: fault for name, fault in FAULTS.items() if "stream" not in name}
    with ScriptedEndpoint(MixedFaults(faults, 0.33, lambda _number: code(1))) as server:
        result = discover(settings(server, scheduling, {"tokens": 30_000}), archive=tmp_path / "a.db")
        assert result.status == "finished", result.reason
        one = max(exchange.answer.prompt_tokens + exchange.answer.completion_tokens for exchange in server.journal)
        assert result.spent.tokens == sum(server.billed)
        assert result.spent.calls == len(server.journal)
    assert 30_000 <= result.spent.tokens <= 30_000 + one


@pytest.mark.parametrize("requests", [120, pytest.param(2000, marks=pytest.mark.nightly)])
def test_all_faults_mixed_in_one_run(tmp_path: Path, scheduling: str, requests: int) -> None:
    """Two of five calls meet one of 21 faults: every request ends once, and calls and tokens are those of the server's log."""
    heard = Listening()
    with ScriptedEndpoint(MixedFaults(FAULTS | ONE_PROMPT, 0.4, code, until=1.2 * requests)) as server:
        result = discover(
            settings(server, scheduling, {"requests": requests}, outage_minutes=None, max_attempts=PATIENT),
            archive=tmp_path / "a.db",
            observers=[heard],
        )
        assert result.status == "finished", result.reason
        assert (result.spent.requests, result.spent.pending) == (requests, 0)
        assert result.spent.calls == len(server.journal)
        assert result.spent.tokens == sum(server.billed)
        assert result.spent.prompt_tokens == server.billed[0]
    assert set(heard.failures) <= {"moderated", "refused", "bad-request"}
    assert sum(heard.failures.values()) < requests // 4
    with open_archive(tmp_path / "a.db") as archive:
        assert archive.run("r").status == "finished"
