"""Choice among decision trees by cross-validation over families, against the single best heuristic."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evoheur.selectors.decision_tree import Leaf, Tree, WorthTable, choices_of, grow

__all__ = ["LEADING_ERRORS", "LearnedSelector", "learn", "least_in_leaf", "mean_and_error"]

_LEAST, _SHARE = 3, 10  # instances in a leaf: so many, or a tenth of all

LEADING_ERRORS = 2.0
"""Standard errors that a lead must exceed to be believed; with one, chance would be believed every third time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedSelector:
    """A decision tree, with what speaks for it.

    Attributes:
        tree: A leaf where nothing speaks for a choice: always the first heuristic.
        saved: By how much the tree's depth lowers the worth, mean over families that its training did not see; 0 for the leaf.
        error: Standard error of that mean.
        reason: For people, why it is this one.
    """

    tree: Tree
    saved: float
    error: float
    reason: str


def least_in_leaf(instances: int) -> int:
    """How many training instances a leaf holds at least."""
    return max(_LEAST, math.ceil(instances / _SHARE))


def learn(table: WorthTable, *, depth: int) -> LearnedSelector:
    """Learn a selector.

    Trees of every depth are grown without one family, for each family, and judged on it. A deeper tree takes the place of a shallower one
    where it lowers the worth by more than two standard errors, counted over the families in pairs; at first stands "always the first".

    Args:
        table: Of the training instances.
        depth: The largest depth.
    """
    families = list(dict.fromkeys(table.families))
    if not table.names:
        return _always("nothing is known of instances beforehand (the problem has no features)")
    if len(families) < 3:
        return _always(f"{len(families)} training families are too few to learn from one and hold for another")
    savings = {tried: _savings(table, families, tried) for tried in range(1, depth + 1)}
    taken, stand = 0, np.zeros(len(families))
    for tried, found in savings.items():
        more, error = mean_and_error(found - stand)
        if more > LEADING_ERRORS * error:
            taken, stand = tried, found
    saved, error = mean_and_error(stand)
    if taken == 0:
        shown = max((mean_and_error(found) for found in savings.values()), default=(0.0, 0.0))
        words = f"{shown[0]:.3g}, error {shown[1]:.3g}"
        return _always(f"on families that it did not see, no tree saves more than two standard errors ({words})")
    tree = grow(table, depth=taken, least=least_in_leaf(len(table.families)))
    reason = f"on families that it did not see, a tree of depth {taken} saves {saved:.3g} with a standard error of {error:.3g}"
    return LearnedSelector(tree=tree, saved=saved, error=error, reason=reason)


def _always(reason: str) -> LearnedSelector:
    return LearnedSelector(tree=Leaf(0), saved=0.0, error=0.0, reason=reason)


def _savings(table: WorthTable, families: list[str], depth: int) -> NDArray[np.float64]:
    """By how much a tree is better than the first heuristic on a family that it did not see.

    Returns:
        For each family, shape (families,).
    """
    saved = []
    for family in families:
        held = np.array([each == family for each in table.families])
        seen, unseen = table.only(~held), table.only(held)
        tree = grow(seen, depth=depth, least=least_in_leaf(len(seen.families)))
        choices = choices_of(tree, unseen)
        saved.append(float((unseen.worths[:, 0] - unseen.worths[np.arange(choices.size), choices]).mean()))
    return np.array(saved)


def mean_and_error(values: Sequence[float] | NDArray[np.float64]) -> tuple[float, float]:
    """The mean and its standard error; of a single value the error is infinite."""
    known = np.asarray(values, dtype=np.float64)
    return float(known.mean()), float(known.std(ddof=1)) / math.sqrt(known.size) if known.size > 1 else math.inf
