"""Facts of a run that its prompts tell, beside the problem card and the parents.

Some hold for the whole run (what a heuristic may cost, what the textbook rules reach); others are news, a function of what the run has been
told so far.
"""

from dataclasses import dataclass, field, replace

__all__ = ["FunctionExample", "PromptFacts", "ReachedScore", "RecurringFailure"]

_UNITS = (("seconds", 1.0), ("milliseconds", 1e3), ("microseconds", 1e6))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedScore:
    """A heuristic's or textbook rule's worth on train.

    Attributes:
        name: What the prompt calls it.
        worth: The objective, minimised.
        families: Family → gap to the references in percent; empty where there are none.
    """

    name: str
    worth: float
    families: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringFailure:
    """A kind of failure that several of the last replies share.

    Attributes:
        count: How many replies.
        remedy: The sentence that avoids it.
        example: What the latest of them met, in a line; empty where the remedy says it all.
    """

    count: int
    remedy: str
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionExample:
    """A simple textbook rule in the form of a heuristic.

    Attributes:
        rule: Its name.
        function: The function's name.
        body: The lines of its body.
    """

    rule: str
    function: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFacts:
    """Facts of a run as templates know them: `facts`.

    Attributes:
        seconds: Processor time that a heuristic has for one instance, in seconds; None where prompts do not tell.
        calls: How often a frame calls the heuristic on the largest instance; None where the problem does not say.
        imports: Packages beyond NumPy and the standard library that a heuristic may import.
        symmetries: Changes of an instance that must not change what a heuristic does, such as "lengths × 1024".
        example: A textbook rule in the form of a heuristic; None where the interface is plain enough.
        unit: What scores are, such as "percent above the reference, mean over instances".
        scores: What the problem's own heuristic and the best textbook rule reach; empty where prompts do not tell.
        best: The best heuristic so far; None where it is the problem's own, or prompts do not tell.
        replies: How many of the last replies `failures` counts.
        failures: What they failed of, if several failed of the same.
        advice: Hints of the user, oldest first.
        fills: Whether the answer may leave alternatives and ranges open, which are filled by trying them out.
    """

    seconds: float | None = None
    calls: int | None = None
    imports: tuple[str, ...] = ()
    symmetries: tuple[str, ...] = ()
    example: FunctionExample | None = None
    unit: str = ""
    scores: tuple[ReachedScore, ...] = ()
    best: ReachedScore | None = None
    replies: int = 0
    failures: tuple[RecurringFailure, ...] = field(default=())
    advice: tuple[str, ...] = ()
    fills: bool = False

    @property
    def call_seconds(self) -> str:
        """The time that the limit leaves for a call, such as "2 milliseconds"; empty where it is not known."""
        if self.seconds is None or not self.calls:
            return ""
        seconds = self.seconds / self.calls
        unit, factor = next((each for each in _UNITS if seconds * each[1] >= 1), _UNITS[-1])
        return f"{seconds * factor:.2g} {unit}" if seconds * factor < 100 else f"{seconds * factor:.0f} {unit}"

    @property
    def anonymous(self) -> "PromptFacts":
        """The facts for a method which hides the problem: nothing that names it, its families or its rules."""
        failures = tuple(replace(failure, example="") for failure in self.failures)
        return replace(self, symmetries=(), example=None, unit="", scores=(), best=None, failures=failures)
