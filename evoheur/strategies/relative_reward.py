"""What a reply is worth to whoever wrote it: a reward relative to the best parent that the prompt showed.

Source: Ziyao Huang et al. 2025, "CALM: Co-evolution of Algorithms and Language Model for Automatic Heuristic Design" (arXiv
2505.12285, number recalled), for the order of the cases; no release is known, and the numbers are
ours. They order any group of replies to one prompt: whatever is better than the best parent above whatever is not, that above a copy, and a
copy above what cannot be scored.

| what came of the reply                           | reward                         |
| ------------------------------------------------ | ------------------------------ |
| better than the best parent                      | .5 + .5 · gain, so above .5    |
| works, and no parent was shown                   | 0                              |
| no better: equal or worse                        | -.1 - .4 · loss, so -.1 to -.5 |
| a duplicate: known code, or known to do the same | -.75                           |
| invalid: no code, or it failed                   | -1                             |

Gain and loss are shares of the best parent's objective, at most 1.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from evoheur.candidate import Candidate, Status
from evoheur.request import Failure, Outcome

__all__ = ["RewardCase", "relative_reward", "reward_case", "reward_of"]

RewardCase: TypeAlias = Literal["better", "unrelated", "worse", "duplicate", "invalid"]
"""A row of the table, in its order."""

_BETTER, _GAIN = 0.5, 0.5
_WORSE, _LOSS = -0.1, 0.4
_DUPLICATE = -0.75
_INVALID = -1.0


def reward_case(objective: float | None, best_parent: float | None, *, duplicate: bool = False) -> RewardCase:
    """The row of the table that a reply falls into.

    Args:
        objective: Of what came of the reply, minimised; None where it cannot be scored.
        best_parent: The smallest objective of the parents that its prompt showed; None without such.
        duplicate: Whether it is a copy of something known.
    """
    if objective is None:
        return "invalid"
    if duplicate:
        return "duplicate"
    if best_parent is None:
        return "unrelated"
    return "better" if objective < best_parent else "worse"


def relative_reward(objective: float | None, best_parent: float | None, *, duplicate: bool = False) -> float:
    """The reward of a reply, from -1 to 1.

    >>> relative_reward(3.0, 4.0), relative_reward(5.0, 4.0), relative_reward(None, 4.0)
    (0.625, -0.2, -1.0)

    Args:
        objective: As for `reward_case`.
        best_parent: As for `reward_case`.
        duplicate: As for `reward_case`.
    """
    case = reward_case(objective, best_parent, duplicate=duplicate)
    if case == "invalid":
        return _INVALID
    if case == "duplicate":
        return _DUPLICATE
    if objective is None or best_parent is None:  # "unrelated": nothing to compare with
        return 0.0
    share = _share(abs(objective - best_parent), best_parent)
    return _BETTER + _GAIN * share if case == "better" else _WORSE - _LOSS * share


def reward_of(outcome: Outcome, parents: Iterable[Candidate]) -> float | None:
    """The reward of what became of a request.

    None where the reply cannot be judged: a note, a heuristic that was scored again, and one whose evaluation was cut short.

    Args:
        outcome: What became of the request.
        parents: Those that its prompt showed.
    """
    shown = list(parents)
    objectives = [parent.objective for parent in shown if parent.objective is not None]
    best = min(objectives, default=None)
    if isinstance(outcome, Failure):
        return relative_reward(None, best)
    if not isinstance(outcome, Candidate) or outcome.evaluation.status is Status.PRUNED:
        return None
    duplicate = outcome.duplicate_of is not None or any(outcome.code == parent.code for parent in shown)
    return relative_reward(outcome.objective, best, duplicate=duplicate)


def _share(difference: float, of: float) -> float:
    """A difference as a share of a number's size, at most 1; of 0 any difference is whole."""
    if not difference:
        return 0.0
    return min(1.0, difference / abs(of)) if of else 1.0
