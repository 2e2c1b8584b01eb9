"""The document of a set of heuristics with its selectors."""

from typing import Any, Literal

from evoheur.documents.document_model import JsonDocument, Text

__all__ = ["SelectedMemberDocument", "SelectedWayDocument", "SelectionDocument", "SelectionRowDocument", "SelectorDocument"]


class SelectedMemberDocument(JsonDocument):
    """A heuristic of the set."""

    name: Text
    """RUN/NUMBER, gallery:NAME, textbook:NAME, or a file."""
    thought: Text
    """Its idea."""


class SelectionRowDocument(JsonDocument):
    """One way to solve instances."""

    name: Text
    """For people."""
    way: Literal["single", "tree", "probing", "all", "index", "oracle", "textbook"]
    """single: the best heuristic on the whole. tree: the one that a decision tree names. probing: the best on a small part. all: the best
    of all solutions. index: the same where it cannot be had, as online. oracle: the best of all heuristics. textbook: a rule."""
    size: int
    """How many heuristics are at hand."""
    worths: dict[str, float | None]
    """Split → mean worth, minimised; null where a heuristic failed."""
    work: dict[str, float]
    """Split → mean work, in full runs of one heuristic."""
    families: dict[str, dict[str, float | None]]
    """Split → family → mean worth."""


class SelectorDocument(JsonDocument):
    """The decision tree of a set."""

    size: int
    """Of the set."""
    rules: list[str]
    """The tree in words, a line for each path; heuristics are counted from 1, as `members` has them."""
    saved: float
    """Mean worth that it saves on families which its training did not see; 0 where it always says heuristic 1."""
    error: float
    """Standard error of that."""
    reason: Text
    """Why it is this one."""


class SelectedWayDocument(JsonDocument):
    """What a file uses that is written by `--export`."""

    way: Literal["single", "tree", "probing", "all"]
    """As for a row."""
    size: int
    """Of its set."""
    reason: Text
    """Why it is this one."""


class SelectionDocument(JsonDocument):
    """A complementary set of heuristics, and what selectors make of it."""

    format: Literal["selection/1"]
    """Kind and version of this document."""
    problem: str
    """Name or folder."""
    settings: dict[str, Any]
    """Of the problem."""
    candidates: int
    """How many heuristics the set was chosen from."""
    weights: Literal["instances", "families", "clusters"]
    """What counts alike among instances."""
    worth_kind: Literal["gap_percent", "mean_cost"]
    """What worths are; lower is better."""
    members: list[SelectedMemberDocument]
    """The largest set, in the order of choice; the first is the single best, and smaller sets are its begin."""
    rows: list[SelectionRowDocument]
    """Every way, the single best first."""
    selectors: list[SelectorDocument]
    """The decision trees, by size."""
    prefix: int | None
    """How many arrivals a selector sees of an online instance; null where instances are known as a whole."""
    share: float | None
    """How much of an instance heuristics are tried on; null online."""
    chosen: SelectedWayDocument
    """What a file uses."""
    notes: list[Text]
    """What a reader should know."""
