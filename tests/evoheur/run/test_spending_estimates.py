"""Estimates of what a run will spend, while it goes on, against what it spends."""

from pathlib import Path
from typing import Any

import pytest

from evoheur import discover, resume
from evoheur.archive.archive import Archive
from evoheur.archive.records import Told
from evoheur.candidate import Candidate
from evoheur.testing.endpoint_server import ScriptedEndpoint
from tests.evoheur.run.support.billing_model import METHODS, PRICE, BillingModel, Estimates, spend_and_estimate
from tests.evoheur.run.support.fakes import FakeConfig
from tests.support.one_guest import ONE_GUEST

MODEL = BillingModel("def choose(length, loads):", "-np.abs(loads - {a} * length) - {b} * (loads % 7)")


def settings(problem: str, method: str, budget: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "problem": problem,
        "strategy": METHODS[method],
        "budget": budget,
        "in_flight": 8,
        "evaluation": ONE_GUEST,
        "validation": {"top": 0},
        "name": "r",
        **more,
    }


@pytest.mark.parametrize("method", METHODS)
def test_after_twenty_replies_it_is_within_thirty_percent(tmp_path: Path, scheduling: str, method: str) -> None:
    """Of tokens and of money, for methods that ask differently, from real prompts and replies of varying length over HTTP."""
    course = spend_and_estimate(MODEL, settings(scheduling, method, {"evaluations": 120}), tmp_path)
    assert [forecast.replies for forecast in course.estimates[:3]] == [20, 40, 80]
    assert {forecast.limit for forecast in course.estimates} == {"budget.evaluations=120"}
    for forecast in course.estimates:
        for share in course.off(forecast):
            assert abs(share) <= 0.3
    assert abs(course.off(course.rehearsed)[0]) <= 0.3, "with replies of about the assumed length, the dry run is near, too"


def test_a_model_that_thinks_is_estimated_as_what_it_costs(tmp_path: Path, scheduling: str) -> None:
    """By ten times what the dry run assumes, which knows nothing of thinking; reflections included, before there was one."""
    model = BillingModel(MODEL.header, MODEL.result, thinking=3000)
    course = spend_and_estimate(model, settings(scheduling, "reevo", {"evaluations": 50}), tmp_path)
    assert course.off(course.rehearsed)[1] < -0.6
    assert all(abs(share) <= 0.3 for share in course.off(course.estimates[0]))


@pytest.mark.parametrize("budget", [{"tokens": 60_000}, {"cost_usd": 0.1}, {"requests": 50}, {"generations": 6}])
def test_the_limit_that_comes_first_is_the_one_that_is_named(tmp_path: Path, scheduling: str, budget: dict[str, Any]) -> None:
    [(name, value)] = budget.items()
    course = spend_and_estimate(MODEL, settings(scheduling, "es", {"evaluations": 2000, **budget}), tmp_path)
    assert course.estimates[0].limit == f"budget.{name}={value}"
    # How many requests a generation takes after the twentieth reply depends on what is in flight: up to a third on a busy machine.
    assert all(abs(share) <= 0.4 for share in course.off(course.estimates[0]))


def test_a_resumed_run_estimates_with_what_was_measured_before(tmp_path: Path, scheduling: str) -> None:
    estimates = Estimates()
    with ScriptedEndpoint(MODEL) as server:
        generator = {"kind": "openai", "model": "m", "base_url": server.base_url, "price": PRICE}
        discover(settings(scheduling, "eoh", {"evaluations": 30}, generator=generator), archive=tmp_path / "a.db")
        result = resume("r", {"budget.evaluations": 60}, archive=tmp_path / "a.db", observers=[estimates])
    first = estimates.heard[0]
    assert first.replies > 30
    assert result.stopped.estimate == first
    assert first.tokens == pytest.approx(result.spent.tokens, rel=0.3)


def test_nothing_of_a_run_hangs_on_its_estimates(tmp_path: Path, scheduling: str) -> None:
    """The same replies from a model, with estimates, and from this process, without."""
    codes, heard = [], []
    for name, paid in (("paid", True), ("free", False)):
        estimates = Estimates()
        config = settings(scheduling, "reevo", {"evaluations": 42}, tell_order="asked")
        config["generator"] = {"kind": FakeConfig().kind, "paid": paid}
        discover(config, archive=tmp_path / f"{name}.db", observers=[estimates])
        heard.append(len(estimates.heard))
        with Archive.open(f"sqlite:///{tmp_path}/{name}.db") as archive:
            log = archive.log(archive.run("r").id)
            told = [entry.outcome for entry in log if isinstance(entry, Told)]
            codes.append([one.code for one in told if isinstance(one, Candidate)])
    assert codes[0] == codes[1]
    assert heard[0] >= 2
    assert heard[1] == 0, "what costs nothing needs no estimate"
