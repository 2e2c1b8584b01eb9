"""Matrices of gaps: heuristics by instances, where those that fail and succeed alike stand side by side.

They show where heuristics complement each other: of a pair, the better one on each instance is counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import Evaluation, InstanceResult
from evoheur.charts.cluster_order import clustered
from evoheur.evaluation.objective import aggregate_of, gap_percent
from evoheur.problem import Aggregate

__all__ = ["HeuristicPair", "InstanceMatrix", "MatrixColumn", "MatrixRow", "instance_matrix", "matrix_of"]

MOST_ROWS = 20
"""So many of the best candidates are shown, unless more are asked for."""
_SPLITS = ("validation", "test", "train", "audit")  # in the order in which a split is chosen where none is named
_PAIRS = 5
_FARTHEST = 3.0  # standard deviations
_NO_GAIN = 1e-9  # percentage points, which rounding makes

RowKind: TypeAlias = Literal["candidate", "baseline", "textbook"]
MatrixScale: TypeAlias = Literal["gap", "excess"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixColumn:
    """An instance, with the family that it is reported with."""

    instance: str
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A heuristic on all instances.

    Attributes:
        name: Such as "quickstart-1/17", or that of a textbook rule.
        number: Of the candidate; None for a textbook rule.
        kind: What it is.
        values: By instance, in percent, lower is better; None where it failed.
        whole: Over all instances, in percent; None unless it solved them all.
    """

    name: str
    number: int | None
    kind: RowKind
    values: tuple[float | None, ...]
    whole: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeuristicPair:
    """Two heuristics of which the better one is used on every instance.

    Attributes:
        first: Name of the one that is better over all instances.
        second: Name of the other one.
        whole: What the pair comes to over all instances, in percent.
        gain: How many percentage points that is below the best single heuristic of the matrix.
        second_better: On how many instances the second is better.
    """

    first: str
    second: str
    whole: float
    gain: float
    second_better: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceMatrix:
    """Heuristics by instances.

    Attributes:
        run: Name of the run.
        split: Whose instances these are.
        epoch: Of training instances, as in `Evaluation`.
        scale: "gap" where values are gaps to the references; "excess" where an instance has none, and values are what a cost exceeds the
            lowest cost in the matrix by.
        columns: Instances, those of a family together, alike ones side by side.
        rows: Heuristics, alike ones side by side.
        best: Name of the row that is best over all instances; None where none solved them all.
        pairs: The pairs that come to least, best first; none where no pair is better than the best single heuristic.
    """

    run: str
    split: str
    epoch: int
    scale: MatrixScale
    columns: tuple[MatrixColumn, ...]
    rows: tuple[MatrixRow, ...]
    best: str | None
    pairs: tuple[HeuristicPair, ...]

    @property
    def families(self) -> dict[str, int]:
        """Family → how many of the columns are its, in their order."""
        counted: dict[str, int] = {}
        for column in self.columns:
            counted[column.family] = counted.get(column.family, 0) + 1
        return counted


def instance_matrix(
    archive: ArchiveReader,
    run: str,
    *,
    split: str | None = None,
    most: int = MOST_ROWS,
    textbook: Mapping[str, Evaluation] | None = None,
) -> InstanceMatrix:
    """The best candidates of a run on every instance of a split, with candidate 0 and `RUN/best`.

    Args:
        archive: Has the run.
        run: Its name.
        split: "train", "validation", "test" or "audit"; None for the first of validation, test, train and audit that two candidates were
            scored on.
        most: So many of the best on train.
        textbook: Textbook rule → its evaluation on the split, which an archive does not have (`evoheur.evaluate` scores them).

    Raises:
        ArchiveError: There is no such run.
    """
    best = archive.best(run, most)
    chosen = archive.chosen(run)
    records = [*archive.candidates(run, [0]), *best, *([] if chosen is None else [chosen])]
    once = list({record.candidate.id: record for record in records}.values())
    named = split or next((name for name in _SPLITS if sum(name in record.evaluations for record in once) > 1), "train")
    return matrix_of(run, once, named, textbook=textbook or {})


def matrix_of(run: str, records: Sequence[CandidateRecord], split: str, *, textbook: Mapping[str, Evaluation]) -> InstanceMatrix:
    """The matrix of some candidates.

    Args:
        run: Name of their run.
        records: Those that were scored on the split have a row; of training instances, on the newest ones among them.
        split: Which instances.
        textbook: Textbook rule → its evaluation on the same instances.
    """
    scored = [record for record in records if split in record.evaluations]
    epoch = max((record.evaluations[split].epoch for record in scored), default=0)
    evaluated = [_Scored.of(record.id, record.candidate.id, record.evaluations[split]) for record in scored]
    evaluated += [_Scored.of(name, None, evaluation) for name, evaluation in textbook.items()]
    compared = [each for each in evaluated if each.epoch == epoch]
    families = {each.instance: each.family for one in compared for each in one.results.values()}
    has_references = all(result.gap is not None for one in compared for result in one.results.values() if result.cost is not None)
    if not has_references:
        compared = _measured_from_lowest(compared)
    instances = _columns(families, compared)
    order = clustered(_standardised([[one.value(instance) for instance in instances] for one in compared]))
    rows = tuple(compared[place].row(instances) for place in order)
    best = min((row for row in rows if row.whole is not None), key=lambda row: (row.whole or 0.0, row.name), default=None)
    return InstanceMatrix(
        run=run,
        split=split,
        epoch=epoch,
        scale="gap" if has_references else "excess",
        columns=tuple(MatrixColumn(instance=instance, family=families[instance]) for instance in instances),
        rows=rows,
        best=None if best is None else best.name,
        pairs=() if best is None or best.whole is None else _pairs(compared, len(instances), best.whole),
    )


class _Scored(NamedTuple):
    """A heuristic with what came of every instance."""

    name: str
    number: int | None
    epoch: int
    aggregate: Aggregate
    results: Mapping[str, InstanceResult]

    @classmethod
    def of(cls, name: str, number: int | None, evaluation: Evaluation) -> "_Scored":
        results = {result.instance: result for result in evaluation.results}
        return cls(name, number, evaluation.epoch, aggregate_of(evaluation), results)

    def value(self, instance: str) -> float | None:
        return self.results[instance].gap if instance in self.results else None

    def whole(self, instances: int) -> float | None:
        """Its value over all instances, added up in the order they ran; None unless it solved so many."""
        results = [result for result in self.results.values() if result.cost is not None]
        return gap_percent(results, self.aggregate) if len(results) == instances else None

    def row(self, instances: Sequence[str]) -> MatrixRow:
        return MatrixRow(
            name=self.name,
            number=self.number,
            kind="textbook" if self.number is None else "candidate" if self.number else "baseline",
            values=tuple(self.value(instance) for instance in instances),
            whole=self.whole(len(instances)),
        )


def _measured_from_lowest(compared: Sequence[_Scored]) -> list[_Scored]:
    """The same heuristics with the lowest cost of any of them in place of every reference."""
    lowest: dict[str, float] = {}
    for one in compared:
        for name, result in one.results.items():
            if result.cost is not None:
                lowest[name] = min(lowest.get(name, result.cost), result.cost)
    return [
        one._replace(results={name: replace(result, reference=lowest.get(name)) for name, result in one.results.items()})
        for one in compared
    ]


def _columns(families: Mapping[str, str], compared: Sequence[_Scored]) -> list[str]:
    """The instances, family by family in the order in which these first appear; within one, alike ones side by side."""
    ordered: list[str] = []
    for family in dict.fromkeys(families.values()):
        members = [instance for instance, its in families.items() if its == family]
        by_heuristic = _standardised([[one.value(instance) for instance in members] for one in compared])
        ordered += [members[place] for place in clustered(by_heuristic.T)]
    return ordered


def _standardised(values: Sequence[Sequence[float | None]]) -> NDArray[np.float64]:
    """Values on one scale for every instance: standard deviations above the mean, at most three; failures are three above it."""
    table = np.array([[np.nan if value is None else value for value in row] for row in values], dtype=np.float64)
    if table.size == 0:
        return table.reshape(len(values), 0)
    solved = ~np.isnan(table)
    count = np.maximum(solved.sum(axis=0), 1)
    mean = np.where(solved, table, 0.0).sum(axis=0) / count
    spread = np.sqrt((np.where(solved, table - mean, 0.0) ** 2).sum(axis=0) / count)
    return np.where(solved, np.clip((table - mean) / np.where(spread > 0, spread, 1.0), -_FARTHEST, _FARTHEST), _FARTHEST)


def _pairs(compared: Sequence[_Scored], instances: int, single: float) -> tuple[HeuristicPair, ...]:
    complete = [one for one in compared if one.whole(instances) is not None]
    found = [pair for one, other in combinations(complete, 2) if (pair := _pair(one, other, single)).gain > _NO_GAIN]
    return tuple(sorted(found, key=lambda pair: (pair.whole, pair.first, pair.second))[:_PAIRS])


def _pair(one: _Scored, other: _Scored, single: float) -> HeuristicPair:
    instances = len(one.results)
    first, second = sorted((one, other), key=lambda each: (each.whole(instances) or 0.0, each.name))
    results = {name: min(result, second.results[name], key=_cost) for name, result in first.results.items()}
    whole = first._replace(results=results).whole(instances)
    assert whole is not None, "both solved all instances"
    second_better = sum(_cost(second.results[name]) < _cost(result) for name, result in first.results.items())
    return HeuristicPair(first=first.name, second=second.name, whole=whole, gain=single - whole, second_better=second_better)


def _cost(result: InstanceResult) -> float:
    assert result.cost is not None, "it solved all instances"
    return result.cost
