"""Addresses of endpoints: which ones are refused, and which need no key."""

import ipaddress
from urllib.parse import urlsplit, urlunsplit

from evoheur.generation.key_guard import SecretGiven, is_pasted_key

__all__ = ["address_hint", "checked_address", "is_nearby"]

_METHODS = ("/chat/completions", "/completions", "/responses", "/models", "/embeddings")
_HOME_ENDINGS = (".local", ".lan", ".home", ".internal", ".localdomain", ".home.arpa")


def checked_address(url: str) -> str:
    """The root of an API, as it was written.

    Args:
        url: As in `generator.base_url`.

    Raises:
        ValueError: It is no http(s) URL, or leads to a method of the API in place of its root.
        SecretGiven: It holds a password, a query or a fragment, where keys may be, or a part of its path looks like one.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{_bare(url)!r} is no http(s) URL; write it like http://localhost:8000/v1")
    if parts.username or parts.password:
        raise SecretGiven("the URL holds a user name or password; keys come from the environment (api_key_env)")
    if parts.query or parts.fragment:
        raise SecretGiven(
            f"the URL goes on behind its path ({_bare(url)}?…); parameters belong into query, such as query: {{api-version: 2024-10-21}},"
            " and keys into the environment (api_key_env, or query: {key: $MY_KEY})"
        )
    if any(is_pasted_key(part) for part in parts.path.split("/")):
        raise SecretGiven(
            "a part of the URL's path looks like a key; keys come from the environment (api_key_env, or query: {key: $MY_KEY})"
        )
    path = parts.path.rstrip("/")
    for method in _METHODS:
        if path.endswith(method):
            root = urlunsplit(parts._replace(path=path.removesuffix(method)))
            raise ValueError(f"{url} is the address of a method; the API's root is {root}")
    return url


def address_hint(url: str) -> str:
    """What to try where a server does not know the address.

    Args:
        url: A checked address.

    Returns:
        A sentence; empty where the path has a version already.
    """
    parts = urlsplit(url)
    if any(part[:1] == "v" and part[1:2].isdigit() for part in parts.path.split("/")):
        return ""
    return f"Most servers have their API below /v1: try generator.base_url: {url.rstrip('/')}/v1."


def is_nearby(url: str) -> bool:
    """Whether a URL leads to this machine or into the network around it, where servers mostly ask for no key.

    That is a private, link-local or unspecified (0.0.0.0) address, a name without a dot, or one of an ending that no public name has.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return bool(host) and ("." not in host or host.endswith((".localhost", *_HOME_ENDINGS)))
    return address.is_private or address.is_loopback or address.is_link_local or address.is_unspecified


def _bare(url: str) -> str:
    """Without what may be a key."""
    return url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].rpartition("@")[2]
