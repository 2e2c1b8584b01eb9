"""Several models in one run: routes, weights, the bandit, and who takes over."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.errors import ConfigError, GenerationError, GeneratorRefused
from evoheur.generation.endpoint import EndpointConfig
from evoheur.generation.generator import CallsLost, Generator, GeneratorContext
from evoheur.generation.model_pool import ModelPool, PoolConfig
from evoheur.request import Completion, Failure, Request, Usage
from evoheur.run.config import load_config, parse_config
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply, status
from evoheur.testing.generator_contract import GeneratorContract, ToyPacking
from evoheur.testing.streamed_answers import StreamCourse, streamed
from tests.evoheur.generation.support.asking import PROMPT

CODE = "{{Weighs by {number}.}}\n```python\ndef priority(item, bins):\n    return {number} * bins\n```"


def echo(received: Received) -> ServerAnswer:
    return reply(CODE.format(number=received.prompt.split(",")[0].removeprefix("Task ")))


def hello(_received: Received) -> ServerAnswer:
    return reply("hello")


def pool(servers: dict[str, ScriptedEndpoint], **settings: Any) -> ModelPool:
    """A pool of endpoints, which try a call once."""
    members = {
        name: {"kind": "openai", "model": f"model-{name}", "base_url": server.base_url, "max_attempts": 1}
        for name, server in servers.items()
    }
    return PoolConfig.model_validate({"members": members, **settings}).build(GeneratorContext(problem=ToyPacking()))


class TestModelPool(GeneratorContract):
    """The contract, with two servers behind it."""

    @pytest.fixture(autouse=True)
    def _serve(self) -> Iterable[None]:
        with ScriptedEndpoint(echo) as self.one, ScriptedEndpoint(echo) as self.two:
            yield

    one: ScriptedEndpoint
    two: ScriptedEndpoint

    def make_generator(self, context: GeneratorContext) -> Generator:
        members = {
            name: EndpointConfig(model="m", base_url=server.base_url) for name, server in (("one", self.one), ("two", self.two))
        }
        return PoolConfig(members=members).build(context)


def ask(generator: Generator, requests: Iterable[Request]) -> list[Completion]:
    async def all_of_them() -> list[Completion]:
        try:
            return [await generator.complete(PROMPT, request, seed=number) for number, request in enumerate(requests)]
        finally:
            await generator.close()

    return asyncio.run(all_of_them())


def test_routes_are_obeyed_also_below_a_folder() -> None:
    with ScriptedEndpoint(hello) as cheap, ScriptedEndpoint(hello) as strong:
        made = pool({"cheap": cheap, "strong": strong}, routes={"reflect*": "cheap", "describe": "cheap", "*": "strong"})
        operators = ["reflect_short", "e1", "reevo/reflect_long", "describe", "m2"]
        told = ask(made, [Request(operator=operator) for operator in operators])
        assert [each.model for each in told] == ["cheap", "strong", "cheap", "cheap", "strong"]
        assert (len(cheap.journal), len(strong.journal)) == (3, 2)
        assert {exchange.received.payload["model"] for exchange in cheap.journal} == {"model-cheap"}


def test_weights_say_how_often() -> None:
    with ScriptedEndpoint(hello) as one, ScriptedEndpoint(hello) as two:
        settings = {"choose": "weights", "weights": {"one": 4}}
        told = ask(pool({"one": one, "two": two}, **settings), [Request(operator="e1")] * 100)
        again = ask(pool({"one": one, "two": two}, **settings), [Request(operator="e1")] * 100)
    counted = Counter(each.model for each in told)
    assert 70 <= counted["one"] <= 90
    assert [each.model for each in told] == [each.model for each in again], "the same seeds ask the same models"


def test_another_member_takes_over_and_all_calls_count() -> None:
    with ScriptedEndpoint(lambda _received: status(500)) as broken, ScriptedEndpoint(hello) as sound:
        [told] = ask(pool({"broken": broken, "sound": sound}, routes={"*": "broken"}), [Request(operator="e1")])
    assert (told.model, told.attempts) == ("sound", 2)


def test_without_fallback_a_fault_is_one() -> None:
    with ScriptedEndpoint(lambda _received: status(413)) as broken, ScriptedEndpoint(hello) as sound:
        with pytest.raises(GenerationError, match="HTTP 413"):
            ask(pool({"broken": broken, "sound": sound}, routes={"*": "broken"}, fallback=False), [Request(operator="e1")])
        assert sound.journal == ()


def test_a_member_that_refuses_is_asked_no_more(caplog: pytest.LogCaptureFixture) -> None:
    with ScriptedEndpoint(lambda _received: status(401)) as shut, ScriptedEndpoint(hello) as sound:
        made = pool({"shut": shut, "sound": sound}, routes={"*": "shut"})
        with caplog.at_level(logging.WARNING):
            told = ask(made, [Request(operator="e1")] * 5)
        assert {each.model for each in told} == {"sound"}
        assert len(shut.journal) == 1
    assert [record.message for record in caplog.records if "answers no more" in record.message]


def test_a_run_stops_when_all_refuse() -> None:
    with (
        ScriptedEndpoint(lambda _received: status(401)) as one,
        ScriptedEndpoint(lambda _received: status(402)) as two,
        pytest.raises(GeneratorRefused),
    ):
        ask(pool({"one": one, "two": two}), [Request(operator="e1")])


def test_notes_go_to_who_writes_notes() -> None:
    with ScriptedEndpoint(hello) as server:
        members = {"free": {"kind": "mutator"}, "model": {"kind": "openai", "model": "m", "base_url": server.base_url}}
        made = PoolConfig.model_validate({"members": members}).build(GeneratorContext(problem=ToyPacking()))
        assert made.writes_notes
        told = ask(made, [Request(operator="reflect", produces="note")] * 4)
    assert {each.model for each in told} == {"model"}


def test_a_budget_of_money_needs_the_prices_of_all() -> None:
    price = {"input": 1.0, "output": 3.0}

    def made(**prices: Any) -> ModelPool:
        members = {
            name: {"kind": "openai", "model": "m", "base_url": "http://localhost:1/v1", "price": each}
            for name, each in prices.items()
        }
        return PoolConfig.model_validate({"members": members}).build(GeneratorContext(problem=ToyPacking()))

    usage = Usage(prompt_tokens=1_000_000, completion_tokens=1_000_000)
    known = made(a=price, b={"input": 3.0, "output": 5.0})
    assert known.knows_prices is True
    assert known.price_of(usage) == pytest.approx(6.0)
    partly = made(a=price, b=None)
    assert (partly.knows_prices, partly.price_of(usage)) == (False, None)


def _outcome(number: int, objective: float | None) -> Candidate | Failure:
    if objective is None:
        return Failure(stage="parsing", reason="no-code", detail="nothing")
    evaluation = Evaluation(status=Status.OK, objective=objective, objective_kind="gap_percent", split="train")
    return Candidate(id=number, code=f"# {number}", thought="", operator="e1", parents=(), evaluation=evaluation)


def test_the_member_that_gains_more_per_token_gets_most_calls() -> None:
    """One in three replies of the good one is better than all before, one in fifty of the other; their tokens are the same."""
    with ScriptedEndpoint(hello) as poor, ScriptedEndpoint(hello) as good:
        made = pool({"poor": poor, "good": good})
        counted: Counter[str] = Counter()

        async def search() -> None:
            best = 50.0
            for number in range(200):
                request = Request(operator="e1", context={"number": str(number)})
                completion = await made.complete(PROMPT, request, seed=number)
                counted[completion.model] += 1
                better = counted[completion.model] % (3 if completion.model == "good" else 50) == 0
                best -= 0.1 * better
                made.learn(request, _outcome(number + 1, best if better else best + 5.0 + number), completion)
            await made.close()

        asyncio.run(search())
    assert counted["good"] >= 160


def test_a_fresh_pool_that_is_told_the_log_asks_as_the_old_one() -> None:
    """As on resume: nothing is asked again, and what was learnt is learnt again."""

    async def asked(generator: ModelPool, operator: str, count: int) -> list[Completion]:
        requests = [Request(operator=operator, context={"number": str(number)}) for number in range(count)]
        return [await generator.complete(PROMPT, request, seed=number) for number, request in enumerate(requests)]

    async def both(first: ModelPool, second: ModelPool) -> tuple[list[Completion], list[Completion]]:
        for number, completion in enumerate(await asked(first, "e1", 40)):
            outcome = _outcome(number + 1, 9.0 - number if completion.model == "two" else None)
            for each in (first, second):
                each.learn(Request(operator="e1", context={"number": str(number)}), outcome, completion)
        found = await asked(first, "m1", 20), await asked(second, "m1", 20)
        await first.close()
        await second.close()
        return found

    with ScriptedEndpoint(hello) as one, ScriptedEndpoint(hello) as two:
        servers = {"one": one, "two": two}
        old, fresh = asyncio.run(both(pool(servers), pool(servers)))
    assert [each.model for each in old] == [each.model for each in fresh]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"members": {}}, "at least 1"),
        ({"members": {"a": {"kind": "mutator"}}, "routes": {"e1": "b"}}, "routes names 'b'"),
        ({"members": {"a": {"kind": "mutator"}}, "weights": {"aa": 2}}, r"weights names 'aa' \(did you mean 'a'\?\)"),
        ({"members": {"a": {"kind": "pool", "members": {}}}}, "a member needs a kind, one of: openai, mutator, recorded"),
        ({"members": {"a": {"kind": "openai", "modell": "m"}}}, r"unknown key 'modell' \(did you mean 'model'\?\)"),
        ({"members": {" ": {"kind": "mutator"}}}, "needs a name"),
    ],
)
def test_bad_settings_are_named(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PoolConfig.model_validate(settings)


def test_a_key_that_is_missing_is_told_with_its_member() -> None:
    config = PoolConfig.model_validate(
        {"members": {"far": {"kind": "openai", "model": "m", "base_url": "https://x.example.org/v1"}}}
    )
    with pytest.raises(ConfigError, match=r"generator\.members\.far: The environment variable OPENAI_API_KEY is not set"):
        config.build(GeneratorContext(problem=ToyPacking()))


def test_a_file_can_hold_a_pool(tmp_path: Path) -> None:
    file = tmp_path / "run.yaml"
    file.write_text(
        "problem: bin_packing_online\nstrategy: {kind: reevo}\nbudget: {requests: 1}\ngenerator:\n  kind: pool\n  members:\n"
        "    cheap: {kind: openai, preset: deepseek, model: deepseek-chat}\n    free: {kind: mutator}\n  routes: {'reflect*': cheap}\n"
    )
    config = load_config(file)
    assert isinstance(config.generator, PoolConfig)
    assert isinstance(config.generator.members["cheap"], EndpointConfig)
    again = parse_config(config.model_dump(mode="json"), where="again")
    assert again.generator == config.generator


def test_what_a_member_lost_is_booked_on_who_takes_over() -> None:
    """Its tokens were spent for this request."""
    broken = streamed("x" * 40, StreamCourse(sent=7, ending="hang-up"))
    with ScriptedEndpoint([broken]) as one, ScriptedEndpoint(hello) as two:
        [told] = ask(pool({"one": one, "two": two}, routes={"*": "one"}), [Request(operator="e1")])
        assert (told.model, told.attempts) == ("two", 2)
        assert (told.usage.completion_tokens, told.usage.estimated) == (20 + 7, True)


def test_what_all_members_lost_is_booked_on_the_last_one() -> None:
    broken = streamed("x" * 40, StreamCourse(sent=7, ending="hang-up"))
    with ScriptedEndpoint([broken]) as one, ScriptedEndpoint([broken]) as two:
        with pytest.raises(CallsLost) as caught:
            ask(pool({"one": one, "two": two}, routes={"*": "one"}), [Request(operator="e1")])
        lost = caught.value.completion
        assert (lost.model, lost.attempts, lost.usage.completion_tokens) == ("two", 2, 14)
