"""Changes in place as the form of an answer, around a strategy."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from evoheur.components import resolve_kind
from evoheur.request import Request
from evoheur.strategies.editing import EDITS, Editing
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.repairing import REPAIR_CARD
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, OperatorCard, Strategy, StrategyConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import made_up_candidate
from tests.evoheur.strategies.test_repairing import Listening

LONG = replace(made_up_candidate(1, 2.0), code="x = 1\n" * 40)
SHORT = replace(made_up_candidate(2, 2.0), code="x = 1\n" * 39)


class EditedEohConfig(EohConfig):
    """EoH whose changes are always asked for in place."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        name: replace(card, context={**card.context, EDITS: "how"}) if card.edits else card
        for name, card in EohConfig.catalogue.items()
    }

    def build(self, baseline: Any, rng: random.Random) -> Any:
        """Make the strategy."""
        return Editing(super().build(baseline, rng), self.catalogue, 1)


class TestContract(StrategyContract):
    def config(self) -> EditedEohConfig:
        return EditedEohConfig(population_size=4, parents=2)


class Asking(Listening):
    """Asks for one request again and again."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request

    def ask(self) -> Request:
        return self.request


def asked(strategy: Strategy) -> Request:
    request = strategy.ask()
    assert request is not None
    return request


@pytest.mark.parametrize(
    ("operator", "parents", "wanted"),
    [("m1", (LONG,), True), ("m1", (SHORT,), False), ("e1", (LONG,), False), ("i1", (), False), ("repair", (LONG,), True)],
)
def test_only_changes_of_one_long_heuristic_are_asked_for_in_place(operator: str, parents: Any, wanted: bool) -> None:
    inside = Asking(Request(operator=operator, parents=parents, context={"baseline": "header"}))
    assert (EDITS in asked(Editing(inside, {**EohConfig.catalogue, **REPAIR_CARD}, 40)).context) is wanted


def test_the_strategy_is_told_its_own_request() -> None:
    """What was added to the context is gone again."""
    inside = Asking(Request(operator="m1", parents=(LONG,), context={"baseline": "header"}, tag=3))
    strategy = Editing(inside, EohConfig.catalogue, 40)
    outcome = made_up_candidate(5, 1.0)
    strategy.tell(asked(strategy), outcome)
    assert inside.told == [(inside.request, outcome)]


@pytest.mark.parametrize("kind", BUILTIN_STRATEGIES)
def test_only_operators_with_one_parent_can_be_answered_by_changes(kind: str) -> None:
    config = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy").model_validate({"kind": kind})  # type: ignore[type-abstract]
    cards = [card for card in config.catalogue.values() if card.edits]
    assert all(card.parents == (1, 1) and card.produces == "heuristic" and card.kind.asks_model for card in cards)
    assert cards or kind in {"random", "funsearch", "opro", "evox"}
