"""Advice to a run, also while it goes on."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from evoheur.api.archives import archive_address
from evoheur.archive.advice import Advice
from evoheur.archive.archive import Archive
from evoheur.errors import ConfigError

__all__ = ["Advice", "advice_to", "advise", "withdraw_advice"]


def advice_to(run: str, *, archive: str | Path | None = None) -> tuple[Advice, ...]:
    """The advice that a run was given, oldest first, the withdrawn included.

    Args:
        run: Name of the run.
        archive: As for `evoheur.open_archive`.

    Raises:
        ArchiveError: There is no such archive or run.
    """
    with Archive.open(archive_address(archive), read_only=True) as opened:
        return opened.advice(opened.run(run).id)


def advise(run: str, text: str, *, archive: str | Path | None = None) -> tuple[Advice, ...]:
    """Give advice, which all later prompts of the run show.

    The run may be going on in another process: it looks for advice once a second.

    Args:
        run: Name of the run.
        text: What the model is to be told, at most 2,000 characters.
        archive: As for `evoheur.open_archive`.

    Returns:
        All advice of the run.

    Raises:
        ConfigError: The text is empty, too long, or cannot be stored.
        ArchiveError: There is no such archive or run.
    """
    try:
        added = Advice(text=text)
    except ValidationError as error:
        raise ConfigError(f"The advice {text!r:.80} cannot be given: {error.errors()[0]['msg']}.") from error
    with Archive.open(archive_address(archive)) as opened:
        return opened.change_advice(opened.run(run).id, lambda found: (*found, added))


def withdraw_advice(run: str, *, archive: str | Path | None = None) -> tuple[Advice, ...]:
    """Withdraw all advice, so that no later prompt shows it.

    Args:
        run: Name of the run.
        archive: As for `evoheur.open_archive`.

    Returns:
        What was withdrawn now.

    Raises:
        ArchiveError: There is no such archive or run.
    """
    with Archive.open(archive_address(archive)) as opened:
        run_id = opened.run(run).id
        shown = [each for each in opened.advice(run_id) if not each.withdrawn]
        opened.change_advice(run_id, _withdrawn)
    return tuple(shown)


def _withdrawn(advice: Sequence[Advice]) -> tuple[Advice, ...]:
    # What no prompt has shown leaves no trace in the log, so it need not be kept.
    return tuple(
        each if each.withdrawn else each.model_copy(update={"withdrawn": True}) for each in advice if each.first is not None
    )
