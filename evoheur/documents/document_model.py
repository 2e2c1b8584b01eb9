"""The base of every document, and its kinds of values."""

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = ["JsonDocument", "Moment", "Text", "plain_json"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def _whole_characters(value: Any) -> Any:
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


Text: TypeAlias = Annotated[str, BeforeValidator(_whole_characters)]
"""Text of any origin. Half a character, as a cut reply may end with, becomes U+FFFD: many readers of JSON refuse the escape of one."""

Moment: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A moment in UTC, ISO 8601."""


class JsonDocument(BaseModel):
    """Base of documents and their parts.

    Within a version of its `format`, keys and their types stay and others may join them. A key that has a default is there only where
    it was asked for or applies.
    """

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


def plain_json(document: JsonDocument) -> dict[str, Any]:
    """A document as plain JSON values.

    Without the keys that were not given; infinity and NaN, which JSON lacks, become null.
    """
    finite: dict[str, Any] = _finite(document.model_dump(mode="json", exclude_unset=True))
    return finite


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value
