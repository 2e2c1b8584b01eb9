"""Solomon's instances, by path: what the paper's eight runs of I1 reach, against what it published."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from evoheur.problem_loading import load_problem
from evoheur.problems.vrptw.instance import TimeWindowInstance
from evoheur.problems.vrptw.timed_search import searched_routes
from evoheur.problems.vrptw.timely_routes import timed_price
from evoheur.problems.vrptw_insertion.textbook_rules import solomon_runs

CLASSES = {
    "R1": (1436.7, 13.58),
    "C1": (951.9, 10.00),
    "RC1": (1596.5, 13.50),
    "R2": (1402.4, 3.27),
    "C2": (692.7, 3.13),
    "RC2": (1682.1, 3.88),
}
"""Mean length and mean number of vehicles of I1 on the classes, as the paper has them."""


def published() -> list[TimeWindowInstance]:
    folder = Path(os.environ.get("EVOHEUR_DATA", "")) / "solomon"
    if "EVOHEUR_DATA" not in os.environ or not folder.is_dir():
        pytest.skip("EVOHEUR_DATA does not name a folder with Solomon's files in solomon")
    return list(load_problem("vrptw_insertion").read_instances(folder))


@pytest.mark.parametrize("name", CLASSES)
def test_i1_is_about_where_solomon_has_it(name: str) -> None:
    """Of the eight runs the one with the fewest vehicles, the shortest of these; the paper does not say how it broke ties."""
    chosen = [made for made in published() if re.fullmatch(rf"{name}\d\d", made.name.upper()) and made.customers == 100]
    if not chosen:
        pytest.skip(f"no instance of class {name} with 100 customers is in the folder")
    best = [min((len(routes), timed_price(made, routes)) for routes in solomon_runs(made)) for made in chosen]
    length, vehicles = CLASSES[name]
    assert float(np.mean([cost for _, cost in best])) == pytest.approx(length, rel=0.05)
    assert float(np.mean([number for number, _ in best])) == pytest.approx(vehicles, rel=0.05)


def test_the_search_finds_the_optimum_of_the_first_25_customers() -> None:
    """618.33 on R101 (617.1 where distances are cut to one decimal, as in Kohl et al. 1999), with 8 vehicles."""
    chosen = [made for made in published() if made.name.upper().startswith("R101") and made.customers == 25]
    if not chosen:
        pytest.skip("no R101 of 25 customers is in the folder")
    routes = searched_routes(chosen[0], iterations=50_000, seed=1)
    assert (round(timed_price(chosen[0], routes), 2), len(routes)) == (618.33, 8)
