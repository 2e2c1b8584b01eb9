"""The document of a comparison of runs at equal budgets."""

from typing import Any, Literal

from evoheur.archive.records import RunStatus
from evoheur.candidate import ObjectiveKind
from evoheur.documents.document_model import JsonDocument, Text

__all__ = [
    "AgainstControlDocument",
    "ArmDocument",
    "ArmStandingDocument",
    "ComparedRunDocument",
    "ComparisonDocument",
    "ControlVerdictDocument",
    "CutDocument",
    "DuplicatesDocument",
    "ImprovementDocument",
    "PairedTestDocument",
    "RunStandingDocument",
    "SampleDocument",
]


class ArmDocument(JsonDocument):
    """Runs that differ in their seeds only."""

    arm: Text
    """Its label."""
    differs: dict[Text, Any]
    """Setting → value, where other arms have another."""
    runs: list[str]
    """Names of its runs."""


class ImprovementDocument(JsonDocument):
    """A moment at which a run's best changed."""

    calls: int
    """Model calls until then."""
    evaluations: int
    """Evaluations until then."""
    candidate: str | None
    """Name of the new best."""
    objective: float | None
    """On train, minimised."""


class ComparedRunDocument(JsonDocument):
    """One run from its start to the last outcome."""

    run: str
    """Its name."""
    arm: Text
    """Label of its arm."""
    seed: int
    """Of the run."""
    status: RunStatus
    """How it stands."""
    calls: int
    """Model calls of the whole run."""
    evaluations: int
    """Evaluations of the whole run."""
    own_objective: float | None
    """Of the problem's own heuristic on train."""
    improvements: list[ImprovementDocument]
    """In the order they came."""


class DuplicatesDocument(JsonDocument):
    """Candidates that add nothing new."""

    code: int
    """Whose code an earlier one has."""
    behaviour: int
    """Of other code, whose costs are those of an earlier one on every instance."""


class RunStandingDocument(JsonDocument):
    """One run at a cut."""

    run: str
    """Its name."""
    arm: Text
    """Label of its arm."""
    seed: int
    """Of the run."""
    candidate: str | None
    """Name of its best on train by then."""
    train: float | None
    """Objective of that one on train, minimised."""
    validation: float | None
    """Objective of that one on validation, minimised; null if it failed or was not scored there."""
    validation_gap: float | None
    """The same as a gap in percent; null without references."""
    validation_status: str | None
    """How that evaluation ended; null if it was not made."""
    area: float | None
    """Mean of the best objective in hand after each call or evaluation; null for a budget of 0."""
    calls: int
    """Model calls by then."""
    evaluations: int
    """Evaluations by then."""
    failures: int
    """Requests without a candidate to evaluate, and candidates that failed."""
    pruned: int
    """Candidates whose evaluation was cut short."""
    duplicates: DuplicatesDocument
    """Candidates that add nothing new."""
    tuned: int
    """Candidates that came from tuning beside the search."""
    tokens: int
    """Sent and received."""


class SampleDocument(JsonDocument):
    """One figure of an arm over its seeds."""

    median: float | None
    """Over the seeds; null without values."""
    low: float | None
    """Lower end of the interval of the median; null where there are too few seeds."""
    high: float | None
    """Upper end."""
    missing: int
    """Runs that have no value."""
    values: dict[str, float]
    """Seed → value."""


class ArmStandingDocument(JsonDocument):
    """One arm at a cut."""

    arm: Text
    """Its label."""
    train: SampleDocument
    """The best on train."""
    validation: SampleDocument
    """The same heuristic on validation."""
    area: SampleDocument
    """Mean best so far on train."""


class PairedTestDocument(JsonDocument):
    """Two arms over the seeds they share."""

    figure: Literal["train", "validation", "area"]
    """What is tested."""
    arms: list[Text]
    """The two labels."""
    differences: dict[str, float]
    """Seed → first minus second; negative where the first is better."""
    median_difference: float
    """Over the seeds."""
    better: list[int]
    """On how many seeds the first is better, and the second."""
    p: float
    """Two-sided, of the signed-rank test."""
    p_holm: float
    """Adjusted for the number of pairs of arms."""
    least_p: float
    """The smallest p that so many pairs could have given."""
    shown: bool
    """Whether the difference is shown at the level of the comparison."""


class CutDocument(JsonDocument):
    """All runs at one budget."""

    budget: int
    """The most that every run reached."""
    runs: list[RunStandingDocument]
    """Arm by arm."""
    arms: list[ArmStandingDocument]
    """In the same order."""
    tests: list[PairedTestDocument]
    """Every pair of arms that shares seeds, for each figure that is tested."""


class AgainstControlDocument(JsonDocument):
    """One arm against the plain loop."""

    arm: Text
    """Its label."""
    standing: Literal["better", "worse", "not shown", "no shared seed"]
    """What is shown, at the level of the comparison after Holm's correction."""
    difference: float | None
    """Median over the shared seeds of the arm's objective minus the control's; negative where the arm is better."""
    p_holm: float | None
    """Adjusted for the number of pairs of arms; null without shared seeds."""
    seeds: int
    """How many they share."""


class ControlVerdictDocument(JsonDocument):
    """What is shown against the plain loop, (1+1), at equal model calls."""

    sentence: Text
    """For people."""
    control: Text | None
    """Label of the arm that is (1+1); null if there is none."""
    calls: int
    """Model calls."""
    figure: Literal["train", "validation", "area"]
    """What was tested."""
    arms: list[AgainstControlDocument]
    """All others; empty without a control arm."""


class ComparisonDocument(JsonDocument):
    """Comparison of runs at equal model calls and evaluations; objectives are minimised."""

    format: Literal["comparison/1"]
    """Kind and version of this document."""
    sweep: str = ""
    """Name of the sweep, where a sweep made the runs."""
    problem: Text
    """Name or folder of the problem."""
    objective: Literal["gap", "cost", "ratio"]
    """What objectives are, in a word; `objective_kind` says it as all documents do."""
    objective_kind: ObjectiveKind | None
    """What objectives are."""
    own_objective: float | None
    """Of the problem's own heuristic on train."""
    confidence: float
    """Of the intervals."""
    level: float
    """At which a difference is shown."""
    seeds_needed: int
    """So many seeds an arm needs for a difference to be shown at all."""
    verdict: ControlVerdictDocument
    """Whether a method beats the plain loop."""
    arms: list[ArmDocument]
    """What is compared."""
    runs: list[ComparedRunDocument]
    """Arm by arm."""
    cuts: dict[Literal["calls", "evaluations"], CutDocument]
    """What is equal → all runs at that budget."""
