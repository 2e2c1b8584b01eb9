"""A user's advice to a run, kept beside its configuration.

It is given while the run goes on, by another process; the run's own process notes which of its prompts show it.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, field_validator

from evoheur.components import Config

__all__ = ["Advice", "advice_in", "news_of_advice", "with_advice"]

_KEY = "advice"


class Advice(Config):
    """One hint to the model."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    """What prompts say."""
    first: int | None = None
    """Number of the first request whose prompt shows it; None until there is one. Written by the run."""
    last: int | None = None
    """Number of the last request whose prompt may show it; None while it is shown. Written by the run."""
    withdrawn: bool = False
    """Whether prompts are to show it no longer."""

    @field_validator("text", mode="after")
    @classmethod
    def _one_line(cls, value: str) -> str:
        line = " ".join(value.split())
        if not line:
            raise ValueError("the advice is empty; write what the model is to be told")
        if any("\ud800" <= character <= "\udfff" or character == "\0" for character in line):
            raise ValueError("the advice has a character that cannot be stored (half a character, or a null); leave it out")
        return line


def advice_in(config: Mapping[str, Any]) -> tuple[Advice, ...]:
    """The advice in a stored configuration, oldest first."""
    return tuple(Advice.model_validate(each) for each in config.get(_KEY) or ())


def news_of_advice(before: Sequence[Advice], now: Sequence[Advice]) -> list[str]:
    """What a change of advice says to prompts, a line for each hint that is shown or withdrawn by it."""
    had, has = ([each.text for each in advice if not each.withdrawn] for advice in (before, now))
    withdrawn = [f"advice withdrawn: {text}" for text in had if text not in has]
    return [*withdrawn, *(f"advice: {text}" for text in has if text not in had)]


def with_advice(config: Mapping[str, Any], advice: Sequence[Advice]) -> dict[str, Any]:
    """A configuration with other advice in it."""
    if not advice and not config.get(_KEY):
        return dict(config)
    return {**config, _KEY: [each.model_dump(mode="json") for each in advice]}
