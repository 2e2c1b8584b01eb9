"""Offline bin packing as a problem: contract, prices, references, textbook rules on published files."""

import ast
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.generation.mutation.breeding import Breeder, Parent
from evoheur.generation.mutation.typed_signature import baseline_source, read_signature
from evoheur.problem import Heuristic, Infeasible, RuleClass
from evoheur.problems.bin_packing_offline.bin_completion import complete_bins
from evoheur.problems.bin_packing_offline.expressed_textbook import EXPRESSED
from evoheur.problems.bin_packing_offline.instance import OfflineInstance
from evoheur.problems.bin_packing_offline.problem import OfflineBinPacking
from evoheur.problems.returned_numbers import BadAnswer
from tests.problems.cvrp.support.made_up import data_folder
from tests.problems.packing.support.packing_contract import PackingContract
from tests.problems.tsp.support.cities import heuristic as as_executed
from tests.support.example_budget import dear

from .support.made_up import items

ARGUMENTS = "free, inside, left, mean, spare, size, rest, slack, following, alike, smaller, beside"
WRITTEN = {name: functions["completing"] for name, functions in EXPRESSED.items()}
"""Textbook rule → the same as a candidate. Best fit decreasing cannot be told: it looks at several bins."""


class TestContract(PackingContract):
    """It keeps to what every problem must."""

    name = "bin_packing_offline"


class TestContractItemByItem(PackingContract):
    """So it does where items are packed one by one."""

    name = "bin_packing_offline"
    settings: ClassVar[Mapping[str, Any]] = {"item_by_item": True}


def candidate(body: str) -> Heuristic:
    """One of one expression."""
    code = f"import numpy as np\n\n\ndef completing({ARGUMENTS}):\n    return {body}\n"
    names: dict[str, Any] = {}
    exec(code, names)
    return Heuristic(code=code, functions={"completing": names["completing"]})


def solved(problem: OfflineBinPacking, heuristic: Heuristic, made: OfflineInstance) -> list[int]:
    """The packing of a candidate."""
    assignment: list[int] = problem.solve(heuristic, made, np.random.default_rng(0)).tolist()
    return assignment


def bins(made: OfflineInstance, assignment: list[int]) -> list[list[int]]:
    """What every bin holds, sorted: the order of bins is nothing, and items of a size are alike."""
    held: dict[int, list[int]] = {}
    for size, number in zip(made.items.tolist(), assignment, strict=True):
        held.setdefault(number, []).append(size)
    return sorted(sorted(each) for each in held.values())


def test_the_price_is_the_number_of_bins_and_a_hundredth_of_what_their_fill_lacks() -> None:
    """Loads 10 and 5 of 10: fill (1 + 0.25) / 2 = 0.625, so 2 + 0.01 · 0.375; full bins cost nothing more."""
    problem = OfflineBinPacking()
    assert problem.cost(items([6, 4, 5], 10), [2, 2, 0]) == pytest.approx(2.00375, abs=1e-12)
    assert problem.cost(items([6, 4, 5, 5], 10), [0, 0, 3, 3]) == 2.0


def test_an_overfull_bin_is_named_with_its_load() -> None:
    """6 + 5 = 11 in bin 1, of 10."""
    with pytest.raises(Infeasible, match=r"^bin 1 holds 11 of 10$"):
        OfflineBinPacking().cost(items([6, 4, 5], 10), [1, 0, 1])


@given(data=st.data(), sizes=st.lists(st.integers(1, 12), min_size=1, max_size=8))
def test_a_bin_less_is_always_cheaper_and_the_order_of_bins_does_not_matter(data: st.DataObject, sizes: list[int]) -> None:
    """Any assignment costs its bins and less than 0.01 more, or is refused if a bin is overfull."""
    bins = data.draw(st.lists(st.integers(0, len(sizes) - 1), min_size=len(sizes), max_size=len(sizes)))
    loads: dict[int, int] = {}
    for size, chosen in zip(sizes, bins, strict=True):
        loads[chosen] = loads.get(chosen, 0) + size
    problem, made = OfflineBinPacking(), items(sizes, 12)
    if max(loads.values()) > 12:
        with pytest.raises(Infeasible):
            problem.cost(made, bins)
        return
    cost = problem.cost(made, bins)
    assert len(loads) <= cost < len(loads) + 0.01
    numbers = data.draw(st.permutations(range(len(sizes))))
    assert problem.cost(made, [numbers[chosen] for chosen in bins]) == cost


@pytest.mark.parametrize("name", WRITTEN)
@dear()
@given(data=st.data(), capacity=st.integers(1, 60))
def test_textbook_rules_as_candidates_pack_as_the_trusted_ones(data: st.DataObject, capacity: int, name: str) -> None:
    """The same bins, of the same sizes: by the flat heuristic, and asked size by size."""
    made = items(data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=40)), capacity)
    problem = OfflineBinPacking()
    expected = bins(made, problem.textbook_rules()[name](made).tolist())
    flat, plain = candidate(WRITTEN[name]), candidate(f"np.array(list({WRITTEN[name]}))")
    assert bins(made, solved(problem, flat, made)) == bins(made, solved(problem, plain, made)) == expected
    assert flat.notes == {"path": "flat"}
    assert plain.notes["path"] == "plain"
    assert plain.notes["plain_because"].startswith("line 5: ")


@pytest.mark.parametrize("name", WRITTEN)
def test_textbook_rules_as_candidates_on_training_instances(name: str) -> None:
    """An instance of each family."""
    problem = OfflineBinPacking()
    for made in problem.instances("train")[::12]:
        expected = problem.textbook_rules()[name](made).tolist()
        assert bins(made, solved(problem, candidate(WRITTEN[name]), made)) == bins(made, expected), made.name


PARTS = (
    "0.3 * np.exp(-rest) * free",
    "np.where(slack <= spare, 0.1, -0.2)",
    "np.sqrt(size) * (following - mean)",
    "(alike * 9 > inside) * 0.1",
    "beside * left - smaller / (1 + inside)",
    "np.log1p(alike) * rest",
    "np.minimum(rest, mean) ** 1.5",
    "-np.max(size) / 10",
    "slack / (slack - spare)",
)


@dear()
@given(data=st.data(), capacity=st.integers(1, 60), parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=4))
def test_a_flat_heuristic_packs_as_it_does_when_it_is_asked(data: st.DataObject, capacity: int, parts: list[str]) -> None:
    """The same packing, or the same NaN at the same place."""
    made = items(data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=40)), capacity)
    problem, body = OfflineBinPacking(), " + ".join([WRITTEN["minimum_bin_slack"], *parts])
    flat, plain, found = candidate(body), candidate(f"np.array(list({body}))"), []
    for heuristic in (flat, plain):
        try:
            found.append(str(solved(problem, heuristic, made)))
        except BadAnswer as error:
            found.append(str(error))
    assert found[0] == found[1]
    assert (flat.notes["path"], plain.notes["path"]) == ("flat", "plain")


def test_a_flat_heuristic_packs_alike_where_sums_are_counted_in_cells() -> None:
    """Bins of a billion, of which cells are coarser than units."""
    sizes = (np.random.RandomState(2).randint(1, 600_000_000, size=80) | 1).tolist()
    problem, made, body = OfflineBinPacking(), items(sizes, 10**9), "size - 9 * slack + 0.1 * following"
    flat = solved(problem, candidate(body), made)
    assert flat == solved(problem, candidate(f"np.array(list({body}))"), made)


def test_bred_heuristics_pack_by_their_source_as_they_do_when_asked() -> None:
    """Whatever the offline generator writes; what is executed is noted alike."""
    problem = OfflineBinPacking()
    functions = problem.functions()
    breeder = Breeder(
        [read_signature(functions[0], nonnegative=True)], baseline_source(functions), max_nodes=60, order_terms=None
    )
    rng, parents, read = random.Random(3), [Parent("the baseline", baseline_source(functions))], 0
    train = problem.instances("train")[::27]
    for number in range(40):
        draft = breeder.breed(
            ("new", "crossover", "mutation", "constants")[number % 4], rng.sample(parents, min(2, number + 1)), rng
        )
        parents.append(Parent(f"parent {number}", draft.code))
        solver, executed = problem.solver_in_source(ast.parse(draft.code)), as_executed(draft.code, "completing")
        made = train[number % len(train)]
        assignment = None if solver is None else solver.solve(made)
        if solver is not None and assignment is not None:
            read += 1
            assert problem.cost(made, assignment) == problem.cost(made, assignment.tolist())
            with np.errstate(all="ignore"):
                assert assignment.tolist() == complete_bins(executed.entry, made).tolist(), draft.code
            assert solved(problem, executed, made) == assignment.tolist()
            assert executed.notes == solver.notes
    assert read > 30


def test_a_source_says_nothing_item_by_item_or_if_it_is_no_formula() -> None:
    formula, loop = ast.parse(candidate("size").code), ast.parse(candidate("np.array(list(size))").code)
    assert OfflineBinPacking().solver_in_source(formula) is not None
    assert OfflineBinPacking().solver_in_source(loop) is None
    assert OfflineBinPacking(item_by_item=True).solver_in_source(formula) is None


def test_every_candidate_has_its_own_translation() -> None:
    """Though all instances of one share it."""
    problem, made = OfflineBinPacking(), items([6, 4, 4, 4, 2], 10)
    assert solved(problem, candidate("size"), made) == [0, 0, 1, 1, 1]
    assert solved(problem, candidate("-size"), made) == [3, 1, 1, 2, 0]  # 2; 4 4; 4; 6
    assert solved(problem, candidate("size"), made) == [0, 0, 1, 1, 1]


@given(data=st.data(), capacity=st.integers(1, 60), factor=st.integers(2, 1000))
def test_other_units_give_the_same_packing(data: st.DataObject, capacity: int, factor: int) -> None:
    """Whatever the heuristic: it is shown the same numbers."""
    sizes = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=30))
    mixing = candidate("np.exp(-20 * np.abs(slack - inside * spare)) + size * np.sin(99 * rest)")
    larger = items([factor * size for size in sizes], factor * capacity)
    assert solved(OfflineBinPacking(), mixing, larger) == solved(OfflineBinPacking(), mixing, items(sizes, capacity))


def test_it_declares_that_units_do_not_matter() -> None:
    """But not where functions see sizes in the instance's own units."""
    assert [each.name for each in OfflineBinPacking().symmetries] == ["items and capacity × 10"]
    assert list(OfflineBinPacking(item_by_item=True).symmetries) == []


def test_the_search_starts_from_minimum_bin_slack() -> None:
    """The body of the function packs as the textbook rule does."""
    problem = OfflineBinPacking()
    own = Heuristic(code="", functions={"completing": problem.functions()[0]})
    for made in problem.instances("train")[::12]:
        assert bins(made, solved(problem, own, made)) == bins(made, problem.textbook_rules()["minimum_bin_slack"](made).tolist())


def test_item_by_item_the_search_starts_from_best_fit_decreasing() -> None:
    """The bodies of the two functions pack as the textbook rule does."""
    problem = OfflineBinPacking(item_by_item=True)
    assert [function.__name__ for function in problem.functions()] == ["order_scores", "fit_scores"]
    heuristic = Heuristic(code="", functions={function.__name__: function for function in problem.functions()})
    for made in problem.instances("train")[::4]:
        assert solved(problem, heuristic, made) == problem.textbook_rules()["best_fit_decreasing"](made).tolist()


def test_rules_say_how_much_work_they_do() -> None:
    """All take one pass; item by item nobody is shown what minimum bin slack searches for."""
    one_pass, search = RuleClass("offline", 1), RuleClass("offline", "search")
    classes = OfflineBinPacking().rule_classes()
    assert {classes.own, *classes.textbook.values()} == {one_pass}
    one_by_one = OfflineBinPacking(item_by_item=True).rule_classes()
    assert one_by_one.own == one_pass
    assert {name for name, kind in one_by_one.textbook.items() if kind == search} == {
        "minimum_bin_slack",
        "minimum_bin_slack_with_largest",
    }


def test_a_setting_that_is_no_truth_value_is_refused() -> None:
    """Such as a word."""
    with pytest.raises(ConfigError, match="item_by_item is 'yes'; give true or false"):
        OfflineBinPacking(item_by_item="yes")  # type: ignore[arg-type]


def test_files_bring_their_own_references(tmp_path: Path) -> None:
    """What a table lists is the reference; without one the bound is, here 15 / 10 rounded up."""
    (tmp_path / "a.txt").write_text("3 10 6 5 4")
    problem = OfflineBinPacking()
    [made] = problem.read_instances(tmp_path)
    assert problem.reference(made) == 2.0
    (tmp_path / "optima.csv").write_text("name,optimum\na,3\n")
    [made] = problem.read_instances(tmp_path)
    assert problem.reference(made) == 3.0


@pytest.mark.parametrize(
    ("family", "low", "high"), [("u120", 1.1, 1.5), ("u250", 1.1, 1.5), ("u500", 1.1, 1.5), ("u1000", 1.1, 1.5)]
)
def test_first_fit_decreasing_stands_where_the_literature_puts_it(family: str, low: float, high: float) -> None:
    """1.1 to 1.5 % above the optimum on Falkenauer's uniform classes."""
    assert low < np.mean(_gaps("first_fit_decreasing", data_folder("binpacking") / "orlib" / f"{family}.json")) < high


def test_no_rule_is_below_a_proven_optimum() -> None:
    """Over all published instances, 227 with optima."""
    folder = data_folder("binpacking")
    read = 0
    for place in (folder / "orlib", *sorted(path for path in (folder / "bpplib").iterdir() if path.is_dir())):
        for rule in OfflineBinPacking().textbook_rules():
            assert min(_gaps(rule, place)) >= 0.0
        read += len(OfflineBinPacking().read_instances(place))
    assert read == 227


def _gaps(rule: str, path: Path) -> list[float]:
    problem = OfflineBinPacking()
    solver = problem.textbook_rules()[rule]
    return [
        100.0 * (problem.cost(made, solver(made).tolist()) / problem.reference(made) - 1.0)
        for made in problem.read_instances(path)
    ]
