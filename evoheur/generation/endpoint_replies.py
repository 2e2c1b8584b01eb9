"""Completions of an endpoint's answers: their text, their tokens, their price."""

import math
from collections.abc import Sequence

from evoheur.code.signature import FunctionSignature
from evoheur.generation.answer_interpretation import Interpretation
from evoheur.generation.completion_body import CompletionBody, lenient_json
from evoheur.generation.parsing import ParsedReply, parse_reply
from evoheur.generation.pricing import CONFIGURED, PRICE_TABLE, PriceConfig, price_usd
from evoheur.generation.shared_calls import shares
from evoheur.request import Completion, Message, Usage

__all__ = ["EndpointReplies", "lost_usage"]

_CUT = frozenset({"length", "max_tokens", "model_length"})
"""How endpoints say that the token limit cut the reply."""
_CHARACTERS_PER_TOKEN = 4


class EndpointReplies:
    """Makes completions of what a model at an endpoint answers.

    Args:
        model: As the configuration names it.
        base_url: Of the endpoint.
        price: Of its tokens; None for that of a table.
        signatures: The functions that are wanted of it.
        marks: What opens and closes its reasoning, beyond the marks of known models.
    """

    def __init__(
        self,
        *,
        model: str,
        base_url: str,
        price: PriceConfig | None,
        signatures: Sequence[FunctionSignature],
        marks: Sequence[tuple[str, ...]],
    ) -> None:
        self._model = model
        self._base_url = base_url
        self._price = price
        self._signatures = signatures
        self._marks = marks

    def price_of(self, usage: Usage, model: str = "") -> tuple[float | None, str | None]:
        """What tokens cost in US dollars, and where that price is from; None for both where it is unknown."""
        if self._price is not None:
            return self._price.usd(usage), CONFIGURED
        models = (model, self._model) if model else (self._model,)
        cost = price_usd(usage, base_url=self._base_url, models=models)
        return cost, None if cost is None else PRICE_TABLE

    def completions(self, found: Interpretation, messages: Sequence[Message], most: int) -> list[Completion]:
        """The completions of an answer that is whole, at least one; they share its tokens.

        Args:
            found: The answer.
            messages: The prompt.
            most: How many are wanted.
        """
        answer = _of(found)
        replies = [self._reply(choice) for choice in answer.apart[:most]]
        usage = answer.counted or estimated_usage(found, messages)
        parts = shares(usage, [len(text) for text, _ in replies])
        return [self._made(answer, text, part, finish) for (text, finish), part in zip(replies, parts, strict=True)]

    def _reply(self, choice: CompletionBody) -> tuple[str, str]:
        """The text of a reply, and why it ended."""
        finish = "length" if choice.finish in _CUT else choice.finish or "unknown"
        reasoning = "" if choice.text.strip() else choice.reasoning
        return self._reply_of_reasoning(reasoning, finish) if reasoning else choice.text, finish

    def of_broken_off(self, found: Interpretation, messages: Sequence[Message]) -> Completion | None:
        """The completion of an answer that broke off after the code was complete.

        None if it broke off before, or has several choices.

        Complete is what stands in a fence that was closed, or in JSON that was. The reply counts as one that was cut at the token limit,
        and so must keep to what holds for these.
        """
        answer = found.answer
        if answer is None or len(answer.apart) > 1 or not _is_closed(answer.text):
            return None
        if not isinstance(parse_reply(answer.text, self._signatures, truncated=True, marks=self._marks), ParsedReply):
            return None
        return self._made(answer, answer.text, estimated_usage(found, messages), "length")

    def without_text(self, usage: Usage) -> Completion:
        """What stands for a call that cost tokens and brought no reply."""
        cost, source = self.price_of(usage)
        return Completion(text="", model=self._model, usage=usage, cost_usd=cost, price_source=source)

    def _made(self, answer: CompletionBody, text: str, usage: Usage, finish: str) -> Completion:
        model = answer.model or self._model
        cost, source = self.price_of(usage, model)
        return Completion(text=text, model=model, usage=usage, finish=finish, cost_usd=cost, price_source=source)

    def _reply_of_reasoning(self, reasoning: str, finish: str) -> str:
        """The reply of a model that only thought aloud.

        It is the thinking if that holds the function, and else the thinking in its marks.
        """
        found = parse_reply(reasoning, self._signatures, truncated=finish == "length", marks=self._marks)
        if isinstance(found, ParsedReply):
            return reasoning
        return f"<think>{reasoning}" + ("" if finish == "length" else "</think>")


def lost_usage(found: Interpretation, messages: Sequence[Message], *, cut: bool) -> Usage | None:
    """The tokens of a call that brought no reply.

    Args:
        found: What came of its answer.
        messages: The prompt.
        cut: Whether our own clock cut it off, so that the model was at work.

    Returns:
        None where it is not known that any were spent.
    """
    if found.fault is not None and found.fault.usage is not None:
        return found.fault.usage
    return estimated_usage(found, messages) if found.began or cut else None


def estimated_usage(found: Interpretation, messages: Sequence[Message]) -> Usage:
    """Tokens of a call, estimated by what came of its answer.

    What the server counted until then, the pieces of the text, or its characters / 4: whatever is most.
    """
    answer = found.answer
    counted = (answer.counted if answer is not None else None) or Usage()
    sent = math.ceil(sum(len(message.content) for message in messages) / _CHARACTERS_PER_TOKEN)
    characters = sum(len(choice.text) + len(choice.reasoning) for choice in (answer.apart if answer is not None else ()))
    written = max(math.ceil(characters / _CHARACTERS_PER_TOKEN), found.pieces, counted.completion_tokens)
    return Usage(prompt_tokens=counted.prompt_tokens or sent, completion_tokens=written, estimated=True)


def _is_closed(text: str) -> bool:
    fences = sum(line.lstrip().startswith(("```", "~~~")) for line in text.split("\n"))
    return (fences > 0 and fences % 2 == 0) or isinstance(lenient_json(text.lstrip()), dict)


def _of(found: Interpretation) -> CompletionBody:
    assert found.answer is not None, "an answer without a fault is there"
    return found.answer
