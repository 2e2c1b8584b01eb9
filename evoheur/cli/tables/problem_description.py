"""Description of a problem, as tables and JSON."""

from collections import Counter

from rich.console import Console

from evoheur.api.problem_facts import OWN, ProblemFacts
from evoheur.cli.tables.family_table import LEGEND, print_comparison
from evoheur.cli.terminal.output import print_code, say
from evoheur.documents.evaluation_document import gap_of
from evoheur.documents.problem_document import FunctionDocument, ProblemDocument, RuleScoreDocument
from evoheur.observers.number_text import count

__all__ = ["print_problem", "problem_document"]


def problem_document(facts: ProblemFacts) -> ProblemDocument:
    """The document of `evoheur problems show --json`."""
    card = facts.card
    return ProblemDocument(
        format="problem/1",
        name=facts.named.name,
        title=card.title,
        description=card.description,
        functions=[FunctionDocument(call=function.call, docstring=function.docstring) for function in card.functions],
        skeleton=card.skeleton,
        code=card.code,
        aggregate=facts.problem.aggregate,
        settings=facts.defaults,
        formats=list(facts.problem.formats),
        splits={
            split: dict(Counter(instance.family for instance in scored.instances.instances))
            for split, scored in facts.scores.items()
        },
        textbook={
            split: {rule: RuleScoreDocument(objective=found.objective, gap=gap_of(found)) for rule, found in scored.rules.items()}
            for split, scored in facts.scores.items()
        },
        comparison={split: scored.comparison.document() for split, scored in facts.scores.items()},
        seconds_per_instance={split: scored.seconds for split, scored in facts.scores.items()},
        unread={split: dict(scored.instances.unread) for split, scored in facts.scores.items()},
        limits=facts.limits.model_dump(mode="json"),
    )


def print_problem(console: Console, facts: ProblemFacts) -> None:
    """Print what a model is told of a problem.

    Then the settings and limits, and the gaps of the textbook rules.
    """
    card = facts.card
    say(console, f"{facts.named.name}: {card.title}", "bold")
    say(console)
    say(console, "What a model is told:", "bold")
    say(console, card.description)
    say(console)
    print_code(console, card.skeleton)
    say(console)
    say(console, "The first candidate:", "bold")
    print_code(console, card.code)
    say(console)
    defaults = ", ".join(f"{key}={value!r}" for key, value in facts.defaults.items())
    say(console, f"Settings and their defaults: {defaults or 'none'}")
    if facts.named.settings:
        say(console, "Set here: " + ", ".join(f"{key}={value!r}" for key, value in facts.named.settings.items()))
    if facts.problem.interface:
        say(console, f"Interface: {facts.problem.interface}")
    if facts.problem.symmetries:
        names = ", ".join(symmetry.name for symmetry in facts.problem.symmetries)
        say(console, f"Symmetries, under which a heuristic must give the same solution: {names}")
    if facts.problem.formats:
        say(console, "Instance files of your own (--instances, problem.instances.train, evoheur solve):")
    for form in facts.problem.formats:
        say(console, f"  {form}")
    limits = ", ".join(f"{key} {value:g}" for key, value in facts.limits.model_dump().items())
    say(console, f"Limits for a candidate: {limits}")
    for split, scored in facts.scores.items():
        say(console)
        say(console, f"On {split} ({count(len(scored.instances.instances), 'instance')}):", "bold")
        if scored.own.detail:
            say(console, f"The {OWN} ends with {scored.own.status.value}: {scored.own.detail}", "red")
        print_comparison(console, scored.comparison)
        if not scored.rules:
            say(console, "No textbook rules come with it.")
    say(console, LEGEND)
