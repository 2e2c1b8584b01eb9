"""Reading the heuristics that a search begins with, before a run starts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evoheur.api.archives import find_candidate, open_archive
from evoheur.api.contender import RULE_PREFIX
from evoheur.api.gallery_entries import PREFIX as GALLERY_PREFIX
from evoheur.api.gallery_entries import entry_named
from evoheur.api.scoring import check_heuristic, read_heuristic
from evoheur.archive.reader import ArchiveReader
from evoheur.code.function_bodies import with_bodies
from evoheur.code.screening import screen
from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.run.config import RunConfig
from evoheur.strategies.warm_starting import WarmStart
from evoheur.text_files import exists

__all__ = ["expressed_rules", "with_warm_starts"]

_ALL_RULES = RULE_PREFIX.rstrip(":")


def expressed_rules(problem: Problem[Any]) -> dict[str, str]:
    """The textbook rules that can be written as heuristics of a problem, with its settings.

    Returns:
        Name → source that defines the problem's functions.
    """
    card = ProblemCard.from_problem(problem)
    functions = {function.name: function.parameters for function in card.functions}
    written = {name: with_bodies(card.code, functions, bodies) for name, bodies in problem.expressed_textbook().items()}
    return {name: code for name, code in written.items() if code is not None}


def with_warm_starts(config: RunConfig, archive: ArchiveReader | None) -> RunConfig:
    """A configuration with the code of all that its search begins with.

    What has its code already, as in a stored configuration, stays as it is.

    Args:
        config: Of the run.
        archive: The archive of the run; None if it is not there yet.

    Raises:
        ConfigError: There is no such file or textbook rule, or what there is does not fit the problem or is turned away by the screen.
        ArchiveError: There is no such run, candidate or archive.
    """
    if all(start.code is not None for start in config.seeds):
        return config
    problem = load_problem(config.problem.name, config.problem.settings)
    found = tuple(
        each for start in config.seeds for each in ([start] if start.code is not None else _read(start, problem, archive))
    )
    for start in found:
        code = start.code or ""
        check_heuristic(code, problem, f"seeds: {start.source}", config.problem.name)
        refused = screen(code, config.evaluation.screen.allowing(problem.libraries))
        if refused is not None:
            raise ConfigError(f"seeds: {start.source} would be turned away: {refused}. Change it, or evaluation.screen.")
    return config.model_copy(update={"seeds": found})


def _read(start: WarmStart, problem: Problem[Any], archive: ArchiveReader | None) -> Iterator[WarmStart]:
    source = start.source
    if source.startswith(GALLERY_PREFIX):
        kept = entry_named(source.removeprefix(GALLERY_PREFIX))
        thought = start.thought or f"{kept.document.thought} (from {source})".strip()
        yield start.model_copy(update={"code": kept.code, "thought": thought})
    elif source == _ALL_RULES or source.startswith(RULE_PREFIX):
        yield from _rules(source, problem)
    elif source.endswith(".py") or exists(Path(source)):
        yield start.model_copy(update={"code": read_heuristic(Path(source)), "thought": start.thought or f"From {source}."})
    else:
        yield _candidate(start, archive)


def _rules(source: str, problem: Problem[Any]) -> Iterator[WarmStart]:
    known = expressed_rules(problem)
    wanted = list(known) if source == _ALL_RULES else [source.removeprefix(RULE_PREFIX)]
    if not known:
        raise ConfigError(
            f"seeds: {source!r}: no textbook rule can be written as a heuristic of {type(problem).__name__} with these settings. Leave "
            "it out, or override expressed_textbook() in the problem."
        )
    for name in wanted:
        if name not in known:
            raise ConfigError(
                f"seeds: {source!r}: there is no textbook rule {name!r}{nearest(name, known)} that can be written as a heuristic of "
                f"{type(problem).__name__} with these settings; there are: {', '.join(known)}."
            )
        yield WarmStart(source=f"{RULE_PREFIX}{name}", code=known[name], thought=f"The textbook rule {name}.")


def _candidate(start: WarmStart, archive: ArchiveReader | None) -> WarmStart:
    if start.archive is not None:
        with open_archive(start.archive) as opened:
            return _found(start, opened)
    if archive is None:
        raise ConfigError(
            f"seeds: {start.source!r} is neither a file nor a textbook rule, and there is no archive yet in which it could be a "
            "candidate. Name a file that ends in .py, or give {source: RUN/17, archive: URL}."
        )
    return _found(start, archive)


def _found(start: WarmStart, archive: ArchiveReader) -> WarmStart:
    record = find_candidate(archive, start.source)
    thought = start.thought or f"{record.candidate.thought} (from {record.id})".strip()
    return WarmStart(source=record.id, archive=start.archive, code=record.candidate.code, thought=thought)
