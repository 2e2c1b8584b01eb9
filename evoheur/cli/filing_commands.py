"""The commands below `evoheur runs`: what a user calls runs and files them under."""

import sys
from typing import Annotated

import typer

from evoheur import RunRecord, open_archive
from evoheur.api.run_filing import annotate_run, delete_run, rename_run, tag_run
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson
from evoheur.cli.terminal.output import make_console, print_json, say
from evoheur.documents.run_document import RunDocument, run_with_best
from evoheur.observers.number_text import count

__all__ = ["delete", "note", "refuse_options_of_list", "rename", "tag"]

_Run = Annotated[str, typer.Argument(metavar="RUN", help="Name of the run.")]


def rename(
    run: _Run,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new name: one word without slashes.")],
    *,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Give a run another name.

    Its candidates are NAME/17 from now on. Refused while a process works on it.

    Example:
        evoheur runs rename quickstart-1 first-try
    """
    renamed = rename_run(run, name, archive=archive)
    _tell(renamed, archive, f"Run {run!r} is {renamed.name!r} now.", as_json=as_json)


def tag(
    run: _Run,
    tags: Annotated[list[str] | None, typer.Argument(metavar="TAG", help="Words to file it under.")] = None,
    *,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="TAG", help="Take a tag away; may be repeated.")] = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Give tags to a run, and take others away.

    Without any, says which it has. `evoheur runs --tag TAG` lists the runs with a tag.

    Example:
        evoheur runs tag quickstart-1 paper best
    """
    if tags or remove:
        tagged = tag_run(run, tags or (), remove=remove or (), archive=archive)
    else:
        with open_archive(archive) as opened:
            tagged = opened.run(run)
    held = f"has {count(len(tagged.tags), 'tag')}: {', '.join(tagged.tags)}" if tagged.tags else "has no tags"
    _tell(tagged, archive, f"Run {run!r} {held}.", as_json=as_json)


def note(
    run: _Run,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help='What to note, in place of the earlier note; "" for none.')
    ] = None,
    *,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Write a note of a run, or read it.

    Example:
        evoheur runs note quickstart-1 "Small populations; compare with the large ones."
    """
    if text is None:
        with open_archive(archive) as opened:
            noted = opened.run(run)
    else:
        noted = annotate_run(run, text, archive=archive)
    _tell(noted, archive, noted.note or f"Run {run!r} has no note.", as_json=as_json)


def delete(
    run: _Run,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Delete a run with all its candidates, for good.

    Asks first. Refused while a process works on it.

    Example:
        evoheur runs delete quickstart-1 --yes
    """
    document = _document(run, archive)
    asked = f"{count(document.requests, 'request')} and {count(document.evaluations, 'evaluation')}"
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise typer.BadParameter("nobody can be asked here; repeat it with --yes", param_hint="--yes")
        typer.confirm(f"Delete run {run!r} with its {asked} for good?", abort=True)
    delete_run(run, archive=archive)
    if as_json:
        print_json(document)
    else:
        say(make_console(), f"Run {run!r} with its {asked} is deleted.")


def refuse_options_of_list(context: typer.Context) -> None:
    """Refuse options of `evoheur runs` before a command below it, which would never hear of them."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(
                f"it stands before {context.invoked_subcommand!r}; write it after that", param_hint=parameter.opts[0]
            )


def _document(run: str, archive: str) -> RunDocument:
    with open_archive(archive) as opened:
        record = opened.run(run)
        return run_with_best(record, opened.totals(record.id), opened.chosen(run))


def _tell(run: RunRecord, archive: str, words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(run.name, archive))
    else:
        say(make_console(), words)
