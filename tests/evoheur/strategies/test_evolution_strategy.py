"""Evolution strategies against their definition, and the contract."""

import math
from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.evolution_strategy import EsConfig, is_plain_loop
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Ask, Outcomes, StrategyRun, all_fail, made_up_candidate, varied


def config(**settings: Any) -> EsConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return EsConfig.model_validate(settings)


class TestPlainLoop(StrategyContract):
    def config(self) -> EsConfig:
        """(1+1), as it comes."""
        return config()


@pytest.mark.nightly
class TestPlus(StrategyContract):
    def config(self) -> EsConfig:
        """(3+4) from inventions, with all operators."""
        return config(
            parents=3, children=4, initial=5, seed_with_baseline=False, operators={"renew": 1, "refine": 2, "retune": 1}
        )


class TestCommaByGenerations(StrategyContract):
    def config(self) -> EsConfig:
        """(2,5) with the barrier."""
        return config(parents=2, children=5, selection="comma", generational=True)


def scripted(objectives: list[float | None]) -> Outcomes:
    """The objectives in the order of asking; None for a request without an answer."""

    def outcome(number: int, request: Request, identity: int) -> Outcome:
        objective = objectives[number - 1]
        if objective is None:
            return Failure(stage="generation", reason="server-error", detail="made up")
        return made_up_candidate(identity, objective, request)

    return outcome


def bred_from(settings: EsConfig, objectives: list[float | None]) -> list[float | None]:
    """The objective of the parent of every request; the problem's own heuristic has 4.5."""
    requests = StrategyRun(settings, scripted(objectives)).play_in_order(len(objectives))
    return [request.parents[0].objective if request.parents else None for request in requests]


def test_plus_never_gets_worse_and_comma_forgets_its_parent() -> None:
    """By hand: (1+1) breeds from the best so far, (1,1) from whatever came last, or from its parent if nothing came."""
    objectives = [6.0, 3.0, 5.0, None, 2.0, 9.0]
    assert bred_from(config(), objectives) == [4.5, 4.5, 3.0, 3.0, 3.0, 2.0]
    assert bred_from(config(selection="comma"), objectives) == [4.5, 6.0, 3.0, 5.0, 5.0, 2.0]


def test_a_child_as_good_as_its_parent_takes_its_place() -> None:
    run = StrategyRun(config(), scripted([4.5, 4.5, 4.5]))
    assert [request.parents[0].id for request in run.play_in_order(3)] == [0, 1, 2]


def test_a_copy_of_the_parent_is_no_second_parent() -> None:
    """Of equal code the older one stays, so that (2+1) does not end up with the same heuristic twice."""
    strategy = StrategyRun(config(parents=2)).strategy
    strategy.immigrate(made_up_candidate(0, 4.5))
    assert [elite.id for elite in strategy.elites()] == [0]


@pytest.mark.parametrize("selection", ["plus", "comma"])
@pytest.mark.parametrize("generational", [True, False])
def test_conforms(selection: str, generational: bool) -> None:
    """Against the plain definition with one request in flight: every generation's parents are the µ best of those that may stay."""
    settings = config(parents=3, children=5, selection=selection, generational=generational)
    run = StrategyRun(settings, varied)
    run.play_in_order(200)
    parents: list[Candidate] = [made_up_candidate(0, 4.5)]
    children: list[Candidate] = []
    told = 0
    for event in run.log:
        if isinstance(event, Ask):
            assert event.request.parents[0].id in {parent.id for parent in parents}
            continue
        told += 1
        if isinstance(event.outcome, Candidate) and event.outcome.objective is not None:
            children.append(event.outcome)
        if told % 5 == 0:
            pool = children if selection == "comma" and children else [*parents, *children]
            parents, children = sorted(pool, key=lambda each: (each.objective or 0.0, -each.id))[:3], []
    assert told == 199


def test_parents_and_operators_are_drawn_evenly() -> None:
    """3,000 requests, 3 parents that nothing displaces and 3 operators: 1,000 each, within five standard deviations (129)."""

    def frozen(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, float(number) if number <= 3 else None, request)

    settings = config(parents=3, initial=3, seed_with_baseline=False)
    requests = StrategyRun(settings, frozen, watch=False).play_in_order(3003)[3:]
    for drawn in (
        Counter(request.parents[0].id for request in requests),
        Counter(request.operator for request in requests),
    ):
        assert len(drawn) == 3
        assert all(count == pytest.approx(1000, abs=129) for count in drawn.values())


@pytest.mark.parametrize(("width", "generational", "most"), [(8, True, 4), (8, False, 8)])
def test_only_by_generations_does_it_wait(width: int, generational: bool, most: int) -> None:
    """With the barrier never more than λ are in flight, and all parents of a generation are those at its start."""
    run = StrategyRun(config(parents=2, children=4, generational=generational), varied)
    in_flight: set[int] = set()
    largest = 0
    run.play_in_order(100, width=width)
    for event in run.log:
        (in_flight.add if isinstance(event, Ask) else in_flight.discard)(event.number)
        largest = max(largest, len(in_flight))
    assert largest == most


def test_first_generation_is_invented_and_goes_on_until_something_works() -> None:
    settings = config(parents=2, children=2, initial=3, seed_with_baseline=False)
    assert {request.operator for request in StrategyRun(settings, all_fail).play_in_order(30, width=3)} == {"i1"}
    requests = StrategyRun(settings, scripted([5.0, 6.0, 7.0, 1.0, 2.0, 3.0])).play_in_order(6)
    assert [request.operator == "i1" for request in requests] == [True] * 3 + [False] * 3


@pytest.mark.parametrize(
    ("settings", "bounds"),
    [
        ({}, [4.5, 4.5, 3.0]),
        ({"parents": 2}, [None, 6.0, 4.5]),
        ({"selection": "comma"}, [None, None, None]),
    ],
)
def test_bound_is_just_above_the_worst_parent(settings: dict[str, Any], bounds: list[float | None]) -> None:
    """An equal child is taken in, so it must be evaluated to its end; comma selection may need any."""
    requests = StrategyRun(config(**settings), scripted([6.0, 3.0, 5.0])).play_in_order(3)
    expected = [None if bound is None else math.nextafter(bound, math.inf) for bound in bounds]
    assert [request.bound for request in requests] == expected


@pytest.mark.parametrize(
    ("settings", "plain"),
    [
        ({}, True),
        ({"show_baseline_body": True}, True),
        ({"parents": 2}, False),
        ({"selection": "comma"}, False),
        ({"initial": 3}, False),
        ({"operators": {"renew": 1}}, False),
        ({"kind": "random"}, False),
    ],
)
def test_the_plain_loop_is_known(settings: dict[str, Any], plain: bool) -> None:
    """What comparisons take for the control arm; from a file, and from an archive, which has every setting."""
    assert is_plain_loop({"kind": "es", **settings}) is plain
    if plain:
        assert is_plain_loop(config(**settings).model_dump(mode="json"))


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"operators": {"refine": 0}}, "no positive weight"),
        ({"operators": {"e1": 1}}, "'refine'"),
        ({"seed_with_baseline": False}, "nothing to breed from"),
        ({"parents": 5, "children": 3, "selection": "comma"}, "leaves 3 of 5 parents"),
        ({"children": 0}, "children"),
    ],
)
def test_wrong_setting_is_refused_with_what_is_known(settings: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError) as caught:
        config(**settings)
    assert word in str(caught.value)


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its values come from."""
    described = EsConfig.model_json_schema()["properties"]
    assert [name for name, field in described.items() if name != "kind" and not field.get("description")] == []
