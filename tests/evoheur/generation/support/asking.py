"""Asking the endpoint generator while a fake clock runs and a real server answers."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evoheur.errors import GenerationError, GeneratorRefused
from evoheur.generation.endpoint import EndpointConfig, EndpointGenerator
from evoheur.generation.generator import GeneratorContext
from evoheur.generation.outage import OutageNews
from evoheur.request import Completion, Message, Product, Request
from evoheur.testing.endpoint_server import (
    Script,
    ScriptedEndpoint,
    ServerAnswer,
)
from evoheur.testing.generator_contract import ToyPacking

KEY = "sk-very-secret-0123456789"


PROMPT = (Message(role="system", content="You write heuristics."), Message(role="user", content="Write one."))


@dataclass
class FakeTime:
    """A clock that only sleeping moves."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    outages: list[OutageNews] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert len(self.reasons) == len(self.waits) + 1, "every wait is announced before it begins"
        self.waits.append(seconds)
        self.now += seconds

    def throttled(self, seconds: float, reason: str) -> None:
        self.reasons.append(reason)

    def outage(self, news: OutageNews) -> None:
        self.outages.append(news)
        if not news.is_over:
            self.reasons.append(news.reason)


def generator_for(
    base_url: str, time: FakeTime, *, environ: Mapping[str, str] | None = None, **settings: Any
) -> EndpointGenerator:
    config = EndpointConfig.model_validate({"model": "some-model", "base_url": base_url, **settings})
    context = GeneratorContext(
        problem=ToyPacking(),
        environ={"OPENAI_API_KEY": KEY} if environ is None else environ,
        throttled=time.throttled,
        outage=time.outage,
    )
    return EndpointGenerator(config, context, sleep=time.sleep, clock=time.clock)


@dataclass(kw_only=True)
class Told:
    """What came of one call, and what it took."""

    completion: Completion | None
    error: GenerationError | GeneratorRefused | None
    server: ScriptedEndpoint
    time: FakeTime


def ask(answers: Script, *, seed: int = 7, produces: Product = "heuristic", **settings: Any) -> Told:
    """Ask a server that gives these answers."""

    async def once(generator: EndpointGenerator) -> Completion:
        try:
            return await generator.complete(PROMPT, Request(operator="i1", produces=produces), seed=seed)
        finally:
            await generator.close()

    time = FakeTime()
    with ScriptedEndpoint(answers) as server:
        try:
            completion = asyncio.run(once(generator_for(server.base_url, time, **settings)))
        except (GenerationError, GeneratorRefused) as error:
            return Told(completion=None, error=error, server=server, time=time)
        return Told(completion=completion, error=None, server=server, time=time)


def answered(answers: Sequence[ServerAnswer], **settings: Any) -> Completion:
    told = ask(answers, **settings)
    assert told.completion is not None, told.error
    return told.completion
