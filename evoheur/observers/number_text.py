"""Figures and foreign words, as people read them.

Gaps, counts, durations, and text that a model wrote.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from evoheur.archive.records import Totals
from evoheur.candidate import Candidate, Evaluation, ObjectiveKind
from evoheur.run.budget import Budget
from evoheur.run.events import InternalError
from evoheur.run.funnel import FunnelCourse
from evoheur.run.rivals import RaceCourse
from evoheur.run.run_spending import SpendingShare
from evoheur.run.spending_forecast import SpendingForecast
from evoheur.run.waiting_times import WaitingShares

__all__ = [
    "Scale",
    "breeding",
    "brought",
    "count",
    "duration",
    "estimate_and_use",
    "estimated",
    "evaluations_of_budget",
    "failures",
    "funnelled",
    "internal_error",
    "money",
    "one_line",
    "printable",
    "raced",
    "spent",
    "waited",
]

_SHOWN_FROM = 0.005
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
        return cls.of_kind(next((kind for kind in kinds if kind is not None), None))

    @classmethod
    def of_kind(cls, kind: ObjectiveKind | None) -> "Scale":
        """The scale of a kind of objective; `COST` where none is known."""
        return {"gap_percent": cls.GAP, "textbook_ratio": cls.RATIO}.get(kind or "", cls.COST)

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


def evaluations_of_budget(totals: Totals, budget: Budget | None, generation: int | None) -> str:
    """What was evaluated beside the limits of it.

    "40/200 evaluations", "40 evaluations in generation 3 of 20"; the initial population is generation 0.
    """
    limit = None if budget is None else budget.evaluations
    words = f"{totals.evaluations:,}/{limit:,} evaluations" if limit else count(totals.evaluations, "evaluation")
    if budget is None or budget.generations is None or generation is None:
        return words
    return f"{words} in generation {generation:,} of {budget.generations:,}"


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

    Requests, calls, evaluations, duplicates with the twins among them, tokens; money where prices are known, tuning where there was any.
    """
    parts = [
        count(totals.requests, "request"),
        count(totals.calls, "call"),
        count(totals.evaluations, "evaluation") + (f" ({totals.pruned:,} cut short)" if totals.pruned else ""),
        count(totals.duplicates, "duplicate") + (f" ({count(totals.twins, 'twin')})" if totals.twins else ""),
        f"{count(totals.tokens, 'token')} ({_parts_of_tokens(totals)})",
    ]
    if totals.cost_usd is not None:
        parts.append(money(totals.cost_usd))
    if totals.tunings:
        parts.append(f"{count(totals.tunings, 'tuning')} with {count(totals.tuning_evaluations, 'more evaluation')}")
    return ", ".join(parts)


def _parts_of_tokens(totals: Totals) -> str:
    """Tokens sent and received, and what is known of them: from a cache, reasoning, estimated."""
    sent, received = f"{totals.prompt_tokens:,} sent", f"{totals.completion_tokens:,} received"
    if totals.cached_tokens:
        sent += f", {totals.cached_tokens:,} of them from a cache"
    if totals.reasoning_tokens:
        received += f", {totals.reasoning_tokens:,} of them reasoning"
    return f"{sent}, {received}" + (f"; {totals.estimated_tokens:,} estimated" if totals.estimated_tokens else "")


def estimated(forecast: SpendingForecast) -> str:
    """What a whole budget will be spent on.

    "260 requests, 812,000 tokens, $1.23 for budget.evaluations=200".
    """
    price = "" if forecast.cost_usd is None else f", {money(forecast.cost_usd)}"
    return f"{count(forecast.requests, 'request')}, {count(forecast.tokens, 'token')}{price} for {forecast.limit}"


def estimate_and_use(forecast: SpendingForecast, totals: Totals) -> str:
    """An estimate beside what was spent in the end.

    "estimated after 20 replies: 800,000 tokens, $1.20; used: 820,000 tokens (+3 %), $1.25 (+4 %)".
    """
    guessed, used = [count(forecast.tokens, "token")], [f"{count(totals.tokens, 'token')}{_off(totals.tokens, forecast.tokens)}"]
    if forecast.cost_usd is not None and totals.cost_usd is not None:
        guessed.append(money(forecast.cost_usd))
        used.append(f"{money(totals.cost_usd)}{_off(totals.cost_usd, forecast.cost_usd)}")
    return f"estimated after {count(forecast.replies)} replies: {', '.join(guessed)}; used: {', '.join(used)}"


def _off(used: float, guessed: float) -> str:
    return f" ({100 * (used / guessed - 1):+.0f} %)" if guessed else ""


def brought(share: SpendingShare) -> str:
    """What an operator or a model spent and brought.

    "120 requests, 92 % of use, gain 1.3, 81,000 tokens, $0.21".
    """
    useful = share.useful / share.requests if share.requests else 0.0
    price = "" if share.cost_usd is None else f", {money(share.cost_usd)}"
    return f"{count(share.requests, 'request')}, {100 * useful:.0f} % of use, gain {share.gain:.3g}, {count(share.tokens, 'token')}{price}"


def funnelled(stages: Sequence[FunnelCourse]) -> str:
    """How candidates went through a funnel.

    "40 candidates on 4 instances, 21 on 12, 11 on all 64; Spearman between stages 0.83, 0.91".
    """
    came = [f"{stage.candidates:,} on {stage.instances:,}" for stage in stages]
    came[0] = f"{count(stages[0].candidates, 'candidate')} on {count(stages[0].instances, 'instance')}"
    came[-1] = f"{stages[-1].candidates:,} on all {stages[-1].instances:,}"
    ranks = ", ".join("-" if stage.spearman is None else f"{stage.spearman:.2f}" for stage in stages[:-1])
    return f"{', '.join(came)}; Spearman between stages {ranks}"


def raced(course: RaceCourse) -> str:
    """What statistical racing saved.

    "12 of 40 candidates stopped early, which saved 212 of 960 solutions (22 %)".
    """
    whole = course.solved + course.saved
    share = course.saved / whole if whole else 0.0
    stopped = f"{course.stopped:,} of {count(course.candidates, 'candidate')} stopped early"
    return f"{stopped}, which saved {course.saved:,} of {count(whole, 'solution')} ({share:.0%})"


def waited(shares: WaitingShares) -> str:
    """Who waited for whom.

    "83 % of the calls that may be under way were; 17 % waited for evaluators; evaluators waited for the model 5 % of their time".
    """
    calls = [
        (shares.for_evaluators, "waited for evaluators"),
        (shares.for_first, "waited for the next outcome in the order of asking"),
        (shares.for_outcomes, "waited for the method, which waits for outcomes"),
    ]
    parts = [f"{shares.calls:.0%} of the calls that may be under way were"]
    parts += [f"{share:.0%} {words}" for share, words in calls if share >= _SHOWN_FROM]
    parts.append(f"evaluators waited for the model {shares.evaluators_idle:.0%} of their time")
    return "; ".join(parts).replace("%", " %")


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
    return one_line(candidate.bred_by)


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
