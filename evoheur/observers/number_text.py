"""Figures and foreign words, as people read them.

Gaps, counts, durations, and text that a model wrote.
"""

from collections.abc import Iterable, Mapping
from enum import Enum

from evoheur.archive.records import Totals
from evoheur.candidate import Candidate, Evaluation
from evoheur.run.events import InternalError

__all__ = ["Scale", "breeding", "count", "duration", "failures", "internal_error", "money", "one_line", "printable", "spent"]

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0


class Scale(Enum):
    """The kinds of objectives, each written in its way; the values are their headings."""

    GAP = "gap"
    COST = "mean cost"
    RATIO = "times textbook"

    @classmethod
    def of(cls, evaluations: Iterable[Evaluation]) -> "Scale":
        """The kind of the first evaluation with an objective.

        A plain number is never a false claim, so without any such evaluation it is `COST`.
        """
        kinds = (evaluation.objective_kind for evaluation in evaluations)
        known = {"gap_percent": cls.GAP, "textbook_ratio": cls.RATIO}
        return next((known.get(kind, cls.COST) for kind in kinds if kind is not None), cls.COST)

    def text(self, objective: float | None) -> str:
        """An objective for people: "0.71 %", "0.934 x" or "1234.5"; "-" where there is none."""
        if objective is None:
            return "-"
        if self is Scale.RATIO:
            return f"{objective:.3f} x"
        return f"{objective:.2f} %" if self is Scale.GAP else f"{objective:.6g}"


def count(number: int, noun: str = "") -> str:
    """A count with its noun.

    "1 request", "2,600 requests"; without a noun only the number.
    """
    if not noun:
        return f"{number:,}"
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """A time span to its two largest units.

    "7 s", "3 min 5 s", "2 h 10 min", "1 d 4 h".
    """
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // 60} min {whole % 60} s"
    if whole < _DAY:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def money(dollars: float) -> str:
    """An amount of US dollars.

    To the cent from a dollar on, to a hundredth of a cent below.
    """
    return f"${dollars:,.2f}" if dollars >= 1 else f"${dollars:.4f}"


def failures(reasons: Mapping[str, int], *, most: int = 6) -> str:
    """Reasons of failures with their counts, most frequent first.

    "error 12, timeout 3"; "none" if there are none.
    """
    ranked = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    words = [f"{one_line(reason)} {number:,}" for reason, number in ranked[:most]]
    if len(ranked) > most:
        words.append(f"{sum(number for _, number in ranked[most:]):,} for {len(ranked) - most} other reasons")
    return ", ".join(words) or "none"


def spent(totals: Totals) -> str:
    """The amounts that a run has spent.

    Requests, calls, evaluations, duplicates, tokens; money where prices are known, tuning where there was any.
    """
    parts = [
        count(totals.requests, "request"),
        count(totals.calls, "call"),
        count(totals.evaluations, "evaluation") + (f" ({totals.pruned:,} cut short)" if totals.pruned else ""),
        count(totals.duplicates, "duplicate"),
        f"{count(totals.tokens, 'token')} ({totals.prompt_tokens:,} sent, {totals.completion_tokens:,} received)",
    ]
    if totals.cost_usd is not None:
        parts.append(money(totals.cost_usd))
    if totals.tunings:
        parts.append(f"{count(totals.tunings, 'tuning')} with {count(totals.tuning_evaluations, 'more evaluation')}")
    return ", ".join(parts)


def internal_error(event: InternalError) -> str:
    """The message on a fault of evoheur's own.

    For the first time that it happens.
    """
    return (
        f"an internal error was stored as the failure of request {event.asked.number}, and the run goes on: {event.error}; please report "
        "it with its traceback (on standard error, and in the file of --log)"
    )


def breeding(candidate: Candidate) -> str:
    """The operator and the parents of a candidate.

    "m2 of 3", "e1 of 3, 17", "i1".
    """
    parents = ", ".join(str(parent) for parent in candidate.parents)
    return f"{one_line(candidate.operator)} of {parents}" if parents else one_line(candidate.operator)


def printable(text: str, encoding: str = "utf-8") -> str:
    """Foreign text that a terminal may safely show.

    No escape sequence or bidi mark in it survives.

    Args:
        text: What a model wrote, such as code; line ends and tabs stay, every other unprintable character becomes "?".
        encoding: Of the output; what it cannot express becomes "?" as well.
    """
    shown = "".join(char if char in "\n\t" or char.isprintable() else "?" for char in text)
    return shown.encode(encoding, errors="replace").decode(encoding)


def one_line(text: str, encoding: str = "utf-8", *, width: int = 200) -> str:
    """Foreign prose on one line, made safe.

    At most `width` characters, treated as by `printable`.
    """
    line = printable(" ".join(text.split()), encoding)
    return line if len(line) <= width else line[: width - 3] + "..."
