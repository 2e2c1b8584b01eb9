"""What the archive keeps of a run, and whether a stored run can be continued by what is here now."""

from collections.abc import Callable
from typing import Any

from evoheur.archive.archive import Archive
from evoheur.archive.connection import shown
from evoheur.archive.records import RunRecord
from evoheur.errors import ReplayDiverged
from evoheur.problem_modules import bundled_problems, names_folder
from evoheur.run.config import RunConfig
from evoheur.run.problem_hash import changed_files, is_problem, problem_hash
from evoheur.run.run_parts import Parts
from evoheur.version import __version__

__all__ = ["check_unchanged", "create_run", "update_run"]


def create_run(parts: Parts, archive: Archive, *, name: str) -> RunRecord:
    """Store a new run, which can be resumed from here on.

    Raises:
        ArchiveError: The name is taken.
    """
    config = parts.config
    return archive.create_run(
        name=name,
        config=_stored(config, archive),
        seed=config.seed,
        problem=config.problem.name,
        problem_hash=problem_hash(config.problem.name),
        prompts_hash=parts.prompts.hash(*parts.template_folders),
        evoheur_version=__version__,
    )


def update_run(parts: Parts, archive: Archive, run: RunRecord) -> None:
    """Store the configuration that a run continues with."""
    archive.update_config(run.id, _stored(parts.config, archive))


def _stored(config: RunConfig, archive: Archive) -> dict[str, Any]:
    """A configuration as the archive keeps it.

    With the archive's own address, whatever the file said, and without a password.
    """
    return config.model_copy(update={"archive": shown(archive.url)}).model_dump(mode="json")


def check_unchanged(parts: Parts, run: RunRecord, *, notify: Callable[[str], None] = lambda _notice: None) -> None:
    """Check that a stored run can be continued, by what is here now.

    Args:
        parts: As they are now.
        run: As it was started.
        notify: Takes a line on prompts that differ, where that is no hindrance.

    Raises:
        ReplayDiverged: The problem's sources changed since, or what a user's own prompts are made of.
    """
    if not is_problem(run.problem_hash, run.problem):
        raise ReplayDiverged(_changed_problem(run))
    whole, _, card = parts.prompts.hash(*parts.template_folders).partition("/")
    stored, _, stored_card = run.prompts_hash.partition("/")
    if whole != stored:
        notify(_changed_prompts(parts, run, has_other_card=stored_card not in {"", card}))


def _changed_prompts(parts: Parts, run: RunRecord, *, has_other_card: bool) -> str:
    """The words on prompts that differ from now on, where it was evoheur that changed them.

    The log has the prompts that were asked, and what follows from them is replayed in either case. A run whose archive does not tell what
    its problem told alone is of an evoheur with other templates.

    Raises:
        ReplayDiverged: The run has templates of its user's, a strategy with its own, or a problem of the user's that tells something else.
    """
    own_templates = parts.config.prompts_folder is not None or bool(parts.config.strategy.own_templates)
    if own_templates or (has_other_card and run.problem not in bundled_problems()):
        own = "" if parts.config.prompts_folder is None else f" in {parts.config.prompts_folder!r} or of evoheur"
        raise ReplayDiverged(
            f"What the prompts of run {run.name!r} are made of changed since it was started: a template{own}, or what the problem tells "
            f"the model (docstring of its class, heuristic with its comments). Undo that change (the run was started by evoheur "
            f"{run.evoheur_version}, this is {__version__}), or start a new run."
        )
    return (
        f"The prompts of this evoheur {__version__} differ from those that run {run.name!r} was started with (by evoheur "
        f"{run.evoheur_version}); from here on it goes on with the new ones."
    )


def _changed_problem(run: RunRecord) -> str:
    files = ", ".join(changed_files(run.problem_hash, run.problem))
    if run.problem in bundled_problems():
        return (
            f"The problem {run.problem!r} of run {run.name!r} is not the one of this evoheur {__version__}"
            f"{f' ({files} changed)' if files else ''}, so its scores would not compare. Install evoheur {run.evoheur_version}, which "
            "started it, as it was, or start a new run."
        )
    place = f"{'in the folder' if names_folder(run.problem) else 'of'} {run.problem!r}"
    return (
        f"You changed {files or 'the code'} {place} since run {run.name!r} was started, so its scores would not compare. Undo the "
        "change, or start a new run."
    )
