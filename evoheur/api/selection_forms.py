"""Settings and results of `evoheur.api.set_selection`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from evoheur.api.selection_pool import PooledHeuristic, SelectionPool
from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.problem import Split
from evoheur.selectors.decision_tree import lines_of
from evoheur.selectors.learned_selector import LearnedSelector
from evoheur.strategies.complementary import InstanceWeights

__all__ = ["SelectedWay", "SelectionRow", "SelectionSettings", "SetSelection", "WayName", "tree_in_words"]

WayName: TypeAlias = Literal["single", "tree", "probing", "all", "index", "oracle", "textbook"]
"""single: the best heuristic on the whole. tree: the one that a decision tree names. probing: the best on a small part. all: the best of
all solutions. index: the same where it cannot be had, as online. oracle: the best of all heuristics. textbook: a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionSettings:
    """How sets and selectors are made.

    Attributes:
        sizes: Of the sets, ascending, each at least 1.
        weights: What counts alike among instances.
        depth: Of decision trees, 1 or 2.
        prefix: How many arrivals of an online instance a selector sees.
        share: How much of another instance heuristics are tried on, above 0 and below 1.
        test: Whether the test split is scored, too.
        further: How many heuristics beyond the largest set are scored for the oracle.
        way: The way that is to be used in place of the better one; None for that.
    """

    sizes: Sequence[int] = (1, 2, 4, 8)
    weights: str = "instances"
    depth: int = 2
    prefix: int = 200
    share: float = 0.25
    test: bool = False
    further: int = 0
    way: str | None = None

    def __post_init__(self) -> None:
        """Check them.

        Raises:
            ConfigError: One cannot be used.
        """
        if not self.sizes or min(self.sizes) < 1:
            raise ConfigError(f"The sizes of sets are {', '.join(map(str, self.sizes)) or 'none'}; give numbers of at least 1.")
        if self.weights not in get_args(InstanceWeights):
            known = get_args(InstanceWeights)
            raise ConfigError(f"weights is {self.weights!r}{nearest(self.weights, known)}; it is one of {', '.join(known)}.")
        if self.depth not in {1, 2}:
            raise ConfigError(f"The depth of decision trees is {self.depth}; it is 1 or 2.")
        if self.prefix < 1:
            raise ConfigError(f"The prefix has {self.prefix} arrivals; give at least 1.")
        if not 0.0 < self.share < 1.0:
            raise ConfigError(f"Heuristics are tried on a share of {self.share:g}; give one above 0 and below 1.")
        if self.further < 0:
            raise ConfigError(f"{self.further} further heuristics cannot be scored; give 0 or more.")
        if self.way not in {None, "tree", "probing", "all"}:
            raise ConfigError(f"The way is {self.way!r}; it is tree, probing or all.")

    @property
    def weight_kind(self) -> InstanceWeights:
        """The kind that `weights` names."""
        return next(kind for kind in get_args(InstanceWeights) if kind == self.weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRow:
    """One way to solve instances, with what it is worth and its work.

    Attributes:
        name: For people.
        way: Which.
        size: How many heuristics are at hand.
        worths: Split → mean worth, minimised; None where a heuristic failed.
        work: Split → mean work, in full runs of one heuristic.
        families: Split → family → mean worth.
    """

    name: str
    way: WayName
    size: int
    worths: Mapping[str, float | None]
    work: Mapping[str, float]
    families: Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedWay:
    """The way that a file uses.

    Attributes:
        way: "single", "tree", "probing" or "all".
        size: Of its set.
        reason: Why it is this one.
    """

    way: Literal["single", "tree", "probing", "all"]
    size: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSelection:
    """A set of heuristics with selectors.

    Attributes:
        pool: What it was chosen from; its members have their source.
        settings: How it was made.
        members: In the order they were chosen; the first is the single best.
        splits: Those that were scored, in order.
        is_gap: Whether worths are gaps in percent, else costs.
        online: Whether a heuristic's decisions stay, so that trying is no part of solving.
        rows: Every way, the single best first.
        selectors: Size → what the decision tree is and why.
        chosen: What a file uses.
        notes: What a reader should know, in sentences.
    """

    pool: SelectionPool
    settings: SelectionSettings
    members: Sequence[PooledHeuristic]
    splits: Sequence[Split]
    is_gap: bool
    online: bool
    rows: Sequence[SelectionRow]
    selectors: Mapping[int, LearnedSelector]
    chosen: SelectedWay
    notes: Sequence[str]


def tree_in_words(learned: LearnedSelector) -> list[str]:
    """A decision tree, a line for each path; heuristics are counted from 1."""
    return lines_of(learned.tree)
