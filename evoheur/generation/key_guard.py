"""Keeps keys out of configurations, which are stored, printed and sent around."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evoheur.errors import ConfigError

__all__ = [
    "SecretGiven",
    "checked_variable",
    "from_environment",
    "is_pasted_key",
    "named_secrets",
    "refuse_literal_secrets",
    "refuse_pasted_keys",
    "without_keys",
]

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REFERENCE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_KEY = re.compile(  # how providers begin their keys: a prefix, then twenty characters and more
    r"\b(?:sk|pk|rk|gsk|hf|xai|nvapi|pplx|ghp|fw|csk|r8|tgp|ant|or|AIza|AKIA|eyJ)[-_A-Za-z0-9.]{20,}"
)
_SECRET_NAME = re.compile(
    r"authorization|api[-_]?key|access[-_]?token|auth[-_]?token|secret|password|^(?:x-)?(?:key|token)$", re.IGNORECASE
)
_SHOWN = 4
_REMOVED = "[key removed]"


class SecretGiven(ValueError):
    """Something that was given may be a key, so that messages must not repeat it."""


def checked_variable(name: str) -> str:
    """The name of an environment variable.

    Raises:
        SecretGiven: It can be none, or looks like a key; no more than its beginning is said.
    """
    if _KEY.fullmatch(name) or not _VARIABLE.fullmatch(name):
        raise SecretGiven(
            f"{name[:_SHOWN]}… is not the name of an environment variable; write the name of the one that holds the key, such as"
            " MY_API_KEY, and never the key itself"
        )
    return name


def is_pasted_key(word: str) -> bool:
    """Whether a word looks like a key.

    It begins as providers begin theirs, and has a digit, which long names of other things seldom have.
    """
    return _KEY.fullmatch(word) is not None and any(map(str.isdigit, word))


def refuse_pasted_keys(value: Any, where: str) -> None:
    """See that no text looks like a key, and nothing is called like one.

    Args:
        value: Of a configuration, of any depth.
        where: The setting's name.

    Raises:
        SecretGiven: Something does; says where, not what.
    """
    for place, name, text in _texts(value, where):
        if _KEY.search(text):
            raise SecretGiven(f"{place} looks like a key ({text[:_SHOWN]}…); keys come from the environment (api_key_env)")
        if _SECRET_NAME.search(name):
            raise SecretGiven(
                f"{place} is called like a key; keys come from the environment (api_key_env, or headers: {{{name}: $MY_KEY}})"
            )


def refuse_literal_secrets(values: Mapping[str, str], where: str) -> None:
    """See that what is called like a key, or looks like one, is named by an environment variable.

    Args:
        values: Headers or parameters; `$NAME` and `${NAME}` in a value stand for an environment variable.
        where: The setting's name.

    Raises:
        SecretGiven: A key stands there itself.
    """
    for name, text in values.items():
        if _KEY.search(text) or (_SECRET_NAME.search(name) and not _REFERENCE.search(text)):
            raise SecretGiven(
                f"{where}.{name} holds a key; write the environment variable that has it, such as {{{name}: $MY_KEY}}"
            )


def from_environment(
    values: Mapping[str, str], environ: Mapping[str, str], where: str, *, needed: bool = True
) -> tuple[dict[str, str], list[str]]:
    """Put in what environment variables hold.

    Args:
        values: With `$NAME` or `${NAME}` where one is meant.
        environ: The variables.
        where: The setting's name.
        needed: Whether a variable that is not set is an error; else it counts as empty.

    Returns:
        The values, and what must not be shown: the contents of the variables.

    Raises:
        ConfigError: A variable is not set, or holds what cannot be sent.
    """
    secrets: list[str] = []

    def content(name: str, place: str) -> str:
        held = environ.get(name, "").strip()
        if not held and needed:
            raise ConfigError(f"The environment variable {name} is not set, and {place} asks for it: set it.")
        if not (held.isascii() and held.isprintable()):
            raise ConfigError(f"What {name} holds for {place} cannot be sent; copy it again.")
        secrets.extend([held] if held else [])
        return held

    filled = {
        name: _REFERENCE.sub(lambda found, name=name: content(found[1] or found[2], f"generator.{where}.{name}"), text)  # type: ignore[misc]
        for name, text in values.items()
    }
    return filled, secrets


def named_secrets(config: Any, environ: Mapping[str, str]) -> list[str]:
    """What the environment variables hold that a configuration names, longest first.

    Args:
        config: As JSON; variables are named by a key that ends in _env, or as `$NAME` or `${NAME}` in a text.
        environ: The variables.
    """
    names: set[str] = set()
    for _, key, text in _texts(config, "config"):
        names.update([text] if key.endswith("_env") else [])
        names.update(found[1] or found[2] for found in _REFERENCE.finditer(text))
    held = {environ.get(name, "").strip() for name in names}
    return sorted((secret for secret in held if len(secret) > _SHOWN), key=len, reverse=True)


def without_keys(text: str, secrets: Sequence[str] = (), *, also_alike: bool = False) -> str:
    """A text without secrets.

    Args:
        text: Such as what a server said.
        secrets: What must not be in it.
        also_alike: Whether what looks like a key goes as well; not for code, whose names may look so.
    """
    for secret in secrets:
        text = text.replace(secret, _REMOVED)
    return _KEY.sub(_REMOVED, text) if also_alike else text


def _texts(value: Any, place: str, name: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{place}.{key}", str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, place, name)
    elif isinstance(value, str):
        yield place, name, value
