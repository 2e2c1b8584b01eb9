"""A problem's settings as given on the command line."""

from collections.abc import Sequence
from typing import Any

import yaml

from evoheur.errors import ConfigError

__all__ = ["parse_settings"]


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
        try:
            settings[key.strip()] = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ConfigError(f"--setting {word!r}: the value is not valid YAML: {' '.join(str(error).split())}.") from error
    return settings
