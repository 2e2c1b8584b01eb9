"""Contenders: heuristics to be scored or solved with.

From a file, from a run (a candidate), from the gallery, or from the problem (a textbook rule).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evoheur.api.archives import find_candidate, open_archive
from evoheur.api.gallery_entries import PREFIX as GALLERY_PREFIX
from evoheur.api.gallery_entries import entry_named
from evoheur.api.scoring import check_heuristic, read_heuristic
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.code.signature import FunctionSignature, signatures_of
from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.generation.parsing import check_code
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.request import Failure
from evoheur.run.config import EvaluationConfig, RunConfig, parse_config
from evoheur.run.problem_config import ProblemConfig
from evoheur.run.selection_config import TrainConfig
from evoheur.text_files import exists

__all__ = ["RULE_PREFIX", "Contender", "find_contender", "scoring_config"]

RULE_PREFIX = "textbook:"
_FORMER_PREFIX = "baseline:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A heuristic or a textbook rule to be scored.

    Attributes:
        name: For people.
        named: The problem, as the guest loads it.
        problem: The problem, trusted side.
        code: The heuristic's source; None for a textbook rule.
        rule: Name of the textbook rule; None for a heuristic.
        evaluation: Sandbox, limits and screen.
        screened: Whether the screen applies: to what a generator wrote, not to a user's own file.
        seed: For stochastic frames.
        train: What objectives are relative to: as in its run for a candidate on its run's problem, else to references.
        run: The candidate's run, if it is one and is scored on its run's own problem.
        record: The candidate, likewise.
    """

    name: str
    named: ProblemConfig
    problem: Problem[Any]
    code: str | None = None
    rule: str | None = None
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    screened: bool = False
    seed: int = 1
    train: TrainConfig = field(default_factory=TrainConfig)
    run: RunRecord | None = None
    record: CandidateRecord | None = None


def find_contender(
    words: str, *, problem: str | None, settings: Mapping[str, Any], archive: str, run: str | None = None
) -> Contender:
    """Find the contender that a command line names.

    Args:
        words: "textbook:best_fit", "gallery:NAME", a file, "quickstart-1/17" or "17".
        problem: Name or folder; None to take it from the target.
        settings: Of the problem.
        archive: Database in which candidates are found.
        run: Run of a bare number.

    Raises:
        ConfigError: There is no such thing, or it does not fit the problem.
        ArchiveError: There is no such run or candidate.
    """
    if words.startswith(_FORMER_PREFIX):
        raise ConfigError(
            f"Textbook rules are named by {RULE_PREFIX}NAME: write {RULE_PREFIX}{words.removeprefix(_FORMER_PREFIX)}."
        )
    if words.startswith(RULE_PREFIX):
        return _rule(words.removeprefix(RULE_PREFIX), problem, settings)
    if words.startswith(GALLERY_PREFIX):
        return _from_gallery(words.removeprefix(GALLERY_PREFIX), problem, settings)
    if words.endswith(".py") or exists(Path(words)):
        return _file(Path(words), problem, settings)
    with open_archive(archive) as opened:
        record = find_candidate(opened, words, run=run)
        return _candidate(record, opened.run(record.run), problem, settings)


def _rule(rule: str, problem: str | None, settings: Mapping[str, Any]) -> Contender:
    names = bundled_problems() if problem is None else [problem]
    rules = {name: list(load_problem(name).textbook_rules()) for name in names}
    having = [name for name, known in rules.items() if rule in known]
    if not having:
        known = sorted({each for found in rules.values() for each in found})
        where = problem or "any bundled problem"
        raise ConfigError(
            f"There is no textbook rule {rule!r}{nearest(rule, known)} in {where}; there are: {', '.join(known) or 'none'}. "
            "Name a problem of your own with --problem."
        )
    if len(having) > 1:
        raise ConfigError(f"The rule {rule!r} exists for {', '.join(having)}; choose with --problem.")
    named = ProblemConfig(name=having[0], settings=dict(settings))
    return Contender(name=f"{RULE_PREFIX}{rule}", named=named, problem=load_problem(named.name, named.settings), rule=rule)


def _from_gallery(name: str, problem: str | None, settings: Mapping[str, Any]) -> Contender:
    entry = entry_named(name)
    known = entry.document
    if problem in {None, known.problem}:
        named = ProblemConfig(name=known.problem, settings={**known.settings, **settings})
    else:
        named = ProblemConfig(name=str(problem), settings=dict(settings))
    loaded = load_problem(named.name, named.settings)
    check_heuristic(entry.code, loaded, f"{GALLERY_PREFIX}{name}", named.name)
    return Contender(name=f"{GALLERY_PREFIX}{name}", named=named, problem=loaded, code=entry.code, seed=known.origin.seed)


def _file(path: Path, problem: str | None, settings: Mapping[str, Any]) -> Contender:
    code = read_heuristic(path)
    name = problem or _problem_of(path, code)
    named = ProblemConfig(name=name, settings=dict(settings))
    loaded = load_problem(name, named.settings)
    check_heuristic(code, loaded, str(path), name)
    return Contender(name=str(path), named=named, problem=loaded, code=code)


def _problem_of(path: Path, code: str) -> str:
    """The bundled problem whose functions a file defines."""
    expected = {name: signatures_of(load_problem(name).functions()) for name in bundled_problems()}
    faults = {name: check_code(code, signatures) for name, signatures in expected.items()}
    fitting = [name for name, fault in faults.items() if fault is None]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise ConfigError(f"{path} fits {', '.join(fitting)}; choose with --problem.")
    meant = {name: fault for name, fault in faults.items() if fault is not None and _defines_some_of(code, expected[name])}
    if meant:
        wanted = "; ".join(f"{name} expects {_wanted(expected[name])}, but {_what(fault)}" for name, fault in meant.items())
    else:
        first = next(fault for fault in faults.values() if fault is not None)
        wanted = f"{_what(first)} (`evoheur problems list` shows what each problem expects)"
    raise ConfigError(f"{path} fits no bundled problem: {wanted}. Correct the file, or name its problem with --problem.")


def _defines_some_of(code: str, signatures: Sequence[FunctionSignature]) -> bool:
    """Whether a source mentions any of a problem's functions.

    If a word of it is the name of one, the source was probably meant for the problem.
    """
    words = set(re.findall(r"\w+", code))
    return any(signature.name in words for signature in signatures)


def _candidate(record: CandidateRecord, run: RunRecord, problem: str | None, settings: Mapping[str, Any]) -> Contender:
    config = scoring_config(run)
    named = config.problem
    if problem not in {None, named.name}:
        named = ProblemConfig(name=str(problem), settings=dict(settings))
    elif settings:
        named = ProblemConfig(name=named.name, settings={**named.settings, **settings})
    loaded = load_problem(named.name, named.settings)
    check_heuristic(record.candidate.code, loaded, record.id, named.name)
    own = named == config.problem
    return Contender(
        name=record.id,
        named=named,
        problem=loaded,
        code=record.candidate.code,
        evaluation=config.evaluation,
        screened=record.asked is not None,
        seed=config.seed,
        train=config.train if own else TrainConfig(),
        run=run if own else None,
        record=record if own else None,
    )


def scoring_config(run: RunRecord) -> RunConfig:
    """The part of a run's configuration that scores depend on.

    Strategy and generator are stand-ins. What a generator wrote can be scored where the generator's plug-in is not installed.

    Raises:
        ConfigError: The stored configuration is not valid in this version.
    """
    return parse_config(
        {**run.config, "strategy": {"kind": "random"}, "generator": {"kind": "mutator"}}, where=f"run {run.name!r}"
    )


def _wanted(signatures: Sequence[FunctionSignature]) -> str:
    return " and ".join(map(str, signatures))


def _what(fault: Failure) -> str:
    return fault.detail.partition("; expected ")[0]  # what is expected is said already
