"""Reward of a model's reply, for training that model by groups of replies to one prompt.

The table is that of CALM (Huang et al. 2025, arXiv:2505.12285), which rewards relative to the best parent in the prompt. The numbers are
ours: a gain of g, as a share of the parent's objective, earns g / (g + 0.1), so that a tenth earns a half and no gain more than 1.
"""

__all__ = ["DUPLICATE", "HALF_GAIN", "INVALID", "LARGEST_LOSS", "reply_reward"]

INVALID = -1.0
"""Of a reply without a heuristic, or with one that failed: the lowest."""
DUPLICATE = -0.5
"""Of a reply whose heuristic was there before: below every new one that works."""
LARGEST_LOSS = -0.2
"""What a new heuristic that works comes close to, the more it loses against the best parent."""
HALF_GAIN = 0.1
"""The gain, as a share of the best parent's objective, that earns half of the largest reward."""


def reply_reward(
    objective: float | None, *, best_parent: float | None, is_duplicate: bool = False, tolerance: float = 0.0
) -> float:
    """Reward of one reply, from -1 to 1.

    Args:
        objective: Of its heuristic on train, minimised; None if it has none or that failed.
        best_parent: The lowest objective among the heuristics that the prompt showed, on the same instances; None if there is none.
        is_duplicate: Whether the heuristic was there before, in code or in what it does.
        tolerance: Objectives that are not further apart count as equal.

    Returns:
        Above 0 where it is better than the best parent, 0 where it is as good or nothing is known to compare with.

    Example:
        >>> reply_reward(1.8, best_parent=2.0), reply_reward(2.2, best_parent=2.0), reply_reward(None, best_parent=2.0)
        (0.5, -0.1, -1.0)
    """
    if objective is None:
        return INVALID
    if is_duplicate:
        return DUPLICATE
    if best_parent is None or abs(objective - best_parent) <= tolerance:
        return 0.0
    change = abs(objective - best_parent)
    share = round(change / (change + HALF_GAIN * abs(best_parent)), 12)
    return share if objective < best_parent else LARGEST_LOSS * share
