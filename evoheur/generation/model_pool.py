"""The generator `pool`: several models that answer the prompts of one run.

Who answers a prompt is said by the operator (`routes`), drawn by weights, or left to a bandit that asks most whose replies gain most for
what they cost. Where a model gives no usable answer, refuses, or is down, another one takes over; one that is down is tried now and then.
"""

import asyncio
import dataclasses
import logging
import random
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, PositiveFloat, SerializeAsAny, field_validator, model_validator

from evoheur.candidate import Candidate
from evoheur.components import nearest, resolve_kind, spell_kinds
from evoheur.errors import ConfigError, GenerationError, GeneratorDown, GeneratorRefused
from evoheur.generation.call_account import CallAccount
from evoheur.generation.gain_per_cost import GainPerCost
from evoheur.generation.generator import BUILTIN_GENERATORS, CallsLost, Generator, GeneratorConfig, GeneratorContext
from evoheur.request import Completion, Failure, Message, Outcome, Request, Usage

__all__ = ["ModelPool", "PoolConfig"]

_log = logging.getLogger(__name__)


def _parse_member(section: Any) -> Any:
    """A generator's section as its own configuration.

    Raises:
        ValueError: Its kind is missing or unknown, is a pool itself, or knows no such key.
    """
    if not isinstance(section, dict):
        return section
    kind = section.get("kind")
    if not isinstance(kind, str) or kind == "pool":
        known = spell_kinds({name: place for name, place in BUILTIN_GENERATORS.items() if name != "pool"}, what="generator")
        raise ValueError(f"a member needs a kind, one of: {known}")
    try:
        found = resolve_kind(kind, BUILTIN_GENERATORS, GeneratorConfig, what="generator")  # type: ignore[type-abstract]
    except ConfigError as error:
        raise ValueError(str(error).removesuffix(".")) from error
    for key in section:
        if key not in found.model_fields:
            raise ValueError(
                f"unknown key {key!r}{nearest(str(key), found.model_fields)}; valid here: {', '.join(found.model_fields)}"
            )
    return found.model_validate(section)


_Member: TypeAlias = Annotated[SerializeAsAny[GeneratorConfig], BeforeValidator(_parse_member)]


class PoolConfig(GeneratorConfig):
    """Several models that answer the prompts of one run."""

    kind: Literal["pool"] = "pool"
    stop_if_useless: bool = True
    """Whether a run is stopped, to be resumed, when 20 requests in a row bring no heuristic, or 80 % of the last 50 replies hold none."""
    members: Mapping[str, _Member] = Field(min_length=1)
    """Name → a generator with its `kind` and settings. The name stands for the model in the archive and in reports."""
    choose: Literal["weights", "bandit"] = "bandit"
    """Who answers what no route names: drawn by weights, or whoever gains most for its money (or for its tokens, where a price is
    unknown)."""
    weights: Mapping[str, PositiveFloat] = Field(default_factory=dict)
    """Name → how often it is drawn, compared with the others; 1 for those not named."""
    routes: Mapping[str, str] = Field(default_factory=dict)
    """Operator → name of who answers it; `*` stands for any letters, and the first that fits counts, such as {"reflect*": cheap}."""
    exploration: float = Field(default=0.2, ge=0, allow_inf_nan=False)
    """Weight of what the bandit does not know yet; 0 asks the best so far."""
    fallback: bool = True
    """Whether another member is asked where one gives no usable answer after its retries, refuses all, or is down."""

    @field_validator("members")
    @classmethod
    def _have_names(cls, members: Mapping[str, GeneratorConfig]) -> Mapping[str, GeneratorConfig]:
        for name in members:
            if not name.strip():
                raise ValueError("a member needs a name")
        return members

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for place, names in (("weights", list(self.weights)), ("routes", list(self.routes.values()))):
            for name in names:
                if name not in self.members:
                    raise ValueError(f"{place} names {name!r}{nearest(name, self.members)}; members: {', '.join(self.members)}")
        return self

    @property
    def asks_for_json(self) -> bool:
        """Whether all members do."""
        return all(member.asks_for_json for member in self.members.values())

    def build(self, context: GeneratorContext) -> "ModelPool":
        """Make the members.

        Raises:
            ConfigError: Something that a member needs is missing; says which member.
        """
        built: dict[str, Generator] = {}
        context = dataclasses.replace(context, others_answer=self.fallback and len(self.members) > 1)
        for name, member in self.members.items():
            try:
                built[name] = member.build(context)
            except ConfigError as error:
                raise ConfigError(f"generator.members.{name}: {error}") from error
        return ModelPool(self, built)


class ModelPool(Generator):
    """Members, and who is asked.

    Args:
        config: What it was built from.
        members: By name, as in the configuration.
    """

    def __init__(self, config: PoolConfig, members: Mapping[str, Generator]) -> None:
        self._config = config
        self._members = dict(members)
        self._bandit = GainPerCost(tuple(members), exploration=config.exploration)
        self._asked: dict[str, list[str]] = {}
        self._out: set[str] = set()

    @property
    def online(self) -> bool:
        """Whether a member is."""
        return any(member.online for member in self._members.values())

    @property
    def writes_notes(self) -> bool:
        """Whether a member does; the others are not asked for notes."""
        return any(member.writes_notes for member in self._members.values())

    @property
    def knows_prices(self) -> bool | None:
        """Whether all members do; False where one of them does not."""
        known = {member.knows_prices for member in self._members.values()}
        return False if False in known else True if known == {True} else None

    def price_of(self, usage: Usage) -> float | None:
        """What such a reply costs in the mean over the members; None where one of them has no price."""
        prices = [member.price_of(usage) for member in self._members.values()]
        known = [price for price in prices if price is not None]
        return sum(known) / len(known) if len(known) == len(prices) else None

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        """Answer one prompt by a member; see `Generator`. The completion's model is the member's name.

        Raises:
            GenerationError: No member that could be asked gave a usable answer.
            GeneratorRefused: Every member refuses.
            GeneratorDown: Nothing gets through to any that could be asked, for longer than is waited.
        """
        account = CallAccount()
        attempts = 0
        while True:
            down: dict[str, GeneratorDown] = {}
            last: GenerationError | GeneratorRefused | None = None
            for name in self._order(request, seed):
                try:
                    completion = await self._ask(name, messages, request, seed)
                except GeneratorDown as error:
                    attempts, down[name] = attempts + error.attempts, error
                    account.lost += [dataclasses.replace(lost, model=name) for lost in error.lost]
                except GenerationError as error:
                    attempts, last = attempts + error.attempts, error
                    if isinstance(error, CallsLost):
                        account.lost.append(dataclasses.replace(error.completion, model=name))
                except GeneratorRefused as error:
                    if self._out.issuperset(self._members):
                        raise
                    last = error
                else:
                    booked = account.with_lost(completion)
                    return dataclasses.replace(booked, model=name, attempts=completion.attempts + attempts)
                if not self._config.fallback:
                    break
            if isinstance(last, GenerationError):
                raise account.failure(str(last), reason=last.reason, attempts=attempts) from last
            if not down or not self._config.fallback or all(error.is_hopeless for error in down.values()):
                refusal = next(iter(down.values()), last)
                assert refusal is not None  # a pool has a member
                raise refusal
            await self._first_to_reopen(down)

    async def _first_to_reopen(self, names: Iterable[str]) -> None:
        """Wait until one of these members may be worth asking again."""
        waits = [asyncio.ensure_future(self._members[name].reopened()) for name in names]
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in done:
                wait.result()
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    def learn(self, request: Request, outcome: Outcome, completion: Completion | None) -> None:
        """Learn what a member's reply gained for what it cost; see `Generator`."""
        key = request.fingerprint()
        if waiting := self._asked.get(key):
            self._bandit.withdraw(waiting.pop(0))
            if not waiting:
                del self._asked[key]
        if completion is None or completion.model not in self._members:
            return
        self._members[completion.model].learn(request, outcome, completion)
        if not isinstance(outcome, Candidate | Failure):
            return
        objective = outcome.evaluation.objective if isinstance(outcome, Candidate) else None
        usage = completion.usage
        self._bandit.learn(
            completion.model, objective, usd=completion.cost_usd, tokens=usage.prompt_tokens + usage.completion_tokens
        )

    def end_waits(self) -> None:
        """Hand on that the run ends; see `Generator`."""
        for member in self._members.values():
            member.end_waits()

    async def close(self) -> None:
        """Release what the members hold."""
        for member in self._members.values():
            await member.close()

    def _order(self, request: Request, seed: int) -> list[str]:
        """Who is asked, and who after that; without those that refuse, unless all do."""
        routed = self._routed(request.operator)
        if self._config.choose == "weights":
            rng = random.Random(f"{seed}/pool")  # noqa: S311 - not a secret
            weights = {name: self._config.weights.get(name, 1.0) for name in self._members}
            others = sorted(weights, key=lambda name: -(rng.random() ** (1.0 / weights[name])))  # Efraimidis and Spirakis 2006
        else:
            others = self._bandit.ranking()
        names = list(dict.fromkeys([*([routed] if routed else []), *others]))
        if request.produces == "note":
            names = [name for name in names if self._members[name].writes_notes] or names
        return [name for name in names if name not in self._out] or names

    def _routed(self, operator: str) -> str | None:
        plain = operator.rpartition("/")[2]
        return next(
            (
                name
                for pattern, name in self._config.routes.items()
                if fnmatchcase(operator, pattern) or fnmatchcase(plain, pattern)
            ),
            None,
        )

    async def _ask(self, name: str, messages: Sequence[Message], request: Request, seed: int) -> Completion:
        self._bandit.start(name)
        self._asked.setdefault(request.fingerprint(), []).append(name)
        try:
            return await self._members[name].complete(messages, request, seed=seed)
        except GeneratorDown:
            self._forget(name, request)
            raise
        except GeneratorRefused as error:
            if name not in self._out:
                self._out.add(name)
                _log.warning("%s answers no more: %s", name, error)
            self._forget(name, request)
            raise
        except GenerationError:
            self._forget(name, request)
            raise

    def _forget(self, name: str, request: Request) -> None:
        self._bandit.withdraw(name)
        waiting = self._asked[request.fingerprint()]
        waiting.remove(name)
        if not waiting:
            del self._asked[request.fingerprint()]
