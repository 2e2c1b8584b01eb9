"""The generator `openai`: any endpoint that speaks OpenAI's chat-completions protocol.

Such as hosted services, routers, vLLM, llama.cpp, Ollama. The client library's own retries are off: `RetryPolicy` is the only one, so that
every call is counted and every wait is announced. Answers are read by our own model of the protocol rather than by the library's, which
passes HTML, missing choices and error objects through as if they were completions.
"""

import asyncio
import dataclasses
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, cast
from urllib.parse import urlsplit

import openai
from openai.types.chat import ChatCompletionMessageParam
from pydantic import Field, PositiveFloat, PositiveInt, SecretStr, field_validator

from evoheur.errors import ConfigError, GenerationError, GeneratorRefused
from evoheur.generation.api_faults import Fault, Remedy, fault_of
from evoheur.generation.bounded_client import BoundedClient
from evoheur.generation.completion_body import CompletionBody, read_answer
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.generation.pricing import is_loopback, price_usd
from evoheur.generation.retry import RetryPolicy, Tried
from evoheur.request import Completion, Message, Request, Usage

__all__ = ["DEFAULT_BASE_URL", "EndpointConfig", "EndpointGenerator"]

DEFAULT_BASE_URL = "https://api.openai.com/v1"

_CUT = frozenset({"length", "max_tokens", "model_length"})
"""How endpoints say that the token limit cut the reply."""
_ADVICE = {
    "rate-limited": "Lower the number of requests in flight, or raise generator.max_attempts and generator.max_wait_seconds.",
    "timeout": "Raise generator.timeout_seconds, or limit the reply with generator.max_tokens.",
    "connection": "Check generator.base_url and that the server runs.",
    "server-error": "Look at the server's log or its status page.",
    "bad-reply": "Check that generator.base_url is the root of an OpenAI-compatible API (it often ends in /v1).",
    "too-large": "Limit the reply with generator.max_tokens, and look at what the server sends.",
    "bad-request": "Shorten the prompt or change the generator's settings if this happens often.",
}
_LONGEST_MESSAGE = 500


class EndpointConfig(GeneratorConfig):
    """An OpenAI-compatible endpoint. Keys come from the environment and are never stored."""

    kind: Literal["openai"] = "openai"
    model: Annotated[str, Field(min_length=1)]
    """The model, as the endpoint names it."""
    base_url: str | None = None
    """Root of the API, such as http://localhost:8000/v1; None takes OPENAI_BASE_URL from the environment, else OpenAI's own."""
    api_key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable that holds the key. A server on this machine may go without."""
    temperature: Annotated[float, Field(ge=0)] | None = None
    """Sampling temperature; None leaves it to the endpoint, as EoH's releases do (some models accept no other). Some
    methods ask for another one now and then, counted from this number if there is one: ReEvo for 0.3 more in its first prompts."""
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    """Nucleus sampling; None leaves it to the endpoint."""
    max_tokens: PositiveInt | None = None
    """Longest reply in tokens; None leaves it to the endpoint. For models that want another name, use extra_body."""
    seed: bool = False
    """Send each request's seed: local servers then repeat themselves. Off, because some endpoints refuse the field."""
    timeout_seconds: PositiveFloat = 120.0
    """Longest time for one call, in seconds, from sending to the last byte."""
    max_attempts: PositiveInt = 8
    """Most calls for one request. Eight wait for at least two minutes, longer than the usual window of a rate limit."""
    max_wait_seconds: PositiveFloat = 600.0
    """No call of a request starts later than this after its first one, in seconds."""
    longest_wait_seconds: PositiveFloat = 60.0
    """Longest wait between two calls, in seconds, even if the server asks for more."""
    extra_body: Mapping[str, Any] = Field(default_factory=dict)
    """Further fields of the request body for this endpoint, such as {top_k: 40} or {max_completion_tokens: 4096}."""

    @field_validator("base_url")
    @classmethod
    def _is_plain_url(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(f"{value!r} is no http(s) URL; write it like http://localhost:8000/v1")
            if parts.username or parts.password:
                raise ValueError("the URL holds a user name or password; keys come from the environment (api_key_env)")
        return value

    def build(self, context: GeneratorContext) -> "EndpointGenerator":
        """Make the generator.

        Raises:
            ConfigError: The key is missing and the endpoint is not on this machine, or the key cannot be sent.
        """
        return EndpointGenerator(self, context)


class EndpointGenerator(Generator):
    """Asks a model behind HTTP.

    Args:
        config: Which model, and how.
        context: Environment and where waits are reported.
        sleep: Waits between calls, given seconds.
        clock: Seconds from any fixed point.
    """

    def __init__(
        self,
        config: EndpointConfig,
        context: GeneratorContext,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config = config
        self._base_url = config.base_url or context.environ.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL
        self._key = SecretStr(_key(config, context.environ, self._base_url))
        self._policy = RetryPolicy(
            max_attempts=config.max_attempts,
            max_wait_seconds=config.max_wait_seconds,
            longest_wait_seconds=config.longest_wait_seconds,
            sleep=sleep,
            clock=clock,
            throttled=context.throttled,
        )
        self._client = openai.AsyncOpenAI(
            api_key=self._key.get_secret_value() or "none",  # the library insists on one
            base_url=self._base_url,
            max_retries=0,
            timeout=config.timeout_seconds,
            # A proxy from the environment could not reach a server on this machine.
            http_client=BoundedClient(trust_env=not is_loopback(self._base_url)),
        )

    @property
    def online(self) -> bool:
        """True: whatever answers there is not under our control."""
        return True

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        """Answer one prompt.

        An empty reply is a completion with empty text: it was paid for, and parsing refuses it. A reply without `finish_reason` is
        taken as it is, with finish "unknown", unless it is empty too, which is what broken servers send; that is tried again.

        Raises:
            GenerationError: The endpoint did not give a usable answer within the attempts and the time allowed, or refuses this prompt.
            GeneratorRefused: The endpoint refuses the key, the model or the settings.
        """
        tried = await self._policy.run(lambda: self._call(messages, self._sampling(seed, request.temperature_offset)))
        if isinstance(tried.result, Fault):
            raise self._error(tried.result, tried)
        return dataclasses.replace(tried.result, attempts=tried.attempts, seconds=tried.seconds)

    async def close(self) -> None:
        """Release connections; harmless when repeated."""
        await self._client.close()

    async def _call(self, messages: Sequence[Message], sampling: Mapping[str, Any]) -> Completion | Fault:
        try:
            async with asyncio.timeout(self._config.timeout_seconds):  # the client's own limit starts anew with every byte
                response = await self._client.chat.completions.with_raw_response.create(
                    model=self._config.model,
                    messages=cast("list[ChatCompletionMessageParam]", [{"role": m.role, "content": m.content} for m in messages]),
                    extra_body=sampling,
                )
        except openai.OpenAIError as error:
            fault = fault_of(error, now=time.time())
        except TimeoutError:
            fault = Fault(reason="timeout", message=f"no answer within {self._config.timeout_seconds:g} s")
        else:
            answer = read_answer(response.http_response.content)
            if not isinstance(answer, Fault):
                return self._completion(answer, messages)
            fault = answer
        return dataclasses.replace(fault, message=self._presentable(fault.message))

    def _sampling(self, seed: int, temperature_offset: float) -> dict[str, Any]:
        temperature = self._config.temperature
        settings = {
            "temperature": None if temperature is None else max(0.0, round(temperature + temperature_offset, 6)),
            "top_p": self._config.top_p,
            "max_tokens": self._config.max_tokens,
            "seed": seed if self._config.seed else None,
        }
        return {name: value for name, value in settings.items() if value is not None} | dict(self._config.extra_body)

    def _completion(self, answer: CompletionBody, messages: Sequence[Message]) -> Completion:
        text = answer.text
        counted = answer.counted
        if counted is None:
            characters = sum(len(message.content) for message in messages)
            usage = Usage(prompt_tokens=math.ceil(characters / 4), completion_tokens=math.ceil(len(text) / 4), estimated=True)
        else:
            usage = Usage(prompt_tokens=counted.prompt_tokens, completion_tokens=counted.completion_tokens)
        model = answer.model or self._config.model
        return Completion(
            text=text,
            model=model,
            usage=usage,
            finish="length" if answer.finish in _CUT else answer.finish or "unknown",
            cost_usd=price_usd(
                usage,
                base_url=self._base_url,
                models=(model, self._config.model),
                cached_tokens=counted.cached_tokens if counted else 0,
            ),
        )

    def _error(self, fault: Fault, tried: Tried[Completion]) -> GenerationError | GeneratorRefused:
        said = f"{self._config.model} at {self._base_url}: {fault.message}"
        if fault.remedy is Remedy.STOP:
            return GeneratorRefused(
                f"{said}. Check the key in {self._config.api_key_env}, the account behind it, generator.model, generator.base_url and the"
                " sampling settings; the run can be resumed."
            )
        spent = f"{tried.attempts} call{'s' if tried.attempts > 1 else ''} in {tried.seconds:.0f} s"
        return GenerationError(f"{said} ({spent}). {_ADVICE[fault.reason]}", reason=fault.reason, attempts=tried.attempts)

    def _presentable(self, message: str) -> str:
        # Servers have been seen to echo the key in their refusals.
        key = self._key.get_secret_value()
        line = " ".join((message.replace(key, "[key]") if key else message).split())
        return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"


def _key(config: EndpointConfig, environ: Mapping[str, str], base_url: str) -> str:
    key = environ.get(config.api_key_env, "").strip()
    if not key and not is_loopback(base_url):
        raise ConfigError(
            f"The environment variable {config.api_key_env} is not set, and {base_url} needs a key: set it, or name another variable with"
            " generator.api_key_env (only a server on this machine may go without)."
        )
    if not (key.isascii() and key.isprintable()):
        raise ConfigError(f"The key in {config.api_key_env} holds characters that cannot be sent; copy it again.")
    return key
