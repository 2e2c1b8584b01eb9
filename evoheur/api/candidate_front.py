"""The candidates of a run that nothing dominates in objective and size of the code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from evoheur.api.contender import scoring_config
from evoheur.api.run_textbook import score_textbook_on_split
from evoheur.api.warm_starts import expressed_rules
from evoheur.archive.extent import COURSE
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.candidate import Candidate
from evoheur.code.program import measures
from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.strategies.measure_grid import measure_of
from evoheur.strategies.multiobjective import SecondObjective, point_of, undominated
from evoheur.strategies.pareto import Point, hypervolume, knee

__all__ = ["REFERENCE_WORK", "CandidateFront", "read_front", "second_named", "textbook_points"]

REFERENCE_WORK = 10.0
"""The hypervolume's reference has so many times the work of the problem's own heuristic, so that runs of a problem compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFront:
    """The front of a run.

    Attributes:
        second: The measure that is minimised beside the objective.
        records: What nothing dominates, by ascending objective and so by falling work; objectives on the newest training instances.
        knee: Place of the one where the trade turns; None where the front has none.
        reference: Twice the objective of the problem's own heuristic (0 if that is negative), and `REFERENCE_WORK` times its work.
        hypervolume: What the front dominates below the reference, as a share of the reference's objective times its work; 0 where
            that is nothing.
        candidates: How many candidates it was chosen from.
    """

    second: SecondObjective
    records: Sequence[CandidateRecord]
    knee: int | None
    reference: Point
    hypervolume: float
    candidates: int

    def work(self, record: CandidateRecord) -> float:
        """How much work a candidate is."""
        return measure_of(record.candidate, self.second)

    def within(self, work: float) -> CandidateRecord | None:
        """The best one with at most so much work; None where all have more."""
        return next((record for record in self.records if self.work(record) <= work), None)


def second_named(name: str) -> SecondObjective:
    """The measure of that name.

    Raises:
        ConfigError: It is none that can be minimised.
    """
    known = get_args(SecondObjective)
    for each in known:
        if each == name:
            return each  # type: ignore[no-any-return]
    raise ConfigError(f"{name!r} is no measure to minimise{nearest(name, known)}; name one of {', '.join(known)}.")


def read_front(archive: ArchiveReader, run: RunRecord, second: SecondObjective) -> CandidateFront:
    """Choose what nothing dominates among all candidates of a run that work, whatever strategy bred them.

    Args:
        archive: Where the run is.
        run: Its record.
        second: The measure that is minimised beside the objective.

    Raises:
        ConfigError: Candidates of the run were stored without this measure.
    """
    read = archive.candidates(run.name, extent=COURSE)
    newest = max((record.candidate.evaluation.epoch for record in read), default=0)
    own = next((record.candidate for record in read if record.candidate.id == 0 and record.candidate.objective is not None), None)
    kept = {
        record.candidate.id: record
        for record in read
        if record.candidate.objective is not None and record.candidate.evaluation.epoch == newest
    }
    lacking = [number for number, record in kept.items() if second not in record.candidate.evaluation.measures]
    if lacking:
        raise ConfigError(
            f"{run.name}/{lacking[0]} was stored without the measure {second!r}, by an earlier evoheur; name another with --measure."
        )
    best = undominated([record.candidate for record in kept.values()], second)
    points = [point_of(candidate, second) for candidate in best]
    reference = _reference(own, second) if own else (0.0, 0.0)
    area = reference[0] * reference[1]
    return CandidateFront(
        second=second,
        records=[kept[candidate.id] for candidate in best],
        knee=knee(points),
        reference=reference,
        hypervolume=hypervolume(points, reference) / area if area > 0 else 0.0,
        candidates=len(kept),
    )


def _reference(own: Candidate, second: SecondObjective) -> Point:
    objective, work = point_of(own, second)
    return objective + abs(objective), REFERENCE_WORK * work


def textbook_points(run: RunRecord, second: SecondObjective) -> Mapping[str, Point]:
    """The textbook rules of a run's problem that can be written as heuristics, as points beside a front.

    They are scored on the trusted side, on the problem's own training instances; nothing is stored.

    Returns:
        Name → objective and work of the rule written out, both minimised.

    Raises:
        ConfigError: The problem is not there or changed since the run.
    """
    named = scoring_config(run).problem
    written = expressed_rules(load_problem(named.name, named.settings))
    scored = score_textbook_on_split(run, "train")
    return {
        name: (scored[name].objective or 0.0, measures(code)[second])
        for name, code in written.items()
        if name in scored and scored[name].objective is not None
    }
