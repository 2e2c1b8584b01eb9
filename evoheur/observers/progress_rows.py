"""The progress of a run in rows, for displays that are redrawn."""

from rich.text import Text

from evoheur.observers.conclusions import leads
from evoheur.observers.number_text import breeding, duration, estimated, evaluations_of_budget, failures, one_line, spent
from evoheur.observers.progress import Progress

__all__ = ["budget_words", "progress_rows", "step_words"]


def budget_words(progress: Progress) -> str:
    """How far a run is: "40/200 evaluations, 12 s, about 48 s left"."""
    words = evaluations_of_budget(progress.totals, progress.budget, progress.generation)
    words += f", {duration(progress.elapsed)}"
    if progress.seconds_left:
        words += f", about {duration(progress.seconds_left)} left"
    return words


def step_words(progress: Progress, encoding: str = "utf-8") -> Text:
    """What is being prepared, and for how long.

    "Compiling the kernels of tsp_gls … 12 s".
    """
    step = progress.step
    return _text(f"{step[:1].upper()}{step[1:]} … {duration(progress.step_seconds)}", encoding)


def progress_rows(progress: Progress, encoding: str = "utf-8") -> list[tuple[str, Text]]:
    """The scores, the spending, and what is waited for, in the order of a display.

    Args:
        progress: Of a run that has started.
        encoding: Of the output; what it cannot express becomes "?".
    """
    steps = [("now", step_words(progress, encoding))] if progress.step else []
    return [*_scores(progress, encoding), *_spending(progress, encoding), *steps]


def _scores(progress: Progress, encoding: str) -> list[tuple[str, Text]]:
    scale = progress.scale
    best = _text(scale.text(progress.totals.best_objective), encoding, "bold green")
    if progress.best is not None:
        bred = f"candidate {progress.best.id} ({breeding(progress.best)})"
        best.append("  ").append(_text(bred, encoding, "not bold default"))
    rows = [(f"best {scale.value} on train", best)]
    if progress.best is not None:
        rows.append(("", _text(progress.best.thought, encoding, "italic")))
    if progress.started is not None:
        rows.append(("problem's own heuristic", _text(scale.text(progress.started.baseline.objective), encoding)))
    if progress.audited is not None:
        words, style = leads(progress.audited.verdict), "bold red" if progress.audited.verdict.overfitted else ""
        rows.append(("lead over it", _text(f"{words} (candidate {progress.audited.candidate.candidate.id})", encoding, style)))
    if progress.best_textbook_rule is not None:
        name, objective = progress.best_textbook_rule
        rows.append(("best textbook rule", _text(f"{scale.text(objective)}, {name}", encoding)))
    return rows


def _spending(progress: Progress, encoding: str) -> list[tuple[str, Text]]:
    totals = progress.totals
    rows = [("failures", _text(failures(totals.failures), encoding)), ("spent", _text(spent(totals), encoding))]
    if progress.estimate is not None:
        rows.append(("whole budget", _text(f"about {estimated(progress.estimate)}", encoding)))
    if progress.rate is not None:
        rows.append(("rate", _text(f"{progress.rate:.3g} evaluations/s", encoding)))
    rows += [("outage", _text(sentence, encoding, "bold yellow")) for sentence in progress.outages]
    if progress.waiting is not None:
        seconds, reason = progress.waiting
        rows.append(("waiting", _text(f"{seconds:.0f} s: {reason}", encoding, "yellow")))
    return rows


def _text(words: str, encoding: str, style: str = "") -> Text:
    return Text(one_line(words, encoding), style=style)
