"""The generator `openai`: any endpoint that speaks OpenAI's chat-completions protocol, or its Responses API.

Such as hosted services, routers, vLLM, llama.cpp, Ollama. The client library's own retries are off: `RetryPolicy` is the only one, so that
every call is counted and every wait is announced. Answers are read by our own model of the protocol rather than by the library's, which
passes HTML, missing choices and error objects through as if they were completions.
"""

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import NamedTuple

import openai
from pydantic import SecretStr

from evoheur.code.signature import signatures_of
from evoheur.errors import ConfigError, GenerationError, GeneratorDown, GeneratorRefused
from evoheur.generation.answer_interpretation import interpret
from evoheur.generation.api_faults import Fault, Remedy, fault_of
from evoheur.generation.bounded_client import BoundedClient
from evoheur.generation.call_account import CallAccount
from evoheur.generation.chat_completions import ChatCompletions
from evoheur.generation.endpoint_address import address_hint, is_nearby
from evoheur.generation.endpoint_dialect import EndpointDialect
from evoheur.generation.endpoint_replies import EndpointReplies, lost_usage
from evoheur.generation.endpoint_settings import EndpointSettings
from evoheur.generation.generator import Generator, GeneratorContext
from evoheur.generation.key_guard import from_environment
from evoheur.generation.masked_logs import mask_in_logs, spellings
from evoheur.generation.model_call import ModelCall
from evoheur.generation.pricing import is_loopback
from evoheur.generation.received_answer import CallLimits, ReceivedAnswer, receive
from evoheur.generation.responses_api import Responses
from evoheur.generation.retry import RetryPolicy, Tried
from evoheur.generation.sent_call import SentCall
from evoheur.generation.server_wishes import renewal
from evoheur.generation.shared_calls import SharedCalls
from evoheur.request import Completion, Message, Request, Usage

__all__ = ["EndpointConfig", "EndpointGenerator"]

_ADVICE = {
    "rate-limited": "Lower the number of requests in flight, or raise generator.max_attempts and generator.max_wait_seconds.",
    "timeout": "Raise generator.timeout_seconds or generator.longest_seconds, or limit the reply with generator.max_tokens.",
    "connection": "Check generator.base_url and that the server runs.",
    "server-error": "Look at the server's log or its status page.",
    "bad-reply": "Check that generator.base_url is the root of an OpenAI-compatible API (it often ends in /v1).",
    "too-large": "Limit the reply with generator.max_tokens, and look at what the server sends.",
    "bad-request": "Shorten the prompt or change the generator's settings if this happens often.",
    "moderated": "Other prompts may pass; look at what this one says, and at the parents that it shows.",
    "refused": "Other requests were answered, so only this one is given up; look at the account if this happens often.",
}
_LONGEST_MESSAGE = 500
_CONNECTING_SECONDS = 30.0
_UNREADABLE = "DecodingError"  # of a body that is not packed as the server says


class _Prompt(NamedTuple):
    messages: tuple[Message, ...]
    request: Request
    seed: int


class EndpointConfig(EndpointSettings):
    """An OpenAI-compatible endpoint. Keys come from the environment and are never stored."""

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
        self._base_url = config.address(context.environ)
        headers, in_headers = from_environment(config.headers, context.environ, "headers", needed=not context.rehearsed)
        query, in_query = from_environment(config.query, context.environ, "query", needed=not context.rehearsed)
        key = _key(config, context, self._base_url, other=bool(in_headers or in_query))
        self._key = SecretStr(key)
        self._secrets = [SecretStr(secret) for secret in spellings((key, *in_headers, *in_query))]
        mask_in_logs((key, *in_headers, *in_query))
        self._gate = config.gate(
            f"{config.model} at {self._base_url}", context, longest_wait=config.longest_wait_seconds, sleep=sleep, clock=clock
        )
        self._policy = RetryPolicy(
            gate=self._gate,
            max_attempts=config.max_attempts,
            max_wait_seconds=config.max_wait_seconds,
            longest_wait_seconds=config.longest_wait_seconds,
        )
        self._replies = EndpointReplies(
            model=config.model,
            base_url=self._base_url,
            price=config.price,
            signatures=signatures_of(context.problem.functions()),
            marks=config.reasoning_marks,
        )
        self._dialect = EndpointDialect(
            Responses() if config.api == "responses" else ChatCompletions(),
            name=f"{config.model} at {self._base_url}",
            extra=config.extra_body,
            insists=frozenset({"stream"}) if config.stream is True else frozenset(),
        )
        self._shared = SharedCalls(self._replies_to, most=config.n)
        self._limits = CallLimits(
            first=config.first_token_seconds or config.timeout_seconds,
            idle=config.timeout_seconds,
            longest=max(config.longest_seconds, config.timeout_seconds, config.first_token_seconds or 0.0),
        )
        self._client = openai.AsyncOpenAI(
            api_key=self._key.get_secret_value() or "none",  # the library insists on one
            base_url=self._base_url,
            default_headers=headers,
            default_query=dict(query),
            max_retries=0,
            timeout=openai.Timeout(None, connect=min(_CONNECTING_SECONDS, self._limits.first)),  # `receive` limits the rest
            # A proxy from the environment could not reach a server on this machine.
            http_client=BoundedClient(trust_env=not is_loopback(self._base_url)),
        )

    @property
    def online(self) -> bool:
        """True: whatever answers there is not under our control."""
        return True

    @property
    def knows_prices(self) -> bool:
        """Whether the configuration or the table has a price for this model here."""
        return self.price_of(Usage(prompt_tokens=1000, completion_tokens=1000)) is not None

    def price_of(self, usage: Usage) -> float | None:
        """What a reply of so many tokens would cost, in US dollars; None where that is not known."""
        return self._replies.price_of(usage)[0]

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        """Answer one prompt.

        An empty reply is a completion with empty text: it was paid for, and parsing refuses it. Where a server tells beside it what the
        model thought aloud, that is the reply if it holds the function, and else kept in marks. A reply without `finish_reason` is
        taken as it is, with finish "unknown", unless it is empty too, which is what broken servers send, or a stream that does not say
        that it is at its end; that is tried again. A reply that broke off after its code was complete is taken, with finish "length".

        What was received of other calls is paid for, too: the completion's tokens and price are those of all calls, and marked as
        estimated where the server did not count them.

        Raises:
            CallsLost: As `GenerationError`, where calls cost tokens.
            GenerationError: The endpoint did not give a usable answer within the attempts and the time allowed, or refuses this prompt.
            GeneratorRefused: The endpoint refuses the key, the model or the settings.
            GeneratorDown: Nothing got through for `outage_minutes`, or nothing gets through and others answer meanwhile.
        """
        prompt = _Prompt(tuple(messages), request, seed)
        if self._config.n > 1 and self._dialect.takes("n"):
            return await self._shared.reply((prompt.messages, request.temperature_offset, request.produces), prompt)
        [completion] = await self._replies_to(prompt, 1)
        return completion

    def end_waits(self) -> None:
        """Hear that the run ends; see `Generator`."""
        self._gate.end()

    async def reopened(self) -> None:
        """Wait until something may get through; see `Generator`."""
        await self._gate.reopened()

    async def close(self) -> None:
        """Release connections; harmless when repeated."""
        await self._client.close()

    async def _replies_to(self, prompt: _Prompt, wanted: int) -> list[Completion]:
        """Replies to a prompt: one to as many as are wanted; the calls are booked on the first."""
        account = CallAccount()
        try:
            tried = await self._policy.run(
                lambda sent: self._call(prompt, wanted, account, sent),
                prompt_tokens=sum(len(message.content) for message in prompt.messages) / 4,
                tokens=_tokens,
            )
        except GeneratorDown as error:
            error.lost = tuple(account.lost)
            raise
        if isinstance(tried.result, Fault):
            raise self._error(tried.result, tried, account)
        first, *others = tried.result
        if len(tried.result) < wanted:
            self._dialect.leave_out("n", f"gave {len(tried.result)} of {wanted} replies to one prompt; n is left out from now on")
        first = dataclasses.replace(account.with_lost(first), attempts=tried.attempts, seconds=tried.seconds)
        return [first, *(dataclasses.replace(other, attempts=0, seconds=tried.seconds) for other in others)]

    async def _call(self, prompt: _Prompt, wanted: int, account: CallAccount, sent: SentCall) -> list[Completion] | Fault:
        fields = self._dialect.fields(self._model_call(prompt, wanted))
        opening = self._dialect.api.opening(self._client, self._config.model, prompt.messages, fields)
        try:
            received = await receive(opening, account.limits(self._limits), sent)
        except openai.OpenAIError as error:
            fault = fault_of(error, now=time.time())
            mended = self._dialect.without(fault, fields, self._presentable)
            return mended or dataclasses.replace(fault, message=self._presentable(fault.message))
        self._gate.hold(renewal(received.headers, now=time.time(), refused=False) or 0.0)
        found = interpret(received, self._dialect.api)
        if found.fault is None:
            return self._replies.completions(found, prompt.messages, wanted)
        kept = self._replies.of_broken_off(found, prompt.messages) if prompt.request.produces == "heuristic" else None
        if kept is not None:
            return [kept]
        account.cuts += bool(received.cut)
        usage = lost_usage(found, prompt.messages, cut=bool(received.cut))
        if usage is not None:
            account.lost.append(self._replies.without_text(usage))
        return dataclasses.replace(
            found.fault,
            message=self._presentable(found.fault.message),
            answer_began=_began(received),
            is_last=account.is_spent,
        )

    def _model_call(self, prompt: _Prompt, wanted: int) -> ModelCall:
        config = self._config
        temperature = config.temperature
        offset = prompt.request.temperature_offset
        return ModelCall(
            temperature=None if temperature is None else max(0.0, round(temperature + offset, 6)),
            top_p=config.top_p,
            max_tokens=config.max_tokens,
            max_completion_tokens=config.max_completion_tokens,
            reasoning_effort=config.reasoning_effort,
            seed=prompt.seed if config.seed else None,
            stream=config.stream is not False,
            structured=config.structured and prompt.request.produces == "heuristic",
            choices=wanted,
        )

    def _error(self, fault: Fault, tried: Tried[list[Completion]], account: CallAccount) -> GenerationError | GeneratorRefused:
        said = f"{self._config.model} at {self._base_url}: {fault.message}"
        if fault.remedy is Remedy.STOP:
            hint = f" {address_hint(self._base_url)}" if fault.status == HTTPStatus.NOT_FOUND else ""
            return GeneratorRefused(
                f"{said.rstrip('.')}.{hint.rstrip()} Check the key in {self._config.key_variable}, the account behind it, generator.model,"
                " generator.base_url and the sampling settings; the run can be resumed."
            )
        spent = f"{tried.attempts} call{'s' if tried.attempts > 1 else ''} in {tried.seconds:.0f} s"
        message = f"{said} ({spent}). {_ADVICE[fault.reason]}"
        return account.failure(message, reason=fault.reason, attempts=tried.attempts, seconds=tried.seconds)

    def _presentable(self, message: str) -> str:
        # Servers have been seen to echo the key in their refusals.
        for secret in self._secrets:
            message = message.replace(secret.get_secret_value(), "[key]")
        line = " ".join(message.split())
        return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"


def _tokens(replies: Sequence[Completion]) -> float:
    return sum(reply.usage.prompt_tokens + reply.usage.completion_tokens for reply in replies)


def _began(received: ReceivedAnswer) -> bool:
    """Whether an answer that broke off had begun, so that the server is at work."""
    return bool(received.body and (received.cut or received.broken)) or received.broken.startswith(_UNREADABLE)


def _key(config: EndpointConfig, context: GeneratorContext, base_url: str, *, other: bool) -> str:
    """The key; empty where none is needed, as where a header or a parameter has `other`."""
    variable = config.key_variable
    key = context.environ.get(variable, "").strip()
    if not key and not other and not is_nearby(base_url) and not context.rehearsed:
        raise ConfigError(
            f"The environment variable {variable} is not set, and {base_url} needs a key: set it, or name another variable with"
            " generator.api_key_env (only a server on this machine or in the network around it may go without; if this one asks for"
            " none, any word will do)."
        )
    if not (key.isascii() and key.isprintable()):
        raise ConfigError(f"The key in {variable} holds characters that cannot be sent; copy it again.")
    return key
