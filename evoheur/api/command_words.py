"""Reading a problem's settings and splits from command lines."""

from collections.abc import Sequence
from typing import Any

from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.problem import SPLITS, Split
from evoheur.run.yaml_text import read_value

__all__ = ["parse_settings", "parse_splits"]


def parse_settings(words: Sequence[str]) -> dict[str, Any]:
    """Read "key=value" words; values are YAML.

    Raises:
        ConfigError: A word has no "=", or its value is not YAML.
    """
    settings: dict[str, Any] = {}
    for word in words:
        key, equals, text = word.partition("=")
        if not equals or not key.strip():
            raise ConfigError(f"--setting {word!r} must look like key=value.")
        settings[key.strip()] = read_value(text, f"--setting {word[:80]!r}").data
    return settings


def parse_splits(words: Sequence[str]) -> list[Split]:
    """Read the names of splits.

    They come in the order of `SPLITS`; without a name, all of them.

    Raises:
        ConfigError: A word names no split.
    """
    for word in words:
        if word not in SPLITS:
            raise ConfigError(f"--split {word!r} is no split{nearest(word, SPLITS)}; there are {', '.join(SPLITS)}.")
    return [split for split in SPLITS if not words or split in words]
