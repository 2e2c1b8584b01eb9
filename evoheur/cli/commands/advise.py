"""`evoheur advise`: hints to the model while a run goes on."""

from typing import Annotated

import typer

from evoheur import ConfigError
from evoheur.api.advising import Advice, advice_to, withdraw_advice
from evoheur.api.advising import advise as give_advice
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson
from evoheur.cli.terminal.output import make_console, print_json, say
from evoheur.documents.advice_document import advice_document

__all__ = ["advise"]


def advise(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name of the run; `evoheur runs` lists them.")],
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What later prompts are to say; without it, what was advised is listed.")
    ] = None,
    *,
    clear: Annotated[bool, typer.Option("--clear", help="Withdraw all advice: later prompts show none of it.")] = False,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Advise the model while a run goes on.

    All prompts from then on show it, also those of a run that is resumed later; a running process sees it within a second. Which requests
    showed it is listed. --json writes all advice of the run, as it is afterwards.

    Example:
        evoheur advise quickstart-1 "Look at how many bins have each free space."
    """
    if text is not None and clear:
        raise ConfigError("--clear withdraws all advice, and TEXT gives some; run the command twice to do both.")
    if as_json:
        _change(run, text, clear=clear, archive=archive)
        print_json([advice_document(each, run) for each in advice_to(run, archive=archive)])
        return
    console = make_console()
    if clear:
        withdrawn = withdraw_advice(run, archive=archive)
        say(console, f"Withdrawn: {len(withdrawn)} of the advice to run {run}.")
    elif text is not None:
        give_advice(run, text, archive=archive)
        say(console, f"Later prompts of run {run} show this advice.")
    else:
        found = advice_to(run, archive=archive)
        for each in found:
            say(console, f"{_shown_in(each)}: {each.text}")
        if not found:
            say(console, f"Run {run} was given no advice.")


def _change(run: str, text: str | None, *, clear: bool, archive: str) -> None:
    if clear:
        withdraw_advice(run, archive=archive)
    elif text is not None:
        give_advice(run, text, archive=archive)


def _shown_in(advice: Advice) -> str:
    if advice.first is None:
        return "in no prompt yet"
    if not advice.withdrawn:
        return f"in prompts from request {advice.first} on"
    if advice.last is None:
        return f"in prompts from request {advice.first} on, withdrawn"
    return f"in prompts of requests {advice.first} to {advice.last}, withdrawn"
