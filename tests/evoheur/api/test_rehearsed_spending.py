"""What a dry run says of prompts and money."""

import math
from pathlib import Path
from typing import Any

import pytest

from evoheur import ConfigError, discover, load_config
from evoheur.api.rehearsal import rehearse
from evoheur.archive.archive import Archive
from evoheur.archive.records import Totals
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.run.config import RunConfig
from evoheur.run.played_strategy import MadeUpOutcomes, play, until_limit
from evoheur.run.run_parts import prepare
from evoheur.run.spending_forecast import ForecastPrompt, first_prompts
from evoheur.strategies.prompt_evolving import PROMPT_CARDS
from evoheur.strategies.strategy import BUILTIN_STRATEGIES
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply
from tests.evoheur.cli.support.invoking import evoheur
from tests.support.one_guest import ONE_GUEST

PRICE = {"input": 1.0, "output": 10.0}
ELSEWHERE = "https://llm.example.org/v1"


def model(problem: str, budget: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "problem": problem,
        "strategy": {"kind": "eoh", "population_size": 4, "parents": 2},
        "generator": {"kind": "openai", "model": "m", "base_url": ELSEWHERE, "price": PRICE, **more},
        "budget": budget,
        "evaluation": ONE_GUEST,
        "validation": {"top": 0},
    }


@pytest.fixture
def without_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.mark.usefixtures("without_key")
def test_a_rehearsal_needs_no_key(tmp_path: Path, scheduling: str) -> None:
    """A run does."""
    with pytest.raises(ConfigError, match="OPENAI_API_KEY is not set"):
        discover(model(scheduling, {"requests": 5}), archive=tmp_path / "a.db")
    shown = rehearse(model(scheduling, {"requests": 100}), archive=tmp_path / "a.db")
    assert [prompt.operator for prompt in shown.prompts] == ["i1", "e1", "e2", "m1", "m2", "m3"]
    assert sum(prompt.share for prompt in shown.prompts) == pytest.approx(1.0)
    for prompt in shown.prompts:
        assert prompt.tokens == math.ceil(sum(len(message.content) for message in prompt.messages) / 4)
        assert "choose(length: int, loads:" in prompt.messages[0].content


@pytest.mark.usefixtures("without_key")
@pytest.mark.parametrize(
    ("budget", "limit", "requests"),
    [
        ({"requests": 100}, "budget.requests=100", 100),
        ({"evaluations": 100}, "budget.evaluations=100", 100),
        ({"evaluations": 100, "requests": 30}, "budget.requests=30", 30),
        ({"minutes": 5}, "", 100),
    ],
)
def test_the_whole_budget_is_estimated(
    tmp_path: Path, scheduling: str, budget: dict[str, Any], limit: str, requests: int
) -> None:
    """By the limit that comes first; without one, a part of the run is spoken of."""
    forecast = rehearse(model(scheduling, budget), archive=tmp_path / "a.db").forecast
    assert forecast is not None
    assert (forecast.limit, forecast.requests) == (limit, requests)
    expected = (forecast.prompt_tokens * PRICE["input"] + forecast.completion_tokens * PRICE["output"]) / 1e6
    assert forecast.cost_usd == pytest.approx(expected, rel=0.02)


@pytest.mark.usefixtures("without_key")
def test_budgets_of_tokens_and_money_are_estimated_in_requests(tmp_path: Path, scheduling: str) -> None:
    for budget in ({"tokens": 100_000}, {"cost_usd": 0.5}):
        forecast = rehearse(model(scheduling, budget), archive=tmp_path / "a.db").forecast
        assert forecast is not None
        spent = forecast.prompt_tokens + forecast.completion_tokens if "tokens" in budget else forecast.cost_usd
        assert spent == pytest.approx(next(iter(budget.values())), rel=0.05)


def test_an_unknown_price_is_said_and_an_offline_generator_costs_nothing(tmp_path: Path, scheduling: str) -> None:
    config = model(scheduling, {"requests": 10}, price=None)
    forecast = rehearse(config, archive=tmp_path / "a.db").forecast
    assert forecast is not None
    assert forecast.cost_usd is None
    assert rehearse({**config, "generator": {"kind": "mutator"}}, archive=tmp_path / "a.db").forecast is None


def test_the_estimate_is_near_what_is_spent(tmp_path: Path, scheduling: str) -> None:
    """A server that counts four characters to a token, and a model whose heuristics are of the assumed length."""

    def answer(received: Received) -> ServerAnswer:
        padding = "# " + "x" * 150
        text = f"```python\n# {{Weighs loads by {received.number}, which is an idea like any other.}}\nimport numpy as np\n\n"
        text += f"def choose(length, loads):\n    {padding}\n    return -loads * {received.number} - length\n```"
        sent = sum(len(message["content"]) for message in received.payload["messages"])
        return reply(text, tokens=(sent // 4, len(text) // 4))

    with ScriptedEndpoint(answer) as server:
        config = {**model(scheduling, {"requests": 60}, base_url=server.base_url), "name": "r", "in_flight": 4}
        shown = rehearse(config, archive=tmp_path / "b.db")
        result = discover(config, archive=tmp_path / "a.db")
    assert shown.forecast is not None
    assert result.spent.prompt_tokens == pytest.approx(shown.forecast.prompt_tokens, rel=0.3)
    with Archive.open(f"sqlite:///{tmp_path}/a.db", read_only=True) as archive:
        [(first, _), *_] = archive.replies("r")
    assert first == shown.prompt, "what is shown is what is sent"


@pytest.mark.usefixtures("without_key")
def test_the_command_line_shows_it(tmp_path: Path, scheduling: str) -> None:
    config = tmp_path / "run.yaml"
    config.write_text(
        f"problem: {scheduling}\nstrategy: {{kind: reevo}}\nbudget: {{evaluations: 100}}\n"
        f"generator: {{kind: openai, model: m, base_url: {ELSEWHERE!r}, price: {{input: 1.0, output: 10.0}}}}\n"
    )
    done = evoheur("run", str(config), "--dry-run")
    assert done.code == 0, done.err
    for operator in ("init", "reflect_short", "crossover", "reflect_long", "mutate"):
        assert f"First prompt, operator '{operator}', user: (about " in done.out
    assert "Estimate for budget.evaluations=100: 1" in done.out
    assert "$0." in done.out
    assert "It assumes four characters to a token" in done.out


def played_prompts(config: RunConfig) -> tuple[ForecastPrompt, ...]:
    """The first prompt of every operator that a played run comes to."""
    parts = prepare(config, environ={}, rehearsed=True)
    scored = Evaluation(status=Status.OK, objective=4.0, split="train", measures={"nodes": 30.0, "lines": 3.0})
    start = Candidate(id=0, code=parts.card.code, thought="", operator="baseline", parents=(), evaluation=scored)
    part = until_limit(play(parts.make_strategy(start), MadeUpOutcomes(start)), config.budget, Totals())
    return first_prompts(
        parts.make_strategy(start), start, lambda request: parts.prompts.render(parts.template_folder, request), part
    )


@pytest.mark.parametrize(
    "kind",
    [
        "adaevolve",
        "ael",
        "calm",
        "eohs",
        "es",
        "evox",
        "funsearch",
        "hsevo",
        "lhns",
        "map_elites",
        "mcts_ahd",
        "meoh",
        "nsga2",
        "opro",
        "portfolio",
        "random",
        "reevo",
        "sfs",
    ],
)
def test_every_method_can_be_played(kind: str) -> None:
    """With what ships for it, repairs included; every prompt that is shown has its operator's form."""
    config: RunConfig = load_config(f"{kind}_bin_packing_online", ["repair=1"])
    prompts = played_prompts(config)
    assert "repair" in {prompt.operator for prompt in prompts}
    known = {*config.strategy.catalogue, "repair"}
    assert {prompt.operator for prompt in prompts} <= known
    assert all(prompt.tokens > 50 for prompt in prompts)


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in {"eoh", "reevo"} else pytest.mark.nightly) for kind in BUILTIN_STRATEGIES]
)
@pytest.mark.parametrize(
    ("evolve", "operators"),
    [
        ("shinka", {"edit_prompt", "rewrite_prompt"}),
        pytest.param("gepa", {"reflect_prompt"}, marks=pytest.mark.nightly),
        pytest.param("pairwise", {"criticise_prompt", "mend_prompt"}, marks=pytest.mark.nightly),
    ],
)
def test_instructions_are_forecast_with_every_method(kind: str, evolve: str, operators: set[str]) -> None:
    """Those that evolve are written by calls, which count, and shown by prompts."""
    model = "generator={kind: openai, model: m, base_url: http://127.0.0.1:1/v1}"
    prompts = played_prompts(load_config(f"{kind}_bin_packing_online", ["repair=1", f"prompts.evolve={evolve}", model]))
    written = {prompt.operator: prompt.share for prompt in prompts if prompt.operator in PROMPT_CARDS}
    assert set(written) == operators
    assert 0.01 < sum(written.values()) < 0.1, "about one in twenty, or two where a criticism comes first"
