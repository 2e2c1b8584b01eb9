"""OPRO against what the paper prescribes, and the contract."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.opro import OproConfig, listed
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Ask, StrategyRun, Tell, all_fail, made_up_candidate


def config(**settings: Any) -> OproConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return OproConfig.model_validate(settings)


class TestPublished(StrategyContract):
    def config(self) -> OproConfig:
        """As published, with a short list."""
        return config(keep=4)


@pytest.mark.nightly
class TestOneSample(StrategyContract):
    def config(self) -> OproConfig:
        """A new list for every request."""
        return config(keep=2, initial=1, samples_per_step=1, show_baseline_body=True)


def all_different(number: int, request: Request, identity: int) -> Outcome:
    """Every candidate works and has an objective of its own, in an order that is neither rising nor falling: 1..101 by steps of 37."""
    return made_up_candidate(identity, 1.0 + number * 37 % 101, request)


@pytest.mark.parametrize("width", [1, 3])
def test_conforms(width: int) -> None:
    """Five inventions, then steps of eight; each shows the twenty best of all that was told when it began, the best last."""
    run = StrategyRun(config(), all_different)
    run.play_in_order(5 + 10 * 8, width=width)
    told: dict[int, float] = {}
    step: list[int] = []
    for event in run.log:
        if isinstance(event, Tell):
            assert isinstance(event.outcome, Candidate)
            told[event.outcome.id] = event.outcome.objective or 0.0
            continue
        assert event.request.operator == ("i1" if event.number <= 5 else "propose")
        if event.number > 5 and (event.number - 6) % 8 == 0:
            step = sorted(told, key=told.__getitem__)[:20][::-1]
        assert [parent.id for parent in event.request.parents] == step
    assert len(step) == 20


def test_invents_until_something_works() -> None:
    """There is nothing to list before that; the first success is listed at once."""

    def works_at_four(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, 1.0 if number == 4 else None, request)

    requests = StrategyRun(config(initial=2), works_at_four).play_in_order(6)
    assert [request.operator for request in requests] == ["i1"] * 4 + ["propose"] * 2
    assert {request.operator for request in StrategyRun(config(), all_fail).play_in_order(40)} == {"i1"}


def test_bound_is_the_worst_of_a_full_list() -> None:
    """None while there is room; then what a candidate must stay below."""
    run = StrategyRun(config(keep=2, initial=3), all_different)
    run.play_in_order(4)
    # 1 + 37·n mod 101: request 1 → 38, 2 → 75, 3 → 11.
    assert [event.request.bound for event in run.log if isinstance(event, Ask)] == [None, None, 75.0, 38.0]


def test_list_keeps_the_best() -> None:
    """Best first; of equal ones the older first and the newer out; failures and what is worse than a full list are turned away."""
    best: list[Candidate] = []
    for identity, objective in enumerate([5.0, 3.0, None, 5.0, 4.0, 6.0, 5.0]):
        best = listed(best, made_up_candidate(identity, objective), 4)
    assert [member.id for member in best] == [1, 4, 0, 3]


def test_the_same_code_is_listed_once() -> None:
    """To the letter, or as the run found out by its normalised code."""
    first = made_up_candidate(1, 3.0)
    best = listed([], first, 4)
    assert listed(best, replace(first, id=2), 4) == [first]
    assert listed(best, replace(made_up_candidate(3, 3.0), duplicate_of=1), 4) == [first]
    assert len(listed(best, replace(made_up_candidate(4, 3.0), duplicate_of=2), 4)) == 2


def test_published_values_are_the_defaults() -> None:
    """Twenty in the list, eight samples per step, five to begin with."""
    settings = OproConfig()
    assert (settings.keep, settings.samples_per_step, settings.initial) == (20, 8, 5)


@pytest.mark.parametrize("settings", [{"keep": 0}, {"initial": 0}, {"samples_per_step": 0}, {"size": 3}])
def test_wrong_setting_is_refused(settings: dict[str, Any]) -> None:
    """The message names the setting."""
    with pytest.raises(ValidationError, match=next(iter(settings))):
        config(**settings)


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its values come from."""
    described = OproConfig.model_json_schema()["properties"]
    assert [name for name, field in described.items() if name != "kind" and not field.get("description")] == []
