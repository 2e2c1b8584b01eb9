"""EvoX: a search whose search policy evolves.

Source: EvoX of SkyDiscover (`skydiscover.search.evox`), read as released in 2026; its paper's text was not available to us.

* Two levels. Below, heuristics are bred. Above stands a policy, a program that chooses each parent, what is shown beside it, and whether
  the child is to refine it, to depart from it, or neither. The first policy draws all of it uniformly.
* Switch. When so many outcomes have passed without a gain, the policy's window closes and is scored:
  gain · (1 + ln(1 + goodness at its start)) / √(length of the window). The model then sees the best policy so far, two others, and the
  population before and after their windows, and writes another one.
* Trial. The new policy must choose well on the present programs and on few of them; else it is not taken.
* Fault. A policy that fails in charge gives way to the one before it; that very choice is made by the first policy's rule.

How ours differs. A policy runs in the sandbox, once for every choice, with nothing kept in between; it sees numbers, costs, labels and code
of programs, and no instance, score of its own or key. What it chose is part of the log. Programs are stored by trusted code and not by the
policy, so no policy can lose one; only the best stay. Goodness is the share of the problem's own heuristic's cost that was saved. Offline,
where no model writes policies, they are bred from a small grammar.
"""

import json
import random
from collections import deque
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, cast

from pydantic import Field, model_validator

from evoheur.candidate import Candidate
from evoheur.request import Note, Outcome, Request, RequestKind
from evoheur.search_policy import LABELS, ChoiceLabel, PolicyChoice, stored_answer
from evoheur.strategies.evox_windows import PolicyWindows
from evoheur.strategies.policy_record import PolicyRecord, label_advice, policy_code
from evoheur.strategies.program_store import ProgramStore
from evoheur.strategies.reflective import note_text
from evoheur.strategies.selection import survivors
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig

__all__ = ["Evox", "EvoxConfig"]

_ELITES = 10  # of pairwise different objective, which reports show
_LONGEST = 40_000  # characters of a reply that holds a policy
_GUIDED = {"advice": "how to do it for this problem; may be empty"}


class EvoxConfig(StrategyConfig):
    """EvoX (SkyDiscover 2026); defaults follow the release where it has a value."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "refine": OperatorCard(
            summary="improve the first in its own way",
            variation="mutation",
            parents=(1, None),
            context={**BASELINE_SHOWN, **_GUIDED},
        ),
        "diverge": OperatorCard(
            summary="depart from the first", variation="unlike", parents=(1, None), context={**BASELINE_SHOWN, **_GUIDED}
        ),
        "free": OperatorCard(
            summary="improve the first, with others in view",
            variation="vary",
            parents=(1, None),
            context={**BASELINE_SHOWN, **_GUIDED},
        ),
        "guide": OperatorCard(summary="say how to refine and how to diverge", produces="note", context=BASELINE_SHOWN),
        "write_policy": OperatorCard(
            summary="write another search policy",
            produces="note",
            context={
                **BASELINE_SHOWN,
                "policies": "policies so far, each with its record and its source",
                "population": "the programs at present, in a line",
                "contexts": "how many programs may be shown beside the parent",
                "patience": "how many outcomes without a gain close a window",
            },
        ),
        "consult_policy": OperatorCard(
            summary="have the policy choose, in the sandbox",
            kind=RequestKind.CONSULTATION,
            produces="note",
            context={
                "policy": "its source",
                "view": "what it sees, as JSON",
                "contexts": "how many programs may be shown beside the parent",
                "trial": '"trial" before it takes charge, else empty',
            },
        ),
    }

    takes_new_worth = True
    kind: Literal["evox"] = "evox"

    initial: int = Field(default=4, ge=0)
    """How many i1 requests come first. Release: it begins with one program. 0 needs `seed_with_baseline`."""

    store_size: int = Field(default=30, ge=2, le=100)
    """The most programs that a policy chooses from, the best of all. Release: each policy stores them in its own way."""

    contexts: int = Field(default=4, ge=0, le=9)
    """The most programs that are shown beside a parent. Release: 4."""

    patience: int = Field(default=30, ge=1)
    """After how many outcomes without a gain another policy is wanted. Release: a tenth of all; the default suits 300."""

    gain: float = Field(default=0.01, ge=0, allow_inf_nan=False)
    """What counts as a gain: more than this share of the cost of the problem's own heuristic. Release: .01 of a score."""

    ahead: int = Field(default=4, ge=1, le=64)
    """How many choices may be under way at once. With outcomes told in the order of asking, as many as calls in flight keep these busy;
    with 1 a policy sees every outcome before it chooses again."""

    guide: bool = True
    """Whether the model is asked once how to refine and how to diverge in this problem. Release: yes."""

    seed_with_baseline: bool = True
    """Whether the problem's own heuristic is a program from the start. Release: yes."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body."""

    @model_validator(mode="after")
    def _begins_with_something(self) -> "EvoxConfig":
        if self.initial == 0 and not self.seed_with_baseline:
            raise ValueError("initial: 0 leaves nothing to breed from; ask for at least 1, or set seed_with_baseline: true")
        return self

    def build(self, baseline: Candidate, rng: random.Random) -> "Evox":
        """Make the strategy."""
        return Evox(self, baseline, rng)


class Evox(Strategy):
    """EvoX in steady state; it waits for choices of its policy only, never for a model.

    A request's tag is (number of the policy, running number).
    """

    def __init__(self, config: EvoxConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        self._rng = rng
        self._context = {"baseline": "body" if config.show_baseline_body else "header"}
        self._store = ProgramStore(config.store_size)
        if config.seed_with_baseline:
            self._store.add(baseline, 0)
        self._windows = PolicyWindows(baseline, self._store, patience=config.patience, gain=config.gain)
        self._elites: list[Candidate] = list(self._store.ranked)
        self._initial = config.initial
        self._guide_due = config.guide
        self._advice: dict[ChoiceLabel, str] = dict.fromkeys(LABELS, "")
        self._trial: PolicyRecord | None = None  # to be tried, not asked for yet
        self._asked = 0
        self._shown: dict[int, Mapping[int, Candidate]] = {}  # choices under way: running number → what the policy sees
        self._choices: deque[tuple[PolicyChoice, Mapping[int, Candidate]]] = deque()

    @property
    def in_charge(self) -> PolicyRecord:
        """The policy that chooses at present."""
        return self._windows.active

    def ask(self) -> Request | None:
        """What is due above; else a heuristic, or the choice that it needs.

        None while choices are under way and none is there.
        """
        above = self._above()
        if above is not None:
            return above
        if self._initial > 0 or not len(self._store):
            self._initial -= 1
            return Request(operator="i1", context=self._context, tag=self._tag(0))
        if self._choices:
            return self._heuristic(*self._choices.popleft())
        if self.in_charge.number == 0:
            return self._heuristic(*self._uniform())
        return self._consultation(self.in_charge) if len(self._shown) < self._config.ahead else None

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Take in a choice, a policy, advice, or what became of a heuristic."""
        match request.operator:
            case "consult_policy":
                self._chosen(request, outcome)
            case "write_policy":
                self._written(outcome)
            case "guide":
                self._advice.update(label_advice(note_text(outcome, longest=_LONGEST)))
            case _:
                candidate = outcome if isinstance(outcome, Candidate) else None
                for parent in request.parents[:1]:
                    self._store.learn(parent.id, candidate)
                if candidate is not None:
                    self.immigrate(candidate)
                self._windows.outcome()

    def immigrate(self, candidate: Candidate) -> None:
        """Store it."""
        self._store.add(candidate, self._windows.told)
        self._elites = survivors([*self._elites, candidate], _ELITES)

    def elites(self) -> Sequence[Candidate]:
        """The best of all, best first, one per objective."""
        return tuple(self._elites)

    def members(self) -> Sequence[Candidate]:
        """All programs of the store, and the elites."""
        return tuple({each.id: each for each in (*self._store.ranked, *self._elites)}.values())

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Rank all by their new worth, and begin the window anew."""
        self._elites = survivors((fresh[elite.id] for elite in sorted(self._elites, key=lambda one: one.id)), _ELITES)
        self._store.rescored(fresh)
        self._choices.clear()
        self._windows.rescored(fresh.get(0))

    def _above(self) -> Request | None:
        """What is due on the level of policies."""
        if self._guide_due:
            self._guide_due = False
            return Request(operator="guide", produces="note", context=self._context)
        if self._windows.wants_policy:
            self._windows.wants_policy = False
            return self._writing()
        if self._trial is None:
            return None
        trial, self._trial = self._trial, None
        return self._consultation(trial, trial=True)

    def _tag(self, policy: int) -> tuple[int, int]:
        self._asked += 1
        return policy, self._asked

    def _uniform(self) -> tuple[PolicyChoice, Mapping[int, Candidate]]:
        """The first policy's choice, which is trusted and needs no sandbox."""
        known = {program.id: program for program in self._store.ranked}
        drawn = self._rng.sample([*known], min(len(known), 1 + self._config.contexts))
        return PolicyChoice(parent=drawn[0], label="free", context=tuple(drawn[1:])), known

    def _heuristic(self, choice: PolicyChoice, known: Mapping[int, Candidate]) -> Request:
        parents = tuple(known[number] for number in (choice.parent, *choice.context))
        context = {**self._context, "advice": self._advice[choice.label]}
        return Request(operator=choice.label, parents=parents, context=context, tag=self._tag(self.in_charge.number))

    def _consultation(self, policy: PolicyRecord, *, trial: bool = False) -> Request:
        tag = self._tag(policy.number)
        self._shown[tag[1]] = {program.id: program for program in self._store.ranked}
        view = {
            "programs": self._store.view(self._windows.told),
            "progress": {**self._windows.progress(), "contexts": self._config.contexts},
            "seed": self._rng.getrandbits(32),
        }
        context = {
            "policy": policy.code,
            "view": json.dumps(view),
            "contexts": str(self._config.contexts),
            "trial": "trial" if trial else "",
        }
        return Request.consultation(context, tag)

    def _chosen(self, request: Request, outcome: Outcome) -> None:
        number, place = cast("tuple[int, int]", request.tag)
        known = self._shown.pop(place)
        text = outcome.text if isinstance(outcome, Note) else ""
        answer = stored_answer(text, known, contexts=self._config.contexts)
        if request.context["trial"]:
            self._windows.tried(number, worked=isinstance(answer, PolicyChoice))
        elif isinstance(answer, PolicyChoice):
            self._choices.append((answer, known))
        else:
            self._windows.fall_back(number)
            self._choices.append(self._uniform())

    def _writing(self) -> Request:
        context = {
            **self._context,
            "policies": "\n\n".join(record.report() for record in self._windows.shelf.shown(self._rng)),
            "population": self._store.statistics(),
            "contexts": str(self._config.contexts),
            "patience": str(self._config.patience),
        }
        return Request(operator="write_policy", produces="note", context=context)

    def _written(self, outcome: Outcome) -> None:
        """Try what was written; nothing at all was written offline, and there one is bred."""
        text = note_text(outcome, longest=_LONGEST)
        code = policy_code(text)
        if code is not None:
            self._trial = self._windows.shelf.add(code)
        elif isinstance(outcome, Note) and not text:
            self._trial = self._windows.shelf.bred(self._rng)
        else:
            self._windows.keep()
