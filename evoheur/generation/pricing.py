"""Prices of replies, from a table in an installed package.

There is no network, and unknown is never 0.
"""

import ipaddress
from importlib.metadata import version
from typing import Annotated
from urllib.parse import urlsplit

from genai_prices import Usage as PricedUsage
from genai_prices import calc_price
from pydantic import Field

from evoheur.components import Config
from evoheur.request import Usage

__all__ = ["CONFIGURED", "PRICE_TABLE", "PriceConfig", "is_loopback", "price_usd"]

PRICE_TABLE = f"genai-prices {version('genai-prices')}"
"""The installed table of prices, as archives name it."""
CONFIGURED = "configuration"
"""What archives say of a price that the configuration gives."""

_MILLION = 1_000_000


class PriceConfig(Config):
    """What a model costs, in US dollars for a million tokens."""

    input: Annotated[float, Field(ge=0)]
    """Of tokens that are sent."""
    cached: Annotated[float, Field(ge=0)] | None = None
    """Of tokens that are sent and that the server has in its cache; None for no other price."""
    output: Annotated[float, Field(ge=0)]
    """Of tokens that are written, reasoning included."""

    def usd(self, usage: Usage) -> float:
        """Price of one reply in US dollars, also of estimated tokens.

        Args:
            usage: The tokens.
        """
        cached = min(usage.cached_tokens, usage.prompt_tokens)
        price = self.input if self.cached is None else self.cached
        dollars = (usage.prompt_tokens - cached) * self.input + cached * price + usage.completion_tokens * self.output
        return dollars / _MILLION


def price_usd(usage: Usage, *, base_url: str, models: tuple[str, ...]) -> float | None:
    """Price of one reply in US dollars, by the table, also of estimated tokens; None if unknown.

    Args:
        usage: The tokens.
        base_url: The endpoint: the same model costs differently elsewhere. A server on this machine has no price.
        models: Names of the model, the most precise one first.
    """
    if is_loopback(base_url):
        return None
    priced = PricedUsage(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        cache_read_tokens=min(usage.cached_tokens, usage.prompt_tokens),
    )
    for model in models:
        try:
            return float(calc_price(priced, model, provider_api_url=base_url).total_price)
        except (LookupError, ValueError):  # a provider or model that the table lacks; usage that the model's prices do not cover
            continue
    return None


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
