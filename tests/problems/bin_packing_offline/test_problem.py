"""Offline bin packing as a problem: contract, prices, references, textbook rules on published files."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Heuristic, Infeasible
from evoheur.problems.bin_packing_offline.problem import OfflineBinPacking
from tests.problems.cvrp.support.made_up import data_folder
from tests.problems.packing.support.packing_contract import PackingContract

from .support.made_up import items


class TestContract(PackingContract):
    """It keeps to what every problem must."""

    name = "bin_packing_offline"


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


def test_the_search_starts_from_best_fit_decreasing() -> None:
    """The bodies of the two functions pack as the textbook rule does."""
    problem = OfflineBinPacking()
    heuristic = Heuristic(code="", functions={function.__name__: function for function in problem.functions()})
    for made in problem.instances("train"):
        solution = problem.solve(heuristic, made, np.random.default_rng(0))
        assert solution.tolist() == problem.textbook_rules()["best_fit_decreasing"](made).tolist()


def test_two_functions_evolve_together() -> None:
    """In the order in which they are called."""
    assert [function.__name__ for function in OfflineBinPacking().functions()] == ["order_scores", "fit_scores"]


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
