"""Keeps keys out of what HTTP libraries log, such as the address of every call with what stands behind it."""

import logging
from collections.abc import Iterable, Sequence
from urllib.parse import quote, quote_plus

__all__ = ["mask_in_logs", "spellings"]

_LIBRARIES = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "openai",
    "openai._base_client",
    "openai._legacy_response",
    "openai._response",
    "openai._streaming",
)
"""Loggers that may meet a request; a filter has no effect on the loggers below its own."""


_SHORTEST_KEY = 8  # characters


class _Mask(logging.Filter):
    """Puts a mark in place of keys, in records that some handler is going to write.

    Attributes:
        secrets: The longest first, since one may be part of another.
    """

    def __init__(self) -> None:
        super().__init__()
        self.secrets: Sequence[str] = ()

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without keys."""
        said = record.getMessage()
        masked = said
        for secret in self.secrets:
            masked = masked.replace(secret, "[key]")
        if masked != said:
            record.msg, record.args = masked, None
        return True


_MASK = _Mask()


def spellings(secrets: Iterable[str]) -> list[str]:
    """Secrets as they are and as they stand in an address, the longest first; empty ones are left out."""
    forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""), quote_plus(secret))}
    return sorted(forms, key=lambda form: (-len(form), form))


def mask_in_logs(secrets: Iterable[str]) -> None:
    """Have HTTP libraries log without these secrets, from now on, in whatever spelling of an address.

    Args:
        secrets: Keys, and what else must not be shown. Words shorter than any key, as local servers take them, are no secret, and to leave
            them out would make logs hard to read.
    """
    long = [secret for secret in secrets if len(secret) >= _SHORTEST_KEY]
    _MASK.secrets = sorted({*_MASK.secrets, *spellings(long)}, key=lambda form: (-len(form), form))
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        if _MASK not in logger.filters:
            logger.addFilter(_MASK)
