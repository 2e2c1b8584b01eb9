"""`evoheur show`: one candidate with everything known of it."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from evoheur import (
    ArchiveReader,
    Asked,
    CandidateRecord,
    ConfigError,
    Evaluation,
    InstanceResult,
    Status,
    open_archive,
)
from evoheur.api.archives import find_candidate, suggest
from evoheur.api.candidate_story import hints_shown, unified_diff
from evoheur.api.solution_making import SolutionWish, draw_solutions
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, InRun
from evoheur.cli.tables.family_gaps_table import print_family_gaps
from evoheur.cli.terminal.output import make_console, make_table, print_code, print_json, say, working
from evoheur.cli.terminal.run_curve import print_run_curve
from evoheur.cli.terminal.solution_picture import print_solution
from evoheur.documents.audit_document import audit_document
from evoheur.documents.candidate_document import (
    CandidateDocument,
    candidate_document,
    completion_document,
    evaluations_of,
    prompt_document,
    textbook_document,
)
from evoheur.observers.conclusions import audit_of, audit_sentence
from evoheur.observers.number_text import Scale, breeding, one_line
from evoheur.observers.run_header import level_words

__all__ = ["show"]

_LONGEST_LINEAGE = 50


def show(  # noqa: PLR0913 - a command has as many parameters as it has options
    candidate: Annotated[
        str, typer.Argument(metavar="CANDIDATE", help="RUN/NUMBER or RUN/best; without RUN/, of the latest run.")
    ],
    parent: Annotated[
        str | None, typer.Argument(metavar="PARENT", help="With --diff: compare with this candidate, not the first parent.")
    ] = None,
    *,
    prompt: Annotated[bool, typer.Option("--prompt", help="Show the prompt that it answers.")] = False,
    reply: Annotated[bool, typer.Option("--reply", help="Show the reply as it came.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what changed against its first parent, or against PARENT.")] = False,
    solution: Annotated[
        str | None,
        typer.Option(
            "--solution", metavar="INSTANCE", help="Draw what it makes of an instance of the validation split, in dots."
        ),
    ] = None,
    original: Annotated[bool, typer.Option("--original", help="Show it as it was bred, also if it was simplified.")] = False,
    run: InRun = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Show one candidate: code, idea, parents, gaps per family and instance.

    A terminal also draws how the best fell in the course of the run. Its prompt, its reply and what changed against a parent are shown on
    request. Of a candidate that was simplified, what remains is shown;
    how it was bred (--original, --prompt, --reply, --diff) is still there.

    Example:
        evoheur show quickstart-1/17 --prompt --reply --diff
    """
    if solution is not None and as_json:
        raise ConfigError("A drawing is no JSON; leave out --solution, or --json (`evoheur solve --json` gives solutions).")
    if parent is not None and not diff:
        raise ConfigError(f"{parent!r} is one word too many; a second candidate only goes with --diff.")
    with open_archive(archive) as opened:
        record = find_candidate(opened, candidate, run=run)
        remaining = None if original or prompt or reply or diff else opened.simplified(record)
        record = remaining or record
        other = _compared(opened, record, parent) if diff else None
        lineage, hints = _lineage(opened, record), hints_shown(opened, record)
        textbook = textbook_document(opened.textbook_gaps(record.run))
        baseline = opened.candidate(record.run, 0)
        audit = audit_of(record, baseline)
        steps, totals = opened.progress(record.run), opened.totals(opened.run(record.run).id)
    changes = None if other is None else unified_diff(other, record)
    if as_json:
        known = {} if audit is None else {"audit": audit_document(audit)}
        print_json(_document(record, lineage, changes, prompt=prompt, reply=reply, textbook_gaps=textbook, **known))
        return
    console = make_console()
    if remaining is not None:
        say(console, f"What remains of {_parent(record)}; --original shows it as it was bred.", "bold")
    _print_head(console, record, lineage, archive, hints=hints)
    if audit is not None:
        say(console)
        say(console, audit_sentence(record.id, audit), "bold red" if audit.overfitted else "")
    print_run_curve(console, record, baseline.candidate.objective, steps, totals)
    for split, evaluation in record.evaluations.items():
        print_family_gaps(console, split, [record], textbook.get(split, {}))
        _print_instances(console, evaluation)
    if other is not None and changes is not None:
        say(console)
        say(console, f"Changes from {other.id} ({breeding(other.candidate)})", "bold")
        print_code(console, changes or "none", "diff")
    if solution is not None:
        with working("Solving") as saying:
            drawn = draw_solutions(SolutionWish(target=record.id, instance=solution), archive=archive, saying=saying)
        print_solution(console, drawn[0])
    if prompt:
        _print_prompt(console, record.asked)
    if reply:
        _print_reply(console, record.asked)


def _compared(archive: ArchiveReader, record: CandidateRecord, parent: str | None) -> CandidateRecord:
    if parent is not None:
        return find_candidate(archive, parent, run=None if "/" in parent else record.run)
    return archive.candidate(record.run, next(iter(record.candidate.parents), 0))


def _parent(record: CandidateRecord) -> str:
    return f"{record.run}/{record.candidate.parents[0]}"


def _lineage(archive: ArchiveReader, record: CandidateRecord) -> list[str]:
    """The line of first parents of a candidate.

    The candidate, its first parent, that one's first parent, and so on.
    """
    words, candidate = [f"{record.candidate.id} ({record.candidate.operator})"], record.candidate
    while candidate.parents and len(words) < _LONGEST_LINEAGE:
        candidate = archive.candidate(record.run, candidate.parents[0]).candidate
        words.append(f"{candidate.id} ({candidate.operator})")
    return words


def _document(
    record: CandidateRecord, lineage: list[str], changes: str | None, *, prompt: bool, reply: bool, **known: Any
) -> CandidateDocument:
    asked = record.asked
    completion = None if asked is None else asked.completion
    wanted: dict[str, Any] = {
        **known,
        "measures": dict(record.candidate.evaluation.measures),
        "lineage": [f"{record.run}/{word.partition(' ')[0]}" for word in lineage],
        "evaluations": evaluations_of(record, instances=True),
    }
    if prompt:
        wanted["prompt"] = None if asked is None else prompt_document(asked.messages)
    if reply:
        wanted["reply"] = None if completion is None else completion.text
        wanted["completion"] = None if asked is None else completion_document(asked)
    if changes is not None:
        wanted["diff"] = changes
    return candidate_document(record, **wanted)


def _print_head(console: Console, record: CandidateRecord, lineage: list[str], archive: str, *, hints: Sequence[str]) -> None:
    candidate, evaluation = record.candidate, record.candidate.evaluation
    say(console, f"{record.id}  {breeding(candidate)}", "bold")
    say(console, candidate.thought or "no thought given", "italic")
    if evaluation.status is Status.OK:
        say(console, f"Status ok; {_scores(record)}; {level_words(evaluation.level)}", "green")
    else:
        say(console, f"Status {evaluation.status.value}: {evaluation.detail}", "red")
    if candidate.duplicate_of is not None:
        like = "Other code that does the same as" if candidate.is_twin else "Same code as"
        say(console, f"{like} {record.run}/{candidate.duplicate_of}, whose evaluation it shares")
    for hint in hints:
        say(console, f"Advised in its prompt: {hint}")
    if len(lineage) > 1:
        say(console, f"Lineage by first parents: {' < '.join(lineage)}")
        parent = suggest(f"show {_parent(record)}{' --original' if record.is_simplified else ''}", archive)
        changes = suggest(f"show {record.id} --diff", archive) if record.is_simplified else "--diff"
        say(console, f"See a parent with {parent}, or the changes with {changes}")
    say(console)
    print_code(console, candidate.code)


def _scores(record: CandidateRecord) -> str:
    scale = Scale.of(record.evaluations.values())
    return ", ".join(
        f"{_name_of(evaluation)} {scale.value} {scale.text(evaluation.objective)}" for evaluation in record.evaluations.values()
    )


def _name_of(evaluation: Evaluation) -> str:
    """The split; of training instances that were made afresh with their epoch, since scores of two do not compare."""
    return f"{evaluation.split} (epoch {evaluation.epoch})" if evaluation.epoch else evaluation.split


def _print_instances(console: Console, evaluation: Evaluation) -> None:
    if not evaluation.results:
        return
    say(console)
    say(console, f"On {_name_of(evaluation)}:", "bold")
    figures = ["cost", "reference", "gap"]
    table = make_table(
        console,
        ["instance", "family", "status", *figures, "notes"],
        right=figures,
        wrap=["notes"],
        least_useful=["notes", "family", "status"],
    )
    for result in evaluation.results:
        table.add_row(*_instance_cells(console, result))
    console.print(table)


def _instance_cells(console: Console, result: InstanceResult) -> list[Text]:
    words = [
        result.instance,
        result.family,
        result.status.value,
        "-" if result.cost is None else f"{result.cost:.10g}",
        "-" if result.reference is None else f"{result.reference:.10g}",
        Scale.GAP.text(result.gap),
        result.detail or ", ".join(f"{key}: {value}" for key, value in result.notes.items()),
    ]
    return [Text(one_line(word, console.encoding)) for word in words]


def _print_prompt(console: Console, asked: Asked | None) -> None:
    say(console)
    if asked is None:
        say(console, "Prompt: none, it is the problem's own heuristic.", "bold")
        return
    if not asked.messages:
        say(console, "Prompt: none, no model was asked.", "bold")
    for message in asked.messages:
        say(console, f"Prompt of request {asked.number}, {message.role}:", "bold")
        say(console, message.content)


def _print_reply(console: Console, asked: Asked | None) -> None:
    say(console)
    if asked is None or asked.completion is None:
        why = "it is the problem's own heuristic" if asked is None else "no model was asked"
        say(console, f"Reply: none, {why}.", "bold")
        return
    reply = asked.completion
    usage = f"{reply.usage.prompt_tokens:,} tokens sent, {reply.usage.completion_tokens:,} received"
    say(console, f"Reply of {reply.model} ({usage}; ended by {reply.finish!r}):", "bold")
    say(console, reply.text)
