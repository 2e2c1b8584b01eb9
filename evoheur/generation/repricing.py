"""Prices of stored replies, derived again from their tokens."""

from collections.abc import Mapping
from dataclasses import replace

from evoheur.generation.endpoint import EndpointConfig
from evoheur.generation.generator import GeneratorConfig
from evoheur.generation.model_pool import PoolConfig
from evoheur.generation.pricing import CONFIGURED, PRICE_TABLE, price_usd
from evoheur.request import Completion

__all__ = ["repriced"]


def repriced(reply: Completion, config: GeneratorConfig, environ: Mapping[str, str]) -> Completion:
    """A reply with the price that it has by this configuration and the installed table, or with none.

    Args:
        reply: As stored.
        config: Of the generator that wrote it.
        environ: Environment variables, which may name the endpoint.
    """
    if isinstance(config, PoolConfig):
        member = config.members.get(reply.model)
        if member is not None:
            return replace(repriced(replace(reply, model=getattr(member, "model", "")), member, environ), model=reply.model)
    if not isinstance(config, EndpointConfig):
        return replace(reply, cost_usd=None, price_source=None)
    if config.price is not None:
        return replace(reply, cost_usd=config.price.usd(reply.usage), price_source=CONFIGURED)
    found = price_usd(reply.usage, base_url=config.address(environ), models=(reply.model, config.model))
    return replace(reply, cost_usd=found, price_source=None if found is None else PRICE_TABLE)
