"""What a call to a model asks for, in terms of no API."""

from dataclasses import dataclass
from typing import Any

__all__ = ["REPLY_SCHEMA", "ModelCall"]

REPLY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "thought": {"type": "string", "description": "the idea in one sentence"},
        "code": {"type": "string", "description": "the complete Python code, imports included"},
    },
    "required": ["thought", "code"],
    "additionalProperties": False,
}
"""The JSON schema of a structured reply: the thought first, so that the code can follow from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """Settings of one call; None leaves one to the endpoint.

    Attributes:
        temperature: Of sampling.
        top_p: Of nucleus sampling.
        max_tokens: Longest reply in tokens.
        max_completion_tokens: The same by its newer name.
        reasoning_effort: How much the model thinks.
        seed: Of sampling.
        stream: Whether the answer is to come piece by piece.
        structured: Whether the reply is to be JSON with thought and code.
        choices: How many replies to the prompt are wanted.
    """

    temperature: float | None
    top_p: float | None
    max_tokens: int | None
    max_completion_tokens: int | None
    reasoning_effort: str | None
    seed: int | None
    stream: bool
    structured: bool
    choices: int = 1
