"""Prices of replies, from a table in an installed package.

There is no network, and unknown is never 0.
"""

import ipaddress
from urllib.parse import urlsplit

from genai_prices import Usage as PricedUsage
from genai_prices import calc_price

from evoheur.request import Usage

__all__ = ["is_loopback", "price_usd"]


def price_usd(usage: Usage, *, base_url: str, models: tuple[str, ...], cached_tokens: int = 0) -> float | None:
    """Price of one reply in US dollars; None if unknown.

    Args:
        usage: The tokens; estimated ones have no known price.
        base_url: The endpoint: the same model costs differently elsewhere. A server on this machine has no price.
        models: Names of the model, the most precise one first.
        cached_tokens: How many of the prompt's tokens the server read from its cache.
    """
    if usage.estimated or is_loopback(base_url):
        return None
    priced = PricedUsage(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        cache_read_tokens=min(cached_tokens, usage.prompt_tokens),
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
