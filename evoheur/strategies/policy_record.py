"""Search policies with what they earned."""

import math
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evoheur.search_policy import CHOOSE, LABELS, ChoiceLabel
from evoheur.strategies.policy_grammar import PolicyGenes

__all__ = ["PolicyRecord", "PolicyShelf", "label_advice", "policy_code", "window_score"]

_FENCED = re.compile(r"^```[a-zA-Z]*[ \t]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_OTHERS_SHOWN = 2
_LONGEST_ADVICE = 1_000  # characters of what is said of one label


@dataclass(slots=True, kw_only=True)
class PolicyRecord:
    """A search policy, and how the search fared under it.

    Attributes:
        number: From 0, the policy that a search begins with.
        code: Its source.
        genes: What it was rendered from; None for one that a model wrote.
        score: Of its latest window; None before the first has closed.
        before: The population when the latest window began.
        after: The population when it closed.
        length: Outcomes of that window.
        is_faulty: Whether it failed while it was in charge; it is never in charge again.
    """

    number: int
    code: str
    genes: PolicyGenes | None = None
    score: float | None = None
    before: str = ""
    after: str = ""
    length: int = 0
    is_faulty: bool = False

    def report(self) -> str:
        """Source and record, as a prompt shows them."""
        record = "not measured yet"
        if self.score is not None:
            record = f"score {self.score:.4g} over {self.length} outcomes\nBefore: {self.before}\nAfter: {self.after}"
        fault = "\nIt failed later on." if self.is_faulty else ""
        return f"Policy {self.number}: {record}{fault}\n\n```python\n{self.code.strip()}\n```"


class PolicyShelf:
    """All policies of a search."""

    def __init__(self) -> None:
        genes = PolicyGenes()
        self.records = [PolicyRecord(number=0, code=genes.source(), genes=genes)]

    def add(self, code: str, genes: PolicyGenes | None = None) -> PolicyRecord:
        """Put a policy beside the others."""
        record = PolicyRecord(number=len(self.records), code=code, genes=genes)
        self.records.append(record)
        return record

    def best(self) -> PolicyRecord:
        """The one of the highest score, of equals the oldest; the first where none has a score."""
        return _best(self.records)

    def bred(self, rng: random.Random) -> PolicyRecord:
        """A new one of the grammar, next to the best of it."""
        known = [record for record in self.records if record.genes is not None]
        genes = (_best(known).genes or PolicyGenes()).varied(rng)
        return self.add(genes.source(), genes)

    def shown(self, rng: random.Random) -> Sequence[PolicyRecord]:
        """What the writer of the next one sees: the best, and two others at random."""
        best = self.best()
        others = [record for record in self.records if record is not best and record.score is not None]
        return (best, *rng.sample(others, min(_OTHERS_SHOWN, len(others))))


def _best(records: Iterable[PolicyRecord]) -> PolicyRecord:
    return max(records, key=lambda one: (-math.inf if one.is_faulty or one.score is None else one.score, -one.number))


def window_score(start: float, end: float, length: int) -> float:
    """What a policy earned: gain · (1 + ln(1 + max(0, start))) / √length.

    Args:
        start: How good the best program was when the window began, higher is better.
        end: How good it was when it closed.
        length: Outcomes in between, at least 1.
    """
    return (end - start) * (1 + math.log1p(max(0.0, start))) / math.sqrt(length)


def policy_code(text: str) -> str | None:
    """The last block of a reply that defines a policy.

    The whole reply if it has no fences; None where there is none.
    """
    wanted = f"def {CHOOSE}("
    blocks = _FENCED.findall(text) or [text]
    return next((block.strip() + "\n" for block in reversed(blocks) if wanted in block), None)


def label_advice(text: str) -> dict[ChoiceLabel, str]:
    """What a reply says of each label.

    It is what follows a line that begins with the label and a colon, up to the next such line.
    """
    said: dict[ChoiceLabel, str] = {}
    label: ChoiceLabel | None = None
    for line in text.splitlines():
        word, colon, rest = line.strip().strip("*#- ").partition(":")
        named = next((known for known in LABELS if colon and word.strip("* ").lower() == known), None)
        label = named or label
        if label is not None:
            more = line if named is None else rest
            said[label] = f"{said.get(label, '')} {more.strip(' *')}".strip()[:_LONGEST_ADVICE]
    return said
