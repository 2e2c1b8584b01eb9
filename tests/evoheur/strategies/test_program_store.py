"""The store that search policies choose from."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from evoheur.strategies.program_store import ProgramStore
from evoheur.testing.strategy_runs import made_up_candidate
from tests.support.example_budget import cheap


@given(costs=st.lists(st.none() | st.integers(1, 9), max_size=25), size=st.integers(2, 6))
@cheap()
def test_the_best_of_all_that_worked_stay(costs: list[int | None], size: int) -> None:
    """Of equals the older ones, whatever the order of arrival."""
    store = ProgramStore(size)
    for number, cost in enumerate(costs):
        store.add(made_up_candidate(number, None if cost is None else float(cost)), told=number)
    worked = sorted((cost, number) for number, cost in enumerate(costs) if cost is not None)
    assert [program.id for program in store.ranked] == [number for _, number in worked[:size]]


def test_equal_code_is_stored_once() -> None:
    store = ProgramStore(4)
    first = made_up_candidate(1, 2.0)
    store.add(first, 0)
    store.add(replace(made_up_candidate(2, 2.0), code=first.code), 1)
    store.add(replace(made_up_candidate(3, 2.0), code_hash="a"), 2)
    store.add(replace(made_up_candidate(4, 2.0), code_hash="a"), 3)
    assert [program.id for program in store.ranked] == [1, 3]


def test_children_are_counted_by_hand() -> None:
    """Program 1 costs 2: of its four children one costs less, one as much, one failed, and one never came."""
    store = ProgramStore(4)
    store.add(made_up_candidate(1, 2.0), told=3)
    for child in (made_up_candidate(5, 1.0), made_up_candidate(6, 2.0), made_up_candidate(7, None), None):
        store.learn(1, child)
    store.learn(99, made_up_candidate(8, 1.0))
    [shown] = store.view(told=10)
    assert shown == {
        "id": 1,
        "cost": 2.0,
        "label": "baseline",
        "code": "def rule(x):\n    return 1\n",
        "age": 7,
        "children": 4,
        "better": 1,
    }
    assert store.statistics() == "1 programs, 1 costs: best 2, median 2, worst 2; 1 of 4 children beat their parent"


def test_by_fresh_worth_the_order_changes_and_what_fails_leaves() -> None:
    store = ProgramStore(4)
    for number in (1, 2, 3, 4):
        store.add(made_up_candidate(number, float(number)), 0)
    store.rescored({1: made_up_candidate(1, 9.0), 2: made_up_candidate(2, None), 3: made_up_candidate(3, 0.5)})
    assert [(program.id, program.objective) for program in store.ranked] == [(3, 0.5), (1, 9.0)]


def test_nothing_is_said_of_nothing() -> None:
    assert ProgramStore(3).statistics() == "no program yet"
    assert ProgramStore(3).view(0) == []
