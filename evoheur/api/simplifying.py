"""Simplifying one heuristic: what remains when all is taken away that it does not need."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evoheur.api.contender import Contender
from evoheur.api.interruption import run_alone
from evoheur.api.scoring import heuristic_named, score
from evoheur.archive.archive import Archive
from evoheur.archive.connection import can_be_written
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import Evaluation
from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.evaluation.executor import LocalConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import SPLITS, Split
from evoheur.run.assemble import make_executor
from evoheur.run.config import EvaluationConfig
from evoheur.run.instance_source import InstanceSource
from evoheur.run.problem_config import ProblemConfig
from evoheur.run.problem_hash import is_problem
from evoheur.run.simplified_candidate import remaining_candidate, simplify_on, simplifying_reply
from evoheur.run.textbook_evaluations import TextbookEvaluations
from evoheur.simplification.equivalence import family_shifts
from evoheur.simplification.simplifier import Simplification, SimplifyConfig

__all__ = ["EVALUATIONS", "TOLERANCE", "Simplified", "family_shifts", "simplify", "simplify_config", "simplify_contender"]

EVALUATIONS = 500
"""How many evaluations simplifying takes at the most, where nothing else is said."""

TOLERANCE = 0.1
"""By how much the gap of a family may change, in percentage points, where nothing else is said."""

_USUAL: tuple[Split, ...] = ("train", "validation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Simplified:
    """A simplified contender.

    Attributes:
        found: What remains of it.
        stored: Name of the candidate that what remains is stored as; None where it is not stored.
    """

    found: Simplification
    stored: str | None


def simplify(
    code_or_path: str | Path,
    problem: str | ProblemConfig,
    *,
    tolerance: float = TOLERANCE,
    evaluations: int = EVALUATIONS,
    splits: Sequence[Split] = _USUAL,
    settings: Mapping[str, Any] | None = None,
    evaluation: EvaluationConfig | None = None,
) -> Simplification:
    r"""Take from a heuristic all that it does not need.

    A part goes only if no family of instances changes by more than the tolerance, for better or worse. Every smaller heuristic is scored in
    the sandbox.

    Args:
        code_or_path: Source that defines the problem's functions; or its file: a `Path`, or a word that ends in .py.
        problem: Bundled name, folder of a problem.py, or a `ProblemConfig`.
        tolerance: In percentage points of the gap, or percent of the mean cost where there are no references; with 0 no cost changes.
        evaluations: So many at most.
        splits: The instances on which nothing may change.
        settings: Of the problem.
        evaluation: Sandbox and limits; by default those of a run. Its executor is not used.

    Returns:
        The source of what remains, the steps that led there, and the evaluations before and after.

    Raises:
        ConfigError: There is no such problem, file or split, the source does not define the problem's functions, or it fails.
        ExecutorError: No sandbox can be started.

    Example:
        >>> wordy = "import numpy as np\ndef priority(item, bins):\n    dead = bins * 2\n    return np.exp(3.0 * -(bins - item) * 0.01)"
        >>> print(simplify(wordy, "bin_packing_online").code)
        def priority(item, bins):
            return -bins
        <BLANKLINE>
    """
    named, loaded, code = heuristic_named(code_or_path, problem, settings or {})
    contender = Contender(name="The source", named=named, problem=loaded, code=code, evaluation=evaluation or EvaluationConfig())
    return _simplified(contender, splits, simplify_config(tolerance, evaluations), lambda _step: None)


def simplify_config(tolerance: float, evaluations: int) -> SimplifyConfig:
    """How much may change, and how many evaluations it may take; see `simplify`."""
    return SimplifyConfig(tolerance=tolerance, evaluations=evaluations)


def simplify_contender(
    contender: Contender, splits: Sequence[str], config: SimplifyConfig, *, archive: str, saying: Callable[[str], None]
) -> Simplified:
    """Simplify a contender, and store what remains of a run's candidate beside it.

    It is stored where the run itself could have scored it: with the run's problem as it was, in an archive that can be written.

    Args:
        contender: A file or a candidate.
        splits: The instances on which nothing may change; by default train and validation.
        config: How much may change, and how many evaluations it may take.
        archive: Where a candidate's run is.
        saying: Hears what went, each time.

    Raises:
        ConfigError: It is a textbook rule, is simplified already, or fails on the instances.
        ArchiveError: Another process works on the run.
        ExecutorError: The guest cannot be started.
    """
    if contender.code is None:
        raise ConfigError(f"{contender.name} is a rule of the problem, not a heuristic's source; give a file or RUN/NUMBER.")
    record = contender.record
    if record is not None and record.is_simplified:
        parent = f"{record.run}/{record.candidate.parents[0]}"
        raise ConfigError(
            f"{record.id} is what remains of {parent} already; simplify {parent} with another --tolerance to get less."
        )
    with _held(archive, contender) as opened:
        found = _simplified(contender, splits or _USUAL, config, saying)
        if opened is None or record is None or not found.changed:
            return Simplified(found=found, stored=None)
        return Simplified(found=found, stored=_store(opened, contender, record, found, config.tolerance))


@contextmanager
def _held(archive: str, contender: Contender) -> Iterator[Archive | None]:
    """The archive of a candidate that may be added to, kept from other processes; None where nothing can be stored."""
    run = contender.run
    if run is None or not is_problem(run.problem_hash, run.problem) or not can_be_written(archive):
        yield None
        return
    with Archive.open(archive) as opened, opened.hold(run.name):
        yield opened


def _store(archive: Archive, contender: Contender, record: CandidateRecord, found: Simplification, tolerance: float) -> str:
    run = archive.run(record.run)
    worth = found.after.get("train") or _train_score(contender, found.code)
    remaining = remaining_candidate(record.candidate, found, worth)
    known = archive.simplified(record)
    if known is not None and known.candidate.code_hash == remaining.code_hash:
        return known.id
    others = [evaluation for split, evaluation in found.after.items() if split != "train"]
    reply = simplifying_reply(found, tolerance)
    return f"{run.name}/{archive.record_simplification(run.id, record.candidate, remaining, reply, others)}"


def _train_score(contender: Contender, code: str) -> Evaluation:
    instances = _instances(contender, "train")
    return score(contender.problem, contender.named, contender.evaluation, code, instances, seed=contender.seed)


def _simplified(
    contender: Contender, splits: Sequence[str], config: SimplifyConfig, saying: Callable[[str], None]
) -> Simplification:
    for unknown in (split for split in splits if split not in SPLITS):
        raise ConfigError(f"There is no split {unknown!r}{nearest(unknown, SPLITS)}; there are: {', '.join(SPLITS)}.")
    assert contender.code is not None, "a contender without code was refused"
    code = contender.code
    contender.problem.warm_up()
    sets = [_instances(contender, split) for split in SPLITS if split in splits]
    alone = contender.evaluation.model_copy(update={"executor": LocalConfig(slots=1)})

    async def work() -> Simplification:
        executor = make_executor(contender.problem, contender.named, alone, seed=contender.seed)
        try:
            return await simplify_on(
                code,
                executor,
                contender.problem,
                sets,
                config=config,
                scale_probe=alone.scale_probe,
                saying=saying,
            )
        finally:
            await executor.close()

    return run_alone(work)


def _instances(contender: Contender, split: Split) -> InstanceSet:
    """The instances of a split as the contender's run scored it on them."""
    source = InstanceSource.of(contender.problem, contender.named)
    epoch = contender.record.candidate.evaluation.epoch if contender.record is not None and split == "train" else 0
    return TextbookEvaluations(source, contender.train, seed=contender.seed).instances(split, epoch)
