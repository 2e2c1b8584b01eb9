"""New instructions beside known ones, around any strategy.

A new instruction is on trial for a few requests of the strategy. Each is asked twice, once with the instruction that the new one was made
from and once with the new one; the strategy hears of the better outcome only. Whether it is accepted, and what prompts show besides, tells
two methods apart.

Sources: GEPA (Agrawal et al. 2025, arXiv 2507.19457) accepts a text only if the sum over a minibatch is strictly better, and draws
candidates by the number of instances they lead. SPO (Xiang et al. 2025, arXiv 2502.06855) lets a model judge outputs in pairs and keeps one
prompt; TextGrad (Yuksekgonul et al. 2024, arXiv 2406.07496) writes a criticism first, the textual gradient, and then the text that answers
it. How ours differs: there is no judge, since heuristics have costs; the criticism is of the instruction's worst heuristics, and changes
the instruction and no code; GEPA's full validation of what was accepted is the credit of its further children.
"""

import random
from abc import abstractmethod
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from evoheur.candidate import Candidate
from evoheur.request import Failure, Note, Outcome, Request
from evoheur.strategies.evolved_prompt import PromptOrigin
from evoheur.strategies.instruction_archive import UNESTABLISHED_SHARE
from evoheur.strategies.instruction_credit import ChildWorth, child_worth, percentiles
from evoheur.strategies.prompt_evolving import PromptEvolving, PromptsConfig, as_plain_text, is_instructed, with_instruction
from evoheur.strategies.strategy import Strategy

__all__ = ["DuellingPrompts", "GepaPrompts", "PairwisePrompts"]

_DUEL = "duel"  # begins the tags of requests that are asked twice
_REMEMBERED = 3  # children of an instruction that its writer sees
_LONGEST_CRITICISM = 2000  # characters


@dataclass(slots=True)
class _Pair:
    """A request that is asked twice.

    The request as the strategy made it, and what came of it with the known and with the new instruction.
    """

    request: Request
    outcomes: list[Outcome | None] = field(default_factory=lambda: [None, None])
    worths: list[ChildWorth | None] = field(default_factory=lambda: [None, None])


@dataclass(slots=True)
class _Trial:
    """A new instruction on trial.

    Its text, the number of the known one, pairs that were asked and those that count.
    """

    text: str
    known: int
    asked: int = 0
    pairs: list[tuple[ChildWorth, ChildWorth]] = field(default_factory=list)
    children: list[Candidate] = field(default_factory=list)  # of the new instruction


class DuellingPrompts(PromptEvolving):
    """Base of methods that try a new instruction beside a known one.

    Args:
        strategy: Breeds.
        config: How often instructions are asked for, and how long they are on trial.
        rng: Source of randomness, beside the strategy's own.
    """

    origin: ClassVar[PromptOrigin]
    """How accepted instructions came about."""

    def __init__(self, strategy: Strategy, config: PromptsConfig, rng: random.Random) -> None:
        super().__init__(strategy, config, rng)
        self._trial: _Trial | None = None
        self._second: deque[Request] = deque()  # the other sides of pairs, to be asked for
        self._pairs: dict[int, _Pair] = {}
        self._begun = 0  # pairs
        self._recent: dict[int, list[Candidate]] = {}  # instruction → its latest children, failed ones included

    @abstractmethod
    def _drawn(self) -> int:
        """The instruction that the next prompt shows."""

    @abstractmethod
    def _is_better(self, pairs: Sequence[tuple[ChildWorth, ChildWorth]]) -> bool:
        """Whether the new one, second in pairs, is accepted."""

    @abstractmethod
    def _writing_request(self, number: int) -> Request:
        """Ask for an instruction made from another."""

    def ask(self) -> Request | None:
        """The other side of a pair, or what its base asks for."""
        if self._second:
            return self._second.popleft()
        if self._is_due():
            self._writing = True
            self._asked += 1
            return self._writing_request(self._drawn())
        request = self._strategy.ask()
        if request is None or not is_instructed(request):
            return request
        if self._trial is not None and self._may_try(self._trial):
            return self._pair(request, self._trial)
        number = self._drawn()
        self._archive.show(number)
        return with_instruction(request, self._archive[number].text)

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Hand on the better outcome of a pair."""
        if isinstance(request.tag, tuple) and request.tag[:1] == (_DUEL,):
            self._paired(request, outcome)
        else:
            super().tell(request, outcome)

    def _is_due(self) -> bool:
        return not self._writing and self._trial is None and self._archive.uses >= self._config.every * (self._asked + 1)

    def _written(self, request: Request, outcome: Outcome) -> None:
        assert isinstance(request.tag, tuple), "whoever writes an instruction is told which one it is made from"
        text = as_plain_text(outcome.text) if isinstance(outcome, Note) else ""
        if self._archive.takes(text):
            self._trial = _Trial(text, request.tag[1])

    def _learn(self, request: Request, outcome: Outcome) -> None:
        super()._learn(request, outcome)
        if isinstance(outcome, Candidate):
            self._remember(self._shown(request), outcome)

    def _remember(self, number: int, child: Candidate) -> None:
        alike = [each for each in self._recent.get(number, ()) if each.evaluation.epoch == child.evaluation.epoch]
        self._recent[number] = [*alike, child][-_REMEMBERED:]

    def _may_try(self, trial: _Trial) -> bool:
        return trial.asked < self._config.minibatch and self._begun + 1 <= UNESTABLISHED_SHARE * (self._archive.uses + 1)

    def _pair(self, request: Request, trial: _Trial) -> Request:
        self._begun += 1
        trial.asked += 1
        self._pairs[self._begun] = _Pair(request)
        self._archive.show(trial.known)
        known, new = (with_instruction(request, text) for text in (self._archive[trial.known].text, trial.text))
        self._second.append(_tagged(new, self._begun, 1))
        return _tagged(known, self._begun, 0)

    def _paired(self, request: Request, outcome: Outcome) -> None:
        assert isinstance(request.tag, tuple), "only requests of pairs come here"
        _, number, side = request.tag
        pair = self._pairs[number]
        pair.outcomes[side] = outcome
        if not (isinstance(outcome, Failure) and outcome.stage == "generation"):
            # A new instruction gets its number when it is accepted.
            shown = self._shown(request) if side == 0 else -1
            pair.worths[side] = child_worth(request, outcome if isinstance(outcome, Candidate) else None, shown)
        if side == 0:
            self._learn(request, outcome)
        known, new = pair.outcomes
        if known is not None and new is not None:
            del self._pairs[number]
            self._compare(pair)
            self._strategy.tell(pair.request, min(known, new, key=_order))

    def _compare(self, pair: _Pair) -> None:
        trial = self._trial
        assert trial is not None, "a trial ends with its last pair"
        known, new = pair.worths
        if known is None or new is None:
            trial.asked -= 1  # a reply that never came compares with nothing: another pair takes its place
            return
        trial.pairs.append((known, new))
        trial.children += [each for each in pair.outcomes[1:] if isinstance(each, Candidate)]
        if len(trial.pairs) < self._config.minibatch:
            return
        self._trial = None
        if self._is_better(trial.pairs):
            self._accept(trial)

    def _accept(self, trial: _Trial) -> None:
        added = self._archive.add(trial.text, origin=self.origin, parent=trial.known)
        assert added is not None, "it was looked at before its trial, and only one is on trial"
        for _, child in trial.pairs:
            self._archive.show(added.number)
            self._archive.told(child._replace(instruction=added.number))
        for candidate in trial.children:
            self._remember(added.number, candidate)


class GepaPrompts(DuellingPrompts):
    """GEPA's reflection on a minibatch, strict acceptance, and draws from the front per instance."""

    origin: ClassVar[PromptOrigin] = "reflection"

    def _drawn(self) -> int:
        numbers = self._archive.established
        return self._rng.choices(numbers, self._archive.leads(numbers))[0]

    def _is_better(self, pairs: Sequence[tuple[ChildWorth, ChildWorth]]) -> bool:
        found = percentiles([child.worth for pair in pairs for child in pair])
        return sum(found[1::2]) > sum(found[::2])  # multiples of half a share, which no order of adding changes

    def _writing_request(self, number: int) -> Request:
        return self._request_for("reflect_prompt", number, self._recent.get(number, ()))


class PairwisePrompts(DuellingPrompts):
    """One instruction at a time, replaced by one that wins more pairs."""

    origin: ClassVar[PromptOrigin] = "criticism"

    def __init__(self, strategy: Strategy, config: PromptsConfig, rng: random.Random) -> None:
        super().__init__(strategy, config, rng)
        self._present = 0
        self._due: Request | None = None  # the request that answers a criticism

    def ask(self) -> Request | None:
        """What answers a criticism, then as its base."""
        if self._due is not None:
            request, self._due = self._due, None
            return request
        return super().ask()

    def _drawn(self) -> int:
        return self._present

    def _is_better(self, pairs: Sequence[tuple[ChildWorth, ChildWorth]]) -> bool:
        won = sum(new.worth < known.worth for known, new in pairs)
        return won > sum(new.worth > known.worth for known, new in pairs)

    def _remember(self, number: int, child: Candidate) -> None:
        """Keep the worst children on the newest instances."""
        alike = [each for each in self._recent.get(number, ()) if each.evaluation.epoch == child.evaluation.epoch]
        worst = sorted([*alike, child], key=lambda each: (each.objective is None, each.objective or 0.0, each.id), reverse=True)
        self._recent[number] = worst[:_REMEMBERED]

    def _writing_request(self, number: int) -> Request:
        return self._request_for("criticise_prompt", number, self._recent.get(number, ()))

    def _written(self, request: Request, outcome: Outcome) -> None:
        if request.operator != "criticise_prompt":
            super()._written(request, outcome)
        elif isinstance(outcome, Note) and outcome.text.strip() and isinstance(request.tag, tuple):
            self._writing = True
            criticism = outcome.text.strip()[:_LONGEST_CRITICISM]
            self._due = self._request_for("mend_prompt", request.tag[1], (), criticism=criticism)

    def _accept(self, trial: _Trial) -> None:
        super()._accept(trial)
        self._present = self._archive.number_of(trial.text)


def evolving(strategy: Strategy, config: PromptsConfig, rng: random.Random) -> PromptEvolving:
    """Put evolution of prompts around a strategy."""
    kinds = {"shinka": PromptEvolving, "gepa": GepaPrompts, "pairwise": PairwisePrompts}
    return kinds[config.evolve or "shinka"](strategy, config, rng)


def _tagged(request: Request, pair: int, side: int) -> Request:
    return replace(request, tag=(_DUEL, pair, side))


def _order(outcome: Outcome) -> tuple[int, float]:
    """Better outcomes first.

    What works by its objective, then what failed, then what holds no heuristic.
    """
    if not isinstance(outcome, Candidate):
        return 2, 0.0
    return (1, 0.0) if outcome.objective is None else (0, outcome.objective)
