"""Scattered Forest Search against its definition, and the contract."""

from typing import Any

import pytest

from evoheur.request import Failure, Note, Outcome, Request
from evoheur.strategies.note_skipping import NoteSkipping
from evoheur.strategies.sfs import SfsConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun, all_fail, made_up_candidate, varied

LISTS = {2: "1. a\n2. b", 1: "1. c\n2. d", 3: "1. e\n2. f"}
WORTH = {"formula": 4.0, "cases": 3.0, "a": 2.0, "b": None, "c": 4.5, "d": 4.0, "e": 5.0, "f": 1.0}


def config(**settings: Any) -> SfsConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return SfsConfig.model_validate(settings)


def planted(number: int, request: Request, identity: int) -> Outcome:
    """Lists of directions for the first three heuristics, and a worth for each of them."""
    if request.produces == "note":
        return Note(text=LISTS.get(request.parents[0].id, ""))
    worth = WORTH[request.context.get("direction") or request.context["style"]]
    if worth is None:
        return Failure(stage="parsing", reason="no-code", detail="made up")
    return made_up_candidate(identity, worth, request)


def with_directions(number: int, request: Request, identity: int) -> Outcome:
    """As `varied`, but notes are lists of directions."""
    outcome = varied(number, request, identity)
    return Note(text=f"1. one of {number}\n2. other of {number}") if isinstance(outcome, Note) else outcome


def small() -> SfsConfig:
    return config(seeds=2, directions=2, scouted=3)


@pytest.mark.nightly
class TestContract(StrategyContract):
    def config(self) -> SfsConfig:
        """Small; notes hold no directions, so that kinds of change take their place."""
        return small()


@pytest.mark.nightly
class TestFromTheBaseline(StrategyContract):
    def config(self) -> SfsConfig:
        """With the problem's own heuristic as a seed, and no scouting."""
        return config(seeds=1, scouted=0, seed_with_baseline=True, exploration=0.2)


@pytest.mark.parametrize("width", [1, 5])
def test_a_replay_goes_on_like_the_live_run(width: int) -> None:
    """The contract in short, with directions."""
    live = StrategyRun(small(), with_directions, watch=False)
    live.play_in_order(120, width=width)
    fresh = StrategyRun(small(), with_directions, watch=False).replay(live.log)
    assert fresh.in_flight == live.in_flight
    for run in (live, fresh):
        run.play_in_order(60, width=width)
    assert fresh.fingerprints() == live.fingerprints()
    asked = {request.operator for request in live.play_in_order(60, width=width)}
    assert {"develop", "directions"} <= asked


def test_ten_steps_by_hand() -> None:
    """Bounds of the two seeds, of 4 and of 3, before each choice from the root:

    step 3: 0 + 1.18, 1 + 1.18; step 5: 0 + 1.48, 1 + 1.05; step 6, after a failure: .33 + 1.67, 1 + .96; step 8: .5 + 1.27, 1 + 1.04, and
    on to what is better below; step 10: .6 + 1.3386, 1 + .9465.
    """
    run = StrategyRun(small(), planted, watch=False)
    asked = run.play_in_order(10)
    assert [(request.operator, [parent.id for parent in request.parents]) for request in asked] == [
        ("seed", []),
        ("seed", []),
        ("directions", [2]),
        ("develop", [2]),
        ("develop", [2]),
        ("directions", [1]),
        ("develop", [1]),
        ("directions", [3]),
        ("develop", [3]),
        ("develop", [3]),
    ]
    assert [request.context["direction"] for request in asked if request.operator == "develop"] == ["a", "b", "c", "e", "f"]
    assert [request.context["style"] for request in asked[:2]] == ["formula", "cases"]


def test_notes_hold_exactly_what_came_of_directions() -> None:
    """The latest three; a seed is no direction."""
    run = StrategyRun(small(), planted, watch=False)
    asked = run.play_in_order(10)
    assert asked[2].context["scouted"] == ""
    assert asked[5].context["scouted"] == "a (better)\nb (failed)"
    assert asked[7].context["scouted"] == "a (better)\nb (failed)\nc (worse)"
    assert run.play_in_order(2)[1].context["scouted"] == "e (worse)\nf (better)\nd (no different)"


def test_without_replies_three_kinds_of_change_are_taken_in_turn() -> None:
    """As offline: nobody is asked for a note, and each heuristic is changed in all three ways before it is changed again."""
    strategy = StrategyRun(config(seeds=1, seed_with_baseline=False), varied, watch=False)
    strategy.strategy = NoteSkipping(strategy.strategy)
    asked = strategy.play_in_order(60)
    assert [request.operator for request in asked[:4]] == ["seed", "restructure", "retune", "shorten"]
    assert {request.operator for request in asked[1:]} == {"restructure", "retune", "shorten"}


def test_further_directions_are_told_which_were_tried() -> None:
    """Of a single seed that nothing betters: two directions, then a list again."""

    def hopeless(number: int, request: Request, identity: int) -> Outcome:
        if request.produces == "note":
            return Note(text=f"1. one of {number}\n2. other of {number}")
        return all_fail(1, request, identity) if request.operator == "develop" else planted(number, request, identity)

    run = StrategyRun(config(seeds=1, directions=2), hopeless, watch=False)
    asked = run.play_in_order(5)
    assert [request.operator for request in asked] == ["seed", "directions", "develop", "develop", "directions"]
    assert asked[4].context["tried"] == "one of 2\nother of 2"


def test_nothing_waits_for_directions() -> None:
    """While they are on their way, a change of another kind is asked for."""
    run = StrategyRun(config(seeds=1), planted, watch=False)
    run.play_in_order(1)
    run.tell(1)
    operators = []
    for _ in range(4):
        assert run.ask()
        operators.append(list(run.in_flight.values())[-1].operator)
    assert operators[0] == "directions"
    assert set(operators[1:]) == {"restructure", "retune", "shorten"}


def test_seeds_are_asked_until_one_works() -> None:
    run = StrategyRun(config(seeds=2), all_fail, watch=False)
    assert [request.context["style"] for request in run.play_in_order(6)] == [
        "formula",
        "cases",
        "outlook",
        "balance",
        "contrary",
        "formula",
    ]
