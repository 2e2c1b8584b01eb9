"""Evolution of prompts, around any strategy.

What evolves is one text in prompts for heuristics, the instruction: how to go about it. All else is none of its business and stays as the
templates have it: the problem, the interface, the rules for the code, what the operator asks, and the form of the answer, which comes last.
So no instruction can take the form of the answer away. An instruction is an individual with a parent; what its children are worth is its
credit. Now and then the model is asked for another one. Such a request is one like any other: it costs a call and a request.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.components import Config
from evoheur.request import Failure, Note, Outcome, Request, RequestKind
from evoheur.strategies.evolved_prompt import EvolvedPrompt, PromptOrigin
from evoheur.strategies.instruction_archive import InstructionArchive
from evoheur.strategies.instruction_credit import child_worth
from evoheur.strategies.repairing import REPAIR
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy
from evoheur.strategies.wrapped_strategy import WrappedStrategy

__all__ = [
    "INSTRUCTION",
    "PROMPT_CARDS",
    "PromptEvolving",
    "PromptsConfig",
    "as_plain_text",
    "is_instructed",
    "with_instruction",
]

INSTRUCTION = "instruction"
"""Text in the context of a request for a heuristic: the instruction that its prompt shows, empty for the original."""

_ORIGIN: Mapping[str, PromptOrigin] = {"edit_prompt": "edit", "rewrite_prompt": "rewrite"}
_SHOWN = 3  # children of an instruction that its writer sees
_MOST_WAITING = 2  # more instructions that are not established would wait long for their turn

_GIVEN = {
    **BASELINE_SHOWN,
    "known": "the instruction that it starts from; empty for the original",
    "credit": "how its children stand, from 0 to 1",
}
PROMPT_CARDS: Mapping[str, OperatorCard] = {
    "edit_prompt": OperatorCard(
        summary="improve the instruction that prompts show", produces="note", parents=(0, _SHOWN), context=_GIVEN
    ),
    "rewrite_prompt": OperatorCard(
        summary="write another instruction for prompts", produces="note", parents=(0, _SHOWN), context=_GIVEN
    ),
    "reflect_prompt": OperatorCard(
        summary="improve the instruction by what came of it", produces="note", parents=(0, _SHOWN), context=_GIVEN
    ),
    "criticise_prompt": OperatorCard(
        summary="criticise the worst that came of an instruction", produces="note", parents=(0, _SHOWN), context=_GIVEN
    ),
    "mend_prompt": OperatorCard(
        summary="improve the instruction by a criticism",
        produces="note",
        context={**_GIVEN, "criticism": "what is wrong with it"},
    ),
}
"""What is asked beside the strategy's own requests: an edit or a rewriting by "shinka", reflection by "gepa", the others by "pairwise"."""


class PromptsConfig(Config):
    """Prompt templates, and whether a part of prompts evolves; a plain string stands for the folder."""

    folder: str | None = None
    """A folder of prompt templates of your own, each in place of the shipped one of the same name; `evoheur prompts show` lists them."""
    evolve: Literal["shinka", "gepa", "pairwise"] | None = None
    """How the instruction in prompts for heuristics evolves; not at all if not given. "shinka": ShinkaEvolve's archive of instructions,
    chosen by an upper confidence bound on how their children stand. "gepa": by reflection, accepted if strictly better on a minibatch, and
    drawn by the instances that they lead. "pairwise": one at a time, by criticism, replaced by one that wins more pairs of children."""
    every: int = Field(default=20, ge=2)
    """After so many requests for heuristics the model is asked for another instruction."""
    kept: int = Field(default=10, ge=1)
    """So many instructions are kept beside the original."""
    minibatch: int = Field(default=3, ge=1)
    """On so many requests, each asked twice, "gepa" and "pairwise" compare a new instruction with the one it was made from."""
    exploration: float = Field(default=1.0, ge=0.0)
    """c of "shinka"'s upper confidence bound; credit is from 0 to 1."""
    uniform: float = Field(default=0.1, ge=0.0, le=1.0)
    """ε of "shinka", the share of prompts whose instruction is drawn uniformly at random."""
    edit_share: float = Field(default=0.7, ge=0.0, le=1.0)
    """The share of "shinka"'s new instructions that are edits of the best one; the others are written anew."""


class PromptEvolving(WrappedStrategy):
    """A strategy whose prompts show instructions that evolve, as ShinkaEvolve's do.

    Args:
        strategy: Breeds.
        config: How often instructions are asked for, and how they are chosen.
        rng: Source of randomness, beside the strategy's own.
    """

    def __init__(self, strategy: Strategy, config: PromptsConfig, rng: random.Random) -> None:
        super().__init__(strategy)
        self._config = config
        self._rng = rng
        self._archive = InstructionArchive(size=config.kept, exploration=config.exploration, uniform=config.uniform, rng=rng)
        self._best: dict[int, list[Candidate]] = {}  # instruction → its best children on the newest instances
        self._asked = 0  # instructions asked for
        self._writing = False

    def ask(self) -> Request | None:
        """An instruction if due, else what the strategy asks."""
        if self._is_due():
            return self._new_instruction()
        request = self._strategy.ask()
        if request is None or not is_instructed(request):
            return request
        return with_instruction(request, self._archive[self._archive.choose(request.operator)].text)

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Take an instruction in; hand everything else on."""
        if request.operator in PROMPT_CARDS:
            self._writing = False
            self._written(request, outcome)
            return
        if is_instructed(request):
            self._learn(request, outcome)
        self._strategy.tell(_without_instruction(request), outcome)

    def evolved_prompts(self) -> tuple[EvolvedPrompt, ...]:
        """All instructions with their credit, the original first."""
        return self._archive.report()

    def _is_due(self) -> bool:
        return (
            not self._writing
            and self._archive.uses >= self._config.every * (self._asked + 1)
            and len(self._archive.waiting) < _MOST_WAITING
        )

    def _new_instruction(self) -> Request:
        self._writing = True
        self._asked += 1
        number = self._archive.best()
        known = self._archive[number]
        is_edit = self._rng.random() < self._config.edit_share
        operator = "edit_prompt" if is_edit and known.text else "rewrite_prompt"
        return self._request_for(operator, number, self._best.get(number, ()))

    def _request_for(self, operator: str, number: int, parents: Sequence[Candidate], **texts: str) -> Request:
        """Ask for an instruction that starts from another."""
        known = {"baseline": "header", "known": self._archive[number].text, "credit": f"{self._archive.credit(number):.2f}"}
        tag = ("prompt", number, self._asked)
        return Request(operator=operator, produces="note", parents=tuple(parents), context={**known, **texts}, tag=tag)

    def _written(self, request: Request, outcome: Outcome) -> None:
        """Take an instruction in."""
        if isinstance(outcome, Note) and isinstance(request.tag, tuple):
            self._archive.add(as_plain_text(outcome.text), origin=_ORIGIN[request.operator], parent=request.tag[1])

    def _shown(self, request: Request) -> int:
        """The number of the instruction that a request shows."""
        return self._archive.number_of(request.context[INSTRUCTION])

    def _learn(self, request: Request, outcome: Outcome) -> None:
        if isinstance(outcome, Failure) and outcome.stage == "generation":
            return  # no fault of the prompt
        number = self._shown(request)
        candidate = outcome if isinstance(outcome, Candidate) else None
        self._archive.told(child_worth(request, candidate, number))
        if candidate is not None and candidate.objective is not None and candidate.duplicate_of is None:
            self._best[number] = _best_of([*self._best.get(number, ()), candidate])


def _best_of(children: list[Candidate]) -> list[Candidate]:
    """The best of those that were scored on the newest instances, older ones first among equals."""
    newest = max(child.evaluation.epoch for child in children)
    alike = [child for child in children if child.evaluation.epoch == newest]
    return sorted(alike, key=lambda child: (child.objective or 0.0, child.id))[:_SHOWN]


def is_instructed(request: Request) -> bool:
    """Whether its prompt may show an instruction.

    Prompts for heuristics do, but for repair, which mends what another one asked for.
    """
    return request.kind is RequestKind.MODEL and request.produces == "heuristic" and request.operator != REPAIR


def with_instruction(request: Request, text: str) -> Request:
    """The request with an instruction for its prompt."""
    # What a candidate is worth decides on its instruction, also where the strategy would not care, so every evaluation runs to its end.
    return replace(request, bound=None, context={**request.context, INSTRUCTION: text})


def _without_instruction(request: Request) -> Request:
    if INSTRUCTION not in request.context:
        return request
    context: dict[str, Any] = {name: text for name, text in request.context.items() if name != INSTRUCTION}
    return replace(request, context=context)


def as_plain_text(text: str) -> str:
    """An instruction as it was meant: models like to put quotation marks around what they are asked to write."""
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text
