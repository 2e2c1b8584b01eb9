"""AdaEvolve against its definition, and the contract."""

from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.request import Failure, Note, Outcome, Request
from evoheur.strategies.adaevolve import AdaEvolve, AdaEvolveConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun, made_up_candidate, varied

IDEAS = "1. look ahead\n2. wait\n3. keep one free"


def config(**settings: Any) -> AdaEvolveConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return AdaEvolveConfig.model_validate(settings)


def with_ideas(number: int, request: Request, identity: int) -> Outcome:
    """As `varied`, but notes are lists of ideas."""
    outcome = varied(number, request, identity)
    return Note(text=IDEAS) if isinstance(outcome, Note) else outcome


def nothing_gains(number: int, request: Request, identity: int) -> Outcome:
    """All heuristics are worse than the problem's own, which has 4.5; every fourth reply fails."""
    if request.produces == "note":
        return Note(text=IDEAS)
    if number % 4 == 0:
        return Failure(stage="parsing", reason="no-code", detail="made up")
    return made_up_candidate(identity, 5.0 + number, request)


def islands_of(run: StrategyRun) -> AdaEvolve:
    assert isinstance(run.strategy, AdaEvolve)
    return run.strategy


def small() -> AdaEvolveConfig:
    return config(island_size=4, migrate_every=5, migrants=2, cooldown=6, productivity=0.5)


@pytest.mark.nightly
class TestContract(StrategyContract):
    def config(self) -> AdaEvolveConfig:
        """Small, so that islands fill, exchange and multiply soon."""
        return small()


@pytest.mark.nightly
class TestFromNothing(StrategyContract):
    def config(self) -> AdaEvolveConfig:
        """Without the problem's own heuristic, on one island."""
        return config(island_size=3, islands=1, most_islands=3, seed_with_baseline=False, migrate_every=0, idea_uses=1)


@pytest.mark.parametrize("width", [1, 5])
def test_a_replay_goes_on_like_the_live_run(width: int) -> None:
    """The contract in short, with ideas."""
    live = StrategyRun(small(), with_ideas, watch=False)
    live.play_in_order(120, width=width)
    fresh = StrategyRun(small(), with_ideas, watch=False).replay(live.log)
    assert fresh.in_flight == live.in_flight
    for run in (live, fresh):
        run.play_in_order(60, width=width)
    assert fresh.fingerprints() == live.fingerprints()
    asked = {request.operator for request in live.play_in_order(60, width=width)}
    assert asked == {"exploit", "explore", "guided", "ideas"}


def test_ideas_are_asked_for_when_ten_outcomes_gained_nothing_and_guide_six_requests() -> None:
    """Then ten more without a gain; those that were guided count among them. No idea is shown a third time."""
    run = StrategyRun(config(), nothing_gains, watch=False)
    operators = [request.operator for request in run.play_in_order(22)]
    assert operators[10] == "ideas"
    assert operators[11:17] == ["guided"] * 6
    assert [place for place, operator in enumerate(operators) if operator in {"ideas", "guided"}] == [*range(10, 17), 21]
    run.play_in_order(300)
    shown = [request for request in run.play_in_order(300) if request.operator == "guided"]
    uses = [request.tag[1] for request in shown]  # type: ignore[index]
    assert max(uses.count(number) for number in uses) == 2


def test_the_next_request_for_ideas_shows_what_became_of_the_last() -> None:
    """Guided are requests 12 to 17, of which 12 and 16 fail: of the other use of their ideas came something that worked."""
    run = StrategyRun(config(), nothing_gains, watch=False)
    asked = run.play_in_order(22)
    assert asked[10].context["earlier"] == ""
    assert asked[21].context["earlier"] == "look ahead (no better in 2)\nwait (no better in 2)\nkeep one free (no better in 2)"


def test_without_ideas_none_are_asked_for() -> None:
    run = StrategyRun(config(ideas=0), nothing_gains, watch=False)
    assert {request.operator for request in run.play_in_order(100)} == {"exploit", "explore"}


def test_an_empty_note_is_survived() -> None:
    """As offline, where nobody has ideas: at most one request in eleven is for them."""

    def silent(number: int, request: Request, identity: int) -> Outcome:
        return Note(text="") if request.produces == "note" else nothing_gains(number, request, identity)

    run = StrategyRun(config(), silent, watch=False)
    operators = [request.operator for request in run.play_in_order(110)]
    assert operators.count("ideas") == 10
    assert "guided" not in operators


def test_earlier_children_are_listed_by_what_came_of_them() -> None:
    """On one island of one member, the problem's own heuristic: its latest five."""
    run = StrategyRun(config(islands=1, most_islands=1, island_size=1, ideas=0), nothing_gains, watch=False)
    asked = run.play_in_order(9)
    assert asked[0].context["tried"] == ""
    assert asked[2].context["tried"] == "idea 1 (worse)\nidea 2 (worse)"
    assert asked[8].context["tried"].splitlines() == [f"idea {number} (worse)" for number in (2, 3, 4, 5, 6)]


def test_the_best_go_round_every_so_many_outcomes() -> None:
    """The second request, on island 1, finds the best; after the fourth outcome island 0 has it too, and no credit for it."""

    def outcome(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, 1.0 if number == 2 else 9.0, request)

    run = StrategyRun(config(migrate_every=4, migrants=1, ideas=0), outcome, watch=False)
    run.play_in_order(4)
    assert [island.best for island in islands_of(run).structure().islands] == [0, 2]
    run.tell(4)
    held = islands_of(run).structure().islands
    assert [island.best for island in held] == [2, 2]
    assert [island.registered for island in held] == [2, 2], "visits are those that were made there"


def test_islands_are_founded_while_nothing_is_gained() -> None:
    """After 30, 60 and 90 outcomes, and then no more; each begins with the best of all."""
    run = StrategyRun(config(ideas=0), nothing_gains, watch=False)
    counts = []
    for _ in range(150):
        run.play_in_order(1)
        counts.append(len(islands_of(run).structure().islands))
    assert [counts.index(number) for number in (3, 4, 5)] == [30, 60, 90]
    assert max(counts) == 5
    assert {island.best for island in islands_of(run).structure().islands} == {0}


def test_a_productive_search_founds_none() -> None:
    def outcome(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, 4.0 - number / 100, request)

    run = StrategyRun(config(), outcome, watch=False)
    run.play_in_order(120)
    assert len(islands_of(run).structure().islands) == 2


def test_stagnation_raises_every_chance_to_explore() -> None:
    """After a gain on each island and ten outcomes on each without one."""

    def outcome(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, 3.0 - number if number <= 2 else 9.0, request)

    run = StrategyRun(config(migrate_every=0, ideas=0), outcome, watch=False)
    run.play_in_order(3)
    after_gain = islands_of(run).exploring
    run.play_in_order(24)
    assert all(now > before for now, before in zip(islands_of(run).exploring, after_gain, strict=True))


def test_more_islands_than_allowed_are_refused() -> None:
    with pytest.raises(ValidationError, match="most_islands: 5"):
        config(islands=6)
