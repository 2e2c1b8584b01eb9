"""The end of a run whose replies are of no use.

They are paid for like others, and a run would buy them through the night.
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evoheur.generation.parsing import Reason
from evoheur.request import INTERNAL, Completion, Failure
from evoheur.run.loop import LoopEnd
from evoheur.run.step import Step, StepListener

__all__ = ["ReplyWatch"]

_IN_A_ROW = 20
_LAST = 50
_OF_THE_LAST = 40  # 80 % of them
_SHOWN = 400  # characters of the first reply
_THINKING = "<think>"
_NEARLY_ALL = 0.9  # of the tokens of a reply

_WRONG_CODE = "the model does not write the code that the prompt asks for; ask another one, or look at the replies"
_LOST = (
    "calls broke off before their replies were whole, by generator.timeout_seconds or generator.longest_seconds, or by the server; raise "
    "these limits, limit replies with generator.max_tokens, or look at the server"
)
_ADVICE: dict[str, str] = {
    Reason.NO_CODE: "the model answers without code; ask another one, or look at what it was told",
    Reason.TOO_LONG: "the model does not come to an end; limit its replies with generator.max_tokens, or ask another one",
}


@dataclass(frozen=True, slots=True)
class _Useless:
    """A reply without a candidate, or a request without a reply."""

    failure: Failure
    reply: Completion | None

    @property
    def is_lost(self) -> bool:
        """Whether its calls broke off, after tokens were spent on them."""
        return self.reply is not None and bool(self.reply.lost_reason)

    @property
    def is_bought(self) -> bool:
        """Whether tokens were spent on it."""
        return self.failure.stage == "parsing" or self.is_lost


class ReplyWatch(StepListener):
    """Stops a run whose replies hold no candidates.

    After 20 requests in a row without one that could be read, or with 80 % of the last 50 replies. What is in flight is waited for, and
    nothing more is asked. The run can be resumed, and then counts anew. Notes count neither way.

    Args:
        stop: Ends the run.
    """

    def __init__(self, stop: Callable[[LoopEnd], None]) -> None:
        self._stop = stop
        self._row: list[_Useless] = []
        self._last: deque[_Useless | None] = deque(maxlen=_LAST)

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        if not step.request.kind.asks_model or step.request.produces != "heuristic":
            return
        outcome = step.outcome
        if not isinstance(outcome, Failure):
            self._row.clear()
            self._last.append(None)
            return
        if outcome.reason == INTERNAL:
            return
        useless = _Useless(outcome, step.completion)
        self._row.append(useless)
        if useless.is_bought:
            self._last.append(useless)
        bought = [each for each in self._row if each.is_bought]
        of_last = [each for each in self._last if each is not None]
        if len(self._row) >= _IN_A_ROW and bought:
            self._end(f"{len(self._row)} requests in a row brought no heuristic", bought)
        elif len(self._last) == _LAST and len(of_last) >= _OF_THE_LAST:
            self._end(f"{len(of_last)} of the last {_LAST} replies hold no heuristic", of_last)

    def _end(self, what: str, useless: Sequence[_Useless]) -> None:
        reasons = Counter(each.failure.reason for each in useless)
        listed = ", ".join(f"{reason} {number}" for reason, number in reasons.most_common())
        usages = [each.reply.usage for each in useless if each.reply is not None]
        bought = f"{sum(usage.completion_tokens for usage in usages):,} tokens were written for them"
        if thought := sum(usage.reasoning_tokens for usage in usages):
            bought += f", {thought:,} of these in reasoning"
        first = next((each for each in useless if not each.is_lost), useless[0])
        noun = "failure" if first.is_lost else "reply"
        said = " ".join((first.reply.text if first.reply is not None else "").split())
        shown = repr(said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…") if said else "empty"
        cause = _cause(useless, reasons.most_common(1)[0][0])
        reason = (
            f"{what} ({listed}; {bought}): {cause}. The first {noun} is {shown}. `evoheur failures` lists "
            "them all; what is stored is kept, and the run can be resumed with other settings of the generator."
        )
        self._stop(LoopEnd(status="failed", reason=reason))


def _only_thought(reply: Completion) -> bool:
    """Whether a reply is nothing but thinking: by its text, or by what the server counted."""
    usage = reply.usage
    counted = usage.reasoning_tokens >= _NEARLY_ALL * usage.completion_tokens > 0
    return counted or reply.text.startswith(_THINKING) or not reply.text.strip()


def _cause(useless: Sequence[_Useless], reason: str) -> str:
    """Why most replies are of no use, and what to do about it."""
    if 2 * sum(each.is_lost for each in useless) >= len(useless):
        return _LOST
    replies = [each.reply for each in useless if each.reply is not None and not each.is_lost]
    cut = 2 * sum(reply.finish == "length" for reply in replies) >= len(replies)
    thought = 2 * sum(map(_only_thought, replies)) >= len(replies)
    if thought and cut:
        return (
            "all tokens went into reasoning, and none were left for the answer; raise generator.max_tokens, or have the model think less "
            "(generator.reasoning_effort: low, where it knows that)"
        )
    if cut:
        return "they were cut at the token limit; raise generator.max_tokens, or the limit of the server"
    if thought and any(reply.text.strip() for reply in replies):
        return "the model thinks aloud and answers nothing; turn its reasoning down or off (generator.extra_body), or ask another one"
    if reason == Reason.EMPTY:
        return "the answers are empty although tokens were paid for; look at what the server sends, or ask another model"
    return _ADVICE.get(reason, _WRONG_CODE)
