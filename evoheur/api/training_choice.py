"""Choice of examples from the graded replies to one prompt, for training the model that wrote them.

Preference pairs follow EvoTune (Surina et al. 2025, arXiv:2504.05108): the distinct objectives of a prompt are halved into better and worse
and zipped, best first; failed replies are the rejected ones beside those that work, in turn. Nothing here compares replies to two prompts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from evoheur.archive.graded_replies import GradedReply, TrainObjectives
from evoheur.reply_rewards import reply_reward

__all__ = [
    "Alike",
    "ExampleChoice",
    "LabelledReply",
    "PreferencePair",
    "RewardedGroup",
    "alike_replies",
    "worst_chosen",
]

Alike: TypeAlias = Literal["prompt", "parents"]
"""What replies have in common that are compared: the whole prompt, or only the operator and the parents that it shows."""


@dataclass(frozen=True, slots=True)
class PreferencePair:
    """Two replies, the better one first."""

    chosen: GradedReply
    rejected: GradedReply


@dataclass(frozen=True, slots=True)
class LabelledReply:
    """A reply, and whether it is one to write."""

    reply: GradedReply
    label: bool


@dataclass(frozen=True, slots=True)
class RewardedGroup:
    """Replies that are alike, each with its reward."""

    replies: Sequence[GradedReply]
    rewards: Sequence[float]


def alike_replies(replies: Iterable[GradedReply], alike: Alike) -> list[list[GradedReply]]:
    """Replies that may be compared, together; by the first request of each group, and within one by request.

    Only replies whose heuristics were scored on the same training instances are together.

    Args:
        replies: Of one run, by request.
        alike: What they have in common.
    """
    groups: dict[Any, list[GradedReply]] = defaultdict(list)
    for reply in replies:
        shared = reply.prompt if alike == "prompt" else (reply.operator, reply.parents)
        groups[reply.epoch, shared].append(reply)
    return list(groups.values())


def worst_chosen(replies: Iterable[GradedReply], percentile: float) -> dict[int, float]:
    """The largest objective that an example to follow may have, by epoch.

    Args:
        replies: Of one run.
        percentile: From 0 to 100; so many percent of the scored replies are worse.
    """
    scored: dict[int, list[float]] = defaultdict(list)
    for reply in replies:
        if reply.objective is not None:
            scored[reply.epoch].append(reply.objective)
    return {epoch: float(np.percentile(objectives, 100.0 - percentile)) for epoch, objectives in scored.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleChoice:
    """Chooses examples from the replies of one run.

    Attributes:
        known: Objectives of the run's candidates.
        worst: As `worst_chosen` gives it.
        tolerance: Objectives that are closer than this are not told apart.
        left_out: Reason → how many replies ("twin", "copy", "cut short", "alone"), comparisons ("close", "low") or groups ("level") were
            left out.
    """

    known: TrainObjectives
    worst: Mapping[int, float]
    tolerance: float
    left_out: Counter[str] = field(default_factory=Counter)

    def pairs(self, group: Sequence[GradedReply]) -> Iterator[PreferencePair]:
        """Preference pairs of replies that are alike, pairs of two that work first.

        Of an odd number of distinct objectives the middle one has no partner.
        """
        distinct: dict[float, GradedReply] = {}
        failed = []
        for reply in self._usable(group):
            if reply.objective is None:
                failed.append(reply)
            elif self.known.repeats_parent(reply):
                self.left_out["copy"] += 1
            else:
                distinct.setdefault(reply.objective, reply)
        ranked = [distinct[objective] for objective in sorted(distinct)]
        half = len(ranked) // 2
        # a slice from the end, so that the middle one of an odd number is in neither half
        for better, worse in zip(ranked[:half], ranked[len(ranked) - half :], strict=True):
            if abs(_objective(worse) - _objective(better)) < self.tolerance:
                self.left_out["close"] += 1
            elif self._is_good(better):
                yield PreferencePair(better, worse)
        if not ranked:
            return
        for place, reply in enumerate(failed):
            if self._is_good(better := ranked[place % len(ranked)]):
                yield PreferencePair(better, reply)

    def labels(self, group: Sequence[GradedReply]) -> Iterator[LabelledReply]:
        """Replies with labels.

        True is what is better than the best parent; false what is worse, failed, or repeats a parent. Without a parent in the prompt, the
        problem's own heuristic is what to beat. What is closer to it than the tolerance has no label.
        """
        for reply in self._usable(group):
            parent = self.known.best_parent(reply)
            if reply.objective is None or self.known.repeats_parent(reply):
                yield LabelledReply(reply, label=False)
            elif parent is None or reply.objective == parent or abs(reply.objective - parent) < self.tolerance:
                self.left_out["close"] += 1
            elif reply.objective > parent:
                yield LabelledReply(reply, label=False)
            elif self._is_good(reply):
                yield LabelledReply(reply, label=True)

    def groups(self, group: Sequence[GradedReply]) -> Iterator[RewardedGroup]:
        """The replies with their rewards, if there are two or more and not all rewards are equal.

        A heuristic that was in the prompt or among earlier replies to it is a duplicate.
        """
        replies = [reply for reply in group if not self._is_cut_short(reply)]
        seen: set[int] = set()
        rewards = []
        for reply in replies:
            is_duplicate = reply.scored in seen or self.known.repeats_parent(reply)
            seen.update([] if reply.scored is None else [reply.scored])
            parent = self.known.best_parent(reply)
            rewards.append(reply_reward(reply.objective, best_parent=parent, is_duplicate=is_duplicate, tolerance=self.tolerance))
        if len(replies) < 2:
            self.left_out["alone"] += len(replies)
        elif len(set(rewards)) < 2:
            self.left_out["level"] += 1
        else:
            yield RewardedGroup(replies, rewards)

    def _usable(self, group: Sequence[GradedReply]) -> Iterator[GradedReply]:
        """Those that are worth something, good or bad, each code once."""
        seen: set[str] = set()
        for reply in group:
            if self._is_cut_short(reply):
                continue
            if reply.code_hash and reply.code_hash in seen:
                self.left_out["twin"] += 1
                continue
            seen.add(reply.code_hash)
            yield reply

    def _is_cut_short(self, reply: GradedReply) -> bool:
        self.left_out["cut short"] += reply.is_cut_short
        return reply.is_cut_short

    def _is_good(self, reply: GradedReply) -> bool:
        is_good = _objective(reply) <= self.worst[reply.epoch]
        self.left_out["low"] += not is_good
        return is_good


def _objective(reply: GradedReply) -> float:
    assert reply.objective is not None, "only replies that work are compared"
    return reply.objective
