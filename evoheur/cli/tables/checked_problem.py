"""Results of checking a problem, as tables and JSON."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console

from evoheur.api.problem_check import CheckedProblem, OpenQuestion
from evoheur.api.problem_facts import LimitsConfig
from evoheur.api.problem_scores import OWN, SplitScores
from evoheur.cli.tables.family_table import LEGEND, print_comparison
from evoheur.cli.terminal.output import say
from evoheur.documents.problem_document import CheckDocument, ProblemCheckDocument, QuestionDocument
from evoheur.observers.number_text import count, duration
from evoheur.observers.run_header import level_words

__all__ = ["checked_document", "print_checked", "print_questions"]

_LONG_SEARCH = 1.0


def checked_document(checked: CheckedProblem) -> ProblemCheckDocument:
    """The document of `evoheur problems check --json`."""
    return ProblemCheckDocument(
        format="problem-check/1",
        name=checked.named.name,
        settings=dict(checked.named.settings),
        ok=checked.ok,
        checks=[CheckDocument(name=finding.name, ok=finding.ok, detail=finding.detail) for finding in checked.findings],
        comparison={split: scored.comparison.document() for split, scored in checked.scores.items()},
        seconds_per_instance={split: scored.seconds for split, scored in checked.scores.items()},
        questions=[QuestionDocument(file=each.file, line=each.line, text=each.text) for each in checked.questions],
        unapproved=checked.unapproved,
    )


def print_checked(console: Console, checked: CheckedProblem) -> None:
    """Print the results of checking a problem.

    Every check, the tables of the splits, and what is worth knowing before a run.
    """
    findings, scores = checked.findings, checked.scores
    for finding in findings:
        say(console, f"ok      {finding.name}" if finding.ok else f"FAILED  {finding.name}", "" if finding.ok else "bold red")
        if not finding.ok:
            say(console, f"        {finding.detail}")
    for split, scored in scores.items():
        say(console)
        say(console, f"On {split} ({count(len(scored.instances.instances), 'instance')}):", "bold")
        print_comparison(console, scored.comparison)
    if scores:
        say(console, LEGEND)
    say(console)
    for line in _remarks(scores):
        say(console, line)
    print_questions(console, checked.questions)
    failed = sum(not finding.ok for finding in findings)
    if failed:
        say(console, f"{checked.named.name}: {failed} of {count(len(findings), 'check')} failed.", "bold red")
    else:
        say(console, f"{checked.named.name}: all {count(len(findings), 'check')} passed.", "bold green")
    if checked.unapproved:
        say(
            console,
            "It is a draft that nobody said yes to, so it was looked at in the jail only, and not scored. When you have read it:",
        )
        say(console, f"  evoheur problems approve {checked.named.name}")


def print_questions(console: Console, questions: Sequence[OpenQuestion]) -> None:
    """Print what the author of a problem must decide, with the place where it is asked."""
    if not questions:
        return
    say(console, f"{count(len(questions), 'question')} to its author; decide, and take the comment away:", "bold")
    for each in questions:
        say(console, f"  {each.file}, line {each.line}: {each.text}")
    say(console)


def _remarks(scores: Mapping[str, SplitScores]) -> Iterator[str]:
    """Remarks on scores, which are no faults but worth knowing."""
    taken = ", ".join(f"{scored.seconds:.3f} s on {split}" for split, scored in scores.items() if scored.seconds is not None)
    if taken:
        yield f"Per instance, the {OWN} takes {taken} (processor time; {level_words(next(iter(scores.values())).own.level)})."
        slowest = max(scored.slowest for scored in scores.values())
        yield f"Its slowest instance takes {slowest:.3f} s; candidates are stopped after {LimitsConfig().cpu_seconds:g} s on one."
    train = scores.get("train")
    if train is not None and train.own.cpu_seconds > _LONG_SEARCH:
        yield (
            f"One candidate takes {train.own.cpu_seconds:.1f} s on all of train, so a thousand take "
            f"{duration(1000 * train.own.cpu_seconds)} of processor time; fewer or smaller training instances search faster."
        )
    if scores and not any(scored.rules for scored in scores.values()):
        yield "No textbook rules come with it, so nothing will show whether a discovery is any good; add `textbook_rules`."
