"""Evolution of prompts around a strategy: what it asks, what the strategy inside hears of it, and whom it comes to prefer."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

import pytest

from evoheur.candidate import Candidate
from evoheur.request import Failure, Note, Outcome, Request
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.prompt_evolving import INSTRUCTION, PROMPT_CARDS, PromptEvolving, PromptsConfig
from evoheur.strategies.repairing import REPAIR
from evoheur.strategies.strategy import OperatorCard, Strategy, StrategyConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun, made_up_candidate
from tests.evoheur.strategies.test_editing import Asking

WORD = "slack"


class EvolvingConfig(StrategyConfig):
    """EoH whose prompts evolve."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        **{name: replace(card, context={**card.context, INSTRUCTION: "how"}) for name, card in EohConfig.catalogue.items()},
        **PROMPT_CARDS,
    }

    kind: str = "evolving"
    generational: bool = False
    prompts: PromptsConfig = PromptsConfig(evolve="shinka", every=4, kept=3)

    def build(self, baseline: Candidate, rng: random.Random) -> PromptEvolving:
        """Make the strategy."""
        eoh = EohConfig(population_size=4, parents=2, generational=self.generational)
        return Talkative(eoh.build(baseline, rng), self.prompts, random.Random(f"{rng.random()}/prompts"))


class Talkative(PromptEvolving):
    """Takes the short notes of made-up outcomes for instructions."""

    def tell(self, request: Request, outcome: Outcome) -> None:
        is_note = request.operator in PROMPT_CARDS and isinstance(outcome, Note)
        super().tell(request, Note(text=f"{outcome.text:.<60}") if is_note and isinstance(outcome, Note) else outcome)


class TestSteadyState(StrategyContract):
    def config(self) -> EvolvingConfig:
        return EvolvingConfig()


@pytest.mark.nightly
class TestGenerations(StrategyContract):
    def config(self) -> EvolvingConfig:
        return EvolvingConfig(generational=True)


def asked(strategy: Strategy) -> Request:
    request = strategy.ask()
    assert request is not None
    return request


def text_for(number: int, *, planted: bool) -> str:
    return (
        f"Look at what a decision leaves for later ones, in version {number}"
        + (f", and at the {WORD}." if planted else ".")
        + " " * 20
        + "!"
    )


def model(rng: random.Random, gain: float, planted: Callable[[int], bool]) -> Callable[[int, Request, int], Outcome]:
    """Children of equal luck, better by `gain` iff the prompt has the word; what is made from an instruction keeps it."""

    def answer(number: int, request: Request, identity: int) -> Outcome:
        if request.produces == "note":
            return Note(text=text_for(number, planted=planted(number) or WORD in request.context["known"]))
        worth = 10.0 + rng.random() - (gain if WORD in request.context.get(INSTRUCTION, "") else 0.0)
        return made_up_candidate(identity, worth, request)

    return answer


def heuristics(requests: list[Request]) -> list[Request]:
    return [request for request in requests if request.produces == "heuristic"]


@pytest.mark.parametrize("seed", range(5))
def test_an_instruction_that_helps_wins(seed: int) -> None:
    """Of the choices after a hundred requests it has four in five, at the published settings; that it is found is the model's part."""
    config = EvolvingConfig(prompts=PromptsConfig(evolve="shinka"))
    run = StrategyRun(config, model(random.Random(seed), 5.0, lambda _number: True), seed=seed, watch=False)
    run.play_in_order(100)
    later = heuristics(run.play_in_order(200))
    won = sum(WORD in request.context.get(INSTRUCTION, "") for request in later)
    assert won >= 0.8 * len(later)


def test_without_an_effect_no_instruction_is_preferred() -> None:
    """Instructions have the word by the toss of a coin, and it changes nothing: those with it are shown more often than those without in
    about half of 40 runs. Fewer than 10 or more than 30 has a chance of one in a thousand."""
    ahead = 0
    for seed in range(40):
        coin = random.Random(f"{seed}/coin")
        config = EvolvingConfig(prompts=PromptsConfig(evolve="shinka", edit_share=0.0))

        def answer(number: int, request: Request, identity: int, coin: random.Random = coin) -> Outcome:
            if request.produces == "note":
                return Note(text=text_for(number, planted=coin.random() < 0.5))
            return made_up_candidate(identity, 10.0 + coin.random(), request)

        run = StrategyRun(config, answer, seed=seed, watch=False)
        shown = [request.context[INSTRUCTION] for request in heuristics(run.play_in_order(200))]
        with_word, without = sum(WORD in text for text in shown), sum(bool(text) and WORD not in text for text in shown)
        ahead += with_word > without
    assert 10 <= ahead <= 30


def test_the_strategy_is_told_its_own_request() -> None:
    inside = Asking(Request(operator="m1", context={"baseline": "header"}, tag=3))
    strategy = PromptEvolving(inside, PromptsConfig(evolve="shinka", every=2), random.Random(1))
    seen = []
    for number in range(60):
        request = asked(strategy)
        if request.produces == "note":
            strategy.tell(request, Note(text=text_for(number, planted=True)))
            continue
        seen.append(bool(request.context[INSTRUCTION]))
        strategy.tell(request, made_up_candidate(number + 1, 1.0, request))
    assert any(seen)
    assert len(inside.told) == len(seen)
    assert all(request == inside.request for request, _ in inside.told)


def test_a_replay_tells_requests_with_other_instructions_apart() -> None:
    plain = Request(operator="m1", context={"baseline": "header"})
    assert plain.fingerprint() != replace(plain, context={**plain.context, INSTRUCTION: "x" * 60}).fingerprint()


@pytest.mark.parametrize("request_", [Request(operator=REPAIR), Request(operator="reflect", produces="note")])
def test_only_prompts_for_heuristics_show_one(request_: Request) -> None:
    inside = Asking(request_)
    strategy = PromptEvolving(inside, PromptsConfig(evolve="shinka", every=2), random.Random(1))
    for _ in range(10):
        assert asked(strategy) is request_
        strategy.tell(request_, Note(text="n") if request_.produces == "note" else made_up_candidate(1, 2.0, request_))
    assert [each.children for each in strategy.evolved_prompts()] == [0]


def test_a_server_that_is_down_costs_an_instruction_no_credit() -> None:
    inside = Asking(Request(operator="m1"))
    strategy = PromptEvolving(inside, PromptsConfig(evolve="shinka"), random.Random(1))
    strategy.tell(asked(strategy), Failure(stage="generation", reason="server-error", detail="", attempts=3))
    strategy.tell(asked(strategy), Failure(stage="parsing", reason="no-code", detail=""))
    assert [each.children for each in strategy.evolved_prompts()] == [1]


def test_the_writer_sees_the_best_instruction_and_its_best_children() -> None:
    inside = Asking(Request(operator="m1"))
    strategy = PromptEvolving(inside, PromptsConfig(evolve="shinka", every=4, edit_share=1.0), random.Random(1))
    for number, worth in enumerate((5.0, 2.0, 4.0, 3.0), start=1):
        strategy.tell(asked(strategy), made_up_candidate(number, worth))
    writing = asked(strategy)
    assert (writing.operator, writing.produces, writing.context["known"]) == ("rewrite_prompt", "note", ""), "nothing to edit yet"
    assert [parent.id for parent in writing.parents] == [2, 4, 3]
    strategy.tell(writing, Note(text=text_for(1, planted=True)))
    assert [each.instruction.origin for each in strategy.evolved_prompts()] == ["original", "rewrite"]
    number = 10
    while (request := asked(strategy)).produces == "heuristic":
        number += 1
        strategy.tell(request, made_up_candidate(number, 1.0 if request.context[INSTRUCTION] else 9.0))
    while len(strategy.evolved_prompts()) == 2 and not strategy.evolved_prompts()[1].is_established:
        strategy.tell(request, Note(text="too short"))
        request = asked(strategy)
        while request.produces == "heuristic":
            number += 1
            strategy.tell(request, made_up_candidate(number, 1.0 if request.context[INSTRUCTION] else 9.0))
            request = asked(strategy)
    assert request.operator == "edit_prompt"
    assert request.context["known"] == text_for(1, planted=True)
    assert float(request.context["credit"]) > 0.5
