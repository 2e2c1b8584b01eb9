"""Evolution of prompts, around any strategy.

What evolves is one text in prompts for heuristics, the instruction: how to go about it. All else is none of its business and stays as the
templates have it: the problem, the interface, the rules for the code, what the operator asks, and the form of the answer, which comes last.
So no instruction can take the form of the answer away. An instruction is an individual with a parent; what its children are worth is its
credit. Now and then the model is asked for another one. Such a request is one like any other: it costs a call and a request.
"""

import random
from collections.abc import Mapping
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

__all__ = ["INSTRUCTION", "PROMPT_CARDS", "PromptEvolving", "PromptsConfig"]

INSTRUCTION = "instruction"
"""Text in the context of a request for a heuristic: the instruction that its prompt shows, empty for the original."""

_ORIGIN: Mapping[str, PromptOrigin] = {"edit_prompt": "edit", "rewrite_prompt": "rewrite"}
_SHOWN = 3  # children of an instruction that its writer sees
_MOST_WAITING = 2  # more instructions that are not established would wait long for their turn

PROMPT_CARDS: Mapping[str, OperatorCard] = {
    "edit_prompt": OperatorCard(
        summary="improve the instruction that prompts show",
        produces="note",
        parents=(0, _SHOWN),
        context={**BASELINE_SHOWN, "known": "the instruction", "credit": "how its children stand, from 0 to 1"},
    ),
    "rewrite_prompt": OperatorCard(
        summary="write another instruction for prompts",
        produces="note",
        parents=(0, _SHOWN),
        context={
            **BASELINE_SHOWN,
            "known": "the instruction that is best so far, or nothing",
            "credit": "how its children stand, from 0 to 1",
        },
    ),
}
"""What is asked beside the strategy's own requests."""


class PromptsConfig(Config):
    """Prompt templates, and whether a part of prompts evolves; a plain string stands for the folder."""

    folder: str | None = None
    """A folder of prompt templates of your own, each in place of the shipped one of the same name; `evoheur prompts show` lists them."""
    evolve: Literal["shinka"] | None = None
    """How the instruction in prompts for heuristics evolves; not at all if not given. "shinka": ShinkaEvolve's archive of instructions,
    chosen by an upper confidence bound on how their children stand."""
    every: int = Field(default=20, ge=2)
    """After so many requests for heuristics the model is asked for another instruction."""
    kept: int = Field(default=10, ge=1)
    """So many instructions are kept beside the original."""
    exploration: float = Field(default=1.0, ge=0.0)
    """c of the upper confidence bound; credit is from 0 to 1."""
    uniform: float = Field(default=0.1, ge=0.0, le=1.0)
    """ε, the share of prompts whose instruction is drawn uniformly at random."""
    edit_share: float = Field(default=0.7, ge=0.0, le=1.0)
    """The share of new instructions that are edits of the best one; the others are written anew."""


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
        """Another instruction if one is due, else what the strategy asks for, with an instruction."""
        if self._is_due():
            return self._new_instruction()
        request = self._strategy.ask()
        if request is None or not _is_instructed(request):
            return request
        return _with_instruction(request, self._archive[self._archive.choose(request.operator)].text)

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Take an instruction in; hand everything else on, with the request as the strategy made it."""
        if request.operator in _ORIGIN:
            self._writing = False
            if isinstance(outcome, Note) and isinstance(request.tag, tuple):
                self._archive.add(_plain(outcome.text), origin=_ORIGIN[request.operator], parent=request.tag[1])
            return
        if _is_instructed(request):
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
        context = {"baseline": "header", "known": known.text, "credit": f"{self._archive.credit(number):.2f}"}
        return Request(
            operator="edit_prompt" if is_edit and known.text else "rewrite_prompt",
            produces="note",
            parents=tuple(self._best.get(number, ())),
            context=context,
            tag=("prompt", number, self._asked),
        )

    def _learn(self, request: Request, outcome: Outcome) -> None:
        if isinstance(outcome, Failure) and outcome.stage == "generation":
            return  # no fault of the prompt
        number = self._archive.number_of(request.context[INSTRUCTION])
        candidate = outcome if isinstance(outcome, Candidate) else None
        self._archive.told(child_worth(request, candidate, number))
        if candidate is not None and candidate.objective is not None and candidate.duplicate_of is None:
            self._best[number] = _best_of([*self._best.get(number, ()), candidate])


def _best_of(children: list[Candidate]) -> list[Candidate]:
    """The best of those that were scored on the newest instances, older ones first among equals."""
    newest = max(child.evaluation.epoch for child in children)
    alike = [child for child in children if child.evaluation.epoch == newest]
    return sorted(alike, key=lambda child: (child.objective or 0.0, child.id))[:_SHOWN]


def _is_instructed(request: Request) -> bool:
    """Whether its prompt may show an instruction.

    Prompts for heuristics do, but for repair, which mends what another one asked for.
    """
    return request.kind is RequestKind.MODEL and request.produces == "heuristic" and request.operator != REPAIR


def _with_instruction(request: Request, text: str) -> Request:
    # What a candidate is worth decides on its instruction, also where the strategy would not care, so every evaluation runs to its end.
    return replace(request, bound=None, context={**request.context, INSTRUCTION: text})


def _without_instruction(request: Request) -> Request:
    if INSTRUCTION not in request.context:
        return request
    context: dict[str, Any] = {name: text for name, text in request.context.items() if name != INSTRUCTION}
    return replace(request, context=context)


def _plain(text: str) -> str:
    """An instruction as it was meant: models like to put quotation marks around what they are asked to write."""
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text
