"""Online packing by levels as a problem: contract, textbook rules as candidates, flat heuristics, the horizon."""

import ast
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.breeding import Breeder, Parent
from evoheur.generation.mutation.typed_signature import baseline_source, read_signature
from evoheur.problem import Heuristic, Infeasible, Instance, Json, RuleClass, to_json
from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.bin_packing_online_levels.expressed_textbook import EXPRESSED, SQUARES
from evoheur.problems.bin_packing_online_levels.problem import OnlineBinPackingByLevels
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.bin_packing_online.support.packing import decided, heuristic, stream
from tests.support.example_budget import dear

ARGUMENTS = "item, capacity, arrived, mean, space, free, rest, here, there, fill_there, fit_here, fit_there"
WITH_HORIZON = ARGUMENTS.replace("space, ", "space, left, ")
WRITTEN = {name: ("left" in functions["priority"], functions["priority"]) for name, functions in EXPRESSED.items()}
"""Textbook rule → whether it is told the horizon, and the rule as a candidate, one line each."""


def rule(body: str, *, horizon: bool = False) -> Heuristic:
    """A candidate of one expression."""
    return heuristic(f"import numpy as np\n\n\ndef priority({WITH_HORIZON if horizon else ARGUMENTS}):\n    return {body}\n")


class TestContract(ProblemContract):
    """Packing by levels keeps to what every problem must."""

    name = "bin_packing_online_levels"
    solved = 1

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Every item in bin 0; a bin beyond the last, which is number items - 1."""
        return {"all in one bin": [0] * len(solution), "a bin too many": [*solution[:-1], len(solution)]}


@pytest.mark.nightly
class TestContractWithHorizon(TestContract):
    """So does the class that is told how many items come."""

    settings: ClassVar[Mapping[str, Any]] = {"horizon": True}


@pytest.mark.nightly
class TestContractWithFurtherFamilies(TestContract):
    """So does what is bred on more of them."""

    settings: ClassVar[Mapping[str, Any]] = {"further": True}


@pytest.mark.parametrize("name", WRITTEN)
@dear()
@given(data=st.data(), capacity=st.integers(2, 40))
def test_textbook_rules_as_candidates_pack_as_the_trusted_ones(data: st.DataObject, capacity: int, name: str) -> None:
    """The same bin for every item: by the flat heuristic, and asked item by item."""
    items = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=60))
    horizon, body = WRITTEN[name]
    problem, instance, candidate = OnlineBinPackingByLevels(horizon=horizon), stream(items, capacity), rule(body, horizon=horizon)
    expected = problem.textbook_rules()[name](instance).tolist()
    assert decided(problem, candidate, instance) == expected
    assert candidate.notes == {"path": "flat"}
    assert problem.solve(candidate, instance, np.random.default_rng(0)) == expected


def test_textbook_rules_as_candidates_on_a_long_stream() -> None:
    """5,000 items, by the flat heuristic."""
    for name, (horizon, body) in WRITTEN.items():
        problem = OnlineBinPackingByLevels(horizon=horizon)
        instance = problem.instances("train")[-1]
        assert decided(problem, rule(body, horizon=horizon), instance) == problem.textbook_rules()[name](instance).tolist(), name


@pytest.mark.parametrize("horizon", [False, True])
def test_the_search_starts_from_sums_of_squares(horizon: bool) -> None:
    """The body of the signature is the textbook rule of its class."""
    problem = OnlineBinPackingByLevels(horizon=horizon)
    instance = problem.instances("train")[0]
    own = Heuristic(code="", functions={"priority": problem.functions()[0]})
    expected = problem.textbook_rules()["sum_of_squares_with_finish" if horizon else "sum_of_squares"](instance)
    assert problem.solve(own, instance, np.random.default_rng(0)) == expected.tolist()


@given(
    items=st.lists(st.integers(1, 20), min_size=1, max_size=50),
    parts=st.lists(
        st.sampled_from(
            [
                "0.1 * np.exp(-0.3 * rest) * there",
                "np.log1p(np.abs(here - there))",
                "(rest % (item + 1)) / mean",
                "fill_there ** 1.5 - fit_here ** 3",
                "np.where(fit_there < 0.2, space / arrived, capacity)",
                "np.tanh(rest / 3) * np.maximum(here, fit_there)",
                "np.sqrt(free) * (np.max(free) - free)",
                "-3 * (rest == 1)",
            ]
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_a_flat_heuristic_packs_as_it_does_item_by_item(items: list[int], parts: list[str]) -> None:
    """Bit by bit the same scores, hence the same bins."""
    problem, candidate, instance = OnlineBinPackingByLevels(), rule(" + ".join(parts)), stream(items, 20)
    flat = problem.tabulate(candidate, {})
    assert candidate.notes["path"] == "flat"
    assert problem.follow(instance, json.loads(json.dumps(flat))) == problem.solve(candidate, instance, np.random.default_rng(0))


def test_bred_heuristics_pack_by_their_source_as_they_do_when_executed() -> None:
    """Whatever the offline generator writes: the same bins, the same notes, and no source is read that executing would refuse."""
    problem, shown = OnlineBinPackingByLevels(), stream(np.random.RandomState(4).randint(5, 60, size=90).tolist(), 100)
    functions = problem.functions()
    breeder = Breeder(
        [read_signature(functions[0], nonnegative=True)], baseline_source(functions), max_nodes=60, order_terms=None
    )
    rng, parents, read = random.Random(3), [Parent("the baseline", baseline_source(functions))], 0
    for number in range(60):
        draft = breeder.breed(
            ("new", "crossover", "mutation", "constants")[number % 4], rng.sample(parents, min(2, number + 1)), rng
        )
        parents.append(Parent(f"parent {number}", draft.code))
        candidate = heuristic(draft.code)
        table = problem.tabulate(candidate, {})
        solver = problem.solver_in_source(ast.parse(draft.code))
        assert (solver is None) == (table is None)
        if solver is not None:
            read += 1
            assert solver.notes == candidate.notes == {"path": "flat"}
            packed = solver.solve(shown)
            assert (packed is None) == ((followed := problem.follow(shown, table)) is None)
            assert packed is None or packed.tolist() == followed
    assert read > 50


def test_a_source_says_nothing_where_there_may_be_too_many_levels() -> None:
    solver = OnlineBinPackingByLevels().solver_in_source(ast.parse(rule("-free").code))
    assert solver is not None
    assert solver.solve(stream([6_000, 5_000], 10_001)) is None
    assert to_json(solver.solve(stream([6_000, 5_000], 10_000))) == [0, 1]


def test_a_rule_that_is_not_flat_is_asked_item_by_item() -> None:
    """The notes say why, with the line."""
    problem = OnlineBinPackingByLevels()
    candidate = rule("np.array([-each for each in rest])")
    assert decided(problem, candidate, stream([6, 3, 4, 2], 10)) == [0, 0, 1, 1]
    assert candidate.notes["path"] == "plain"
    assert candidate.notes["plain_because"].startswith("line 5: an expression of the kind ListComp")


def test_a_rule_that_keeps_state_is_no_flat_heuristic() -> None:
    """What it remembers could not be made anew for each stream."""
    code = f"SEEN = []\n\n\ndef priority({ARGUMENTS}):\n    SEEN.append(item)\n    return -rest * len(SEEN)\n"
    candidate = heuristic(code)
    assert OnlineBinPackingByLevels().tabulate(candidate, {}) is None
    assert candidate.notes["plain_because"] == "line 1: only imports may stand beside the rule"


def test_a_score_of_nan_fails_the_candidate() -> None:
    """With the item and the level; a flat heuristic leaves it to the one that is asked item by item."""
    problem, instance = OnlineBinPackingByLevels(), stream([6, 5, 4], 10)
    candidate = rule("np.where(rest == 0, np.inf - np.inf, rest) + 0 * np.log(there - 1)")
    with pytest.raises(ValueError, match=r"^item 0 \(size 6\): the score of a bin with 10 free is NaN"):
        decided(problem, candidate, instance)


def test_what_the_guest_answers_is_only_believed_if_it_is_a_flat_heuristic() -> None:
    """Anything else forfeits the instance."""
    with pytest.raises(Infeasible, match="is no flat heuristic"):
        OnlineBinPackingByLevels().follow(stream([1], 2), [[1, 2]])


def test_many_levels_have_no_flat_heuristic() -> None:
    """Bins of a billion: the rule is asked item by item, and needs no memory for it."""
    problem, instance = OnlineBinPackingByLevels(), stream([10**9 - 1, 1, 5 * 10**8, 5 * 10**8], 10**9)
    assert problem.table_scope(instance) is None
    assert decided(problem, rule("-rest"), instance) == [0, 0, 1, 1]


def test_only_with_the_horizon_a_rule_knows_how_many_items_come() -> None:
    """The class says so, and it stays the same number if other items come."""
    instance = stream([3, 4, 5], 10)
    assert OnlineBinPackingByLevels().known(instance) == {"capacity": 10}
    problem = OnlineBinPackingByLevels(horizon=True)
    assert problem.known(instance) == {"capacity": 10, "items": 3} == problem.known(problem.with_arrivals(instance, [3]))
    told = rule("-rest - left * (free == capacity)", horizon=True)
    assert decided(problem, told, instance) == [0, 0, 1]


def test_rules_of_another_class_say_so() -> None:
    """Those with a finish know the horizon; only there they are of the class of what is discovered."""
    classes = OnlineBinPackingByLevels().rule_classes()
    online, semi = RuleClass("online"), RuleClass("horizon known")
    assert (classes.own, OnlineBinPackingByLevels(horizon=True).rule_classes().own) == (online, semi)
    told = {"sum_of_squares_with_finish", "weighted_sum_of_squares"}
    assert {name for name, kind in classes.textbook.items() if kind == semi} == told
    assert set(classes.alike(classes.textbook)) == set(classes.textbook) - told


def test_more_items_than_there_was_room_for() -> None:
    """The frame grows with a stream whose length nobody told."""
    problem, items = OnlineBinPackingByLevels(), [int(each) for each in np.random.RandomState(1).randint(1, 60, size=400)]
    instance = stream(items, 100)
    assert problem.solve(rule(SQUARES), instance, np.random.default_rng(0)) == decided(problem, rule(SQUARES), instance)


def test_streams_are_read_from_files(tmp_path: Path) -> None:
    """As those of the other online problem are."""
    (tmp_path / "mine.txt").write_text("capacity 10\n6\n4\n")
    [read] = OnlineBinPackingByLevels().read_instances(tmp_path / "mine.txt")
    assert isinstance(read, BinPackingInstance)
    assert read.items.tolist() == [6, 4]
