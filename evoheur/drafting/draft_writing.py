"""Having a model write a draft, within a budget."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evoheur.archive.records import Totals
from evoheur.drafting.draft import Draft, UnreadableDraft, read_draft
from evoheur.drafting.draft_check import DraftFinding, check_draft
from evoheur.drafting.draft_prompts import correction_messages, draft_messages
from evoheur.errors import GenerationError, GeneratorRefused
from evoheur.generation.generator import CallsLost, Generator
from evoheur.generation.key_guard import without_keys
from evoheur.request import Completion, Request
from evoheur.run.budget import Budget

__all__ = ["DraftTask", "Drafted", "write_draft"]

_OPERATOR = "draft"
_UNREAD = "the reply holds the files"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTask:
    """What is to be drafted.

    Attributes:
        description: The author's words.
        kind: Name of the class to write.
        example: Name → source of the files of a problem that works.
        secrets: What must stand in no file: the keys.
        seed: Of the first request.
    """

    description: str
    kind: str
    example: Mapping[str, str]
    secrets: Sequence[str] = field(default=(), repr=False)
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What came of drafting.

    Attributes:
        draft: The one that passes most checks, the latest of equals; None if no reply held one.
        findings: Its checks; without a draft, what was wrong with the last reply.
        spent: Requests, calls, tokens and money.
        model: Who answered last; empty if nobody did.
        reply: The last reply, without keys.
        ended: Why no more was asked where a check still fails; empty where none does.
    """

    draft: Draft | None = None
    findings: Sequence[DraftFinding] = ()
    spent: Totals = field(default_factory=Totals)
    model: str = ""
    reply: str = ""
    ended: str = ""

    @property
    def failed(self) -> list[DraftFinding]:
        """The checks that fail."""
        return [finding for finding in self.findings if finding.detail]


async def write_draft(
    task: DraftTask, generator: Generator, budget: Budget, *, saying: Callable[[str], None] = lambda _what: None
) -> Drafted:
    """Ask for a draft until all checks pass that can be made in the jail, or the budget is used.

    Args:
        task: What is to be drafted.
        generator: A model.
        budget: Limits of requests, tokens and money, counted as in a run.
        saying: Hears what is being done.

    Returns:
        The best draft, and what it cost. A fault of the endpoint ends the asking and is told in `ended`.

    Raises:
        ExecutorError: There is no jail to be had on this machine.
        GeneratorRefused: The endpoint refuses the key, the model or the settings, and there is no draft yet.
    """
    best = Drafted()
    first = draft_messages(task.description, kind=task.kind, example=task.example)
    messages = first
    while (ended := budget.spent(best.spent)) is None:
        asked = best.spent.requests + 1
        saying(f"request {asked}")
        try:
            completion = await generator.complete(messages, Request(operator=_OPERATOR), seed=task.seed + asked - 1)
        except GenerationError as error:
            lost = error.completion if isinstance(error, CallsLost) else None
            spent = (
                _with(best.spent, lost) if lost else replace(best.spent, requests=asked, calls=best.spent.calls + error.attempts)
            )
            return replace(best, spent=spent, ended=without_keys(str(error), task.secrets))
        except GeneratorRefused as error:
            if best.draft is None:
                raise
            return replace(best, ended=without_keys(str(error), task.secrets))
        reply = without_keys(completion.text, task.secrets)
        draft, findings = _checked(reply, cut=completion.finish == "length", saying=saying)
        best = _better(best, draft, findings)
        best = replace(best, spent=_with(best.spent, completion), model=completion.model, reply=reply)
        failed = [finding for finding in findings if finding.detail]
        if not failed:
            return best
        if budget.cost_usd is not None and completion.cost_usd is None:
            return replace(best, ended="a reply came without a price, so the budget of money cannot be kept")
        messages = correction_messages(first, reply, failed)
    return replace(best, ended=ended)


def _checked(reply: str, *, cut: bool, saying: Callable[[str], None]) -> tuple[Draft | None, list[DraftFinding]]:
    try:
        draft = read_draft(reply)
    except UnreadableDraft as unread:
        why = " It was cut at the token limit: write less, or raise generator.max_tokens." if cut else ""
        return None, [DraftFinding(name=_UNREAD, detail=f"{unread}{why}")]
    return draft, check_draft(draft, saying=saying)


def _better(best: Drafted, draft: Draft | None, findings: Sequence[DraftFinding]) -> Drafted:
    """The draft that got further: with more checks passed, for what cannot be imported fails one check only."""
    if draft is None:
        return best if best.draft else replace(best, findings=findings)
    if best.draft is not None and _passed(findings) < _passed(best.findings):
        return best
    return replace(best, draft=draft, findings=findings)


def _passed(findings: Sequence[DraftFinding]) -> int:
    return sum(not finding.detail for finding in findings)


def _with(spent: Totals, completion: Completion) -> Totals:
    """What is spent after another request."""
    usage = completion.usage
    cost = spent.cost_usd if completion.cost_usd is None else (spent.cost_usd or 0.0) + completion.cost_usd
    return replace(
        spent,
        requests=spent.requests + 1,
        calls=spent.calls + completion.attempts,
        prompt_tokens=spent.prompt_tokens + usage.prompt_tokens,
        completion_tokens=spent.completion_tokens + usage.completion_tokens,
        estimated_tokens=spent.estimated_tokens + (usage.prompt_tokens + usage.completion_tokens if usage.estimated else 0),
        cost_usd=cost,
    )
