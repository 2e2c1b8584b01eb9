"""The grid of elites: edges, cells and who may stay."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from evoheur.candidate import Candidate, InstanceResult, Status
from evoheur.strategies.measure_grid import DEFAULT_GRID, MEASURE_BINS, Bins, EqualCells, Grid, edges_of, measure_of
from evoheur.testing.strategy_runs import made_up_candidate

PLANE: Mapping[str, Bins] = {"nodes": (0.0, 10.0, 20.0, 40.0), "calls": (0.0, 1.0, 5.0)}


def measured(identity: int, objective: float | None, **measures: float) -> Candidate:
    """A candidate of a given worth with these measures."""
    made = made_up_candidate(identity, objective)
    return replace(made, evaluation=replace(made.evaluation, measures=measures))


def test_equal_cells_by_hand() -> None:
    """Equal widths, and equal factors: 1 to 16 in four cells doubles."""
    assert edges_of(EqualCells(low=0, high=10, cells=4)) == (0.0, 2.5, 5.0, 7.5, 10.0)
    assert edges_of(EqualCells(low=1, high=16, cells=4, scale="log2")) == (1.0, 2.0, 4.0, 8.0, 16.0)
    assert edges_of(EqualCells(low=3, high=5, cells=1)) == (3.0, 5.0)
    assert edges_of((1.0, 2.0, 7.0)) == (1.0, 2.0, 7.0)


@pytest.mark.parametrize(
    ("nodes", "place"), [(-5.0, 0), (0.0, 0), (9.9, 0), (10.0, 1), (19.9, 1), (20.0, 2), (39.9, 2), (40.0, 2), (4000.0, 2)]
)
def test_cell_holds_its_lower_edge_and_borders_what_is_beyond(nodes: float, place: int) -> None:
    """Measures in alphabetical order: calls (here missing, so 0), then nodes."""
    assert Grid(PLANE).cell_of(measured(1, 1.0, nodes=nodes)) == (0, place)


@given(
    edges=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8, unique=True).map(sorted),
    value=st.floats(allow_nan=False, allow_infinity=False),
)
def test_every_value_has_its_cell(edges: list[float], value: float) -> None:
    """The cell's lower edge is at most the value and its upper one above it, unless the value is beyond that border."""
    [place] = Grid({"nodes": tuple(edges)}).cell_of(measured(1, 1.0, nodes=value))
    assert 0 <= place <= len(edges) - 2
    assert edges[place] <= value or place == 0
    assert value < edges[place + 1] or place == len(edges) - 2


def test_order_of_the_measures_does_not_matter() -> None:
    """A database may store a mapping's keys in another order."""
    turned = Grid({name: PLANE[name] for name in ("calls", "nodes")})
    assert turned.edges == Grid(PLANE).edges
    assert list(turned.edges) == ["calls", "nodes"]


def test_only_the_strictly_better_replaces() -> None:
    """The first in its cell, then the better one; neither an equal one nor a worse one nor a failed one."""
    grid = Grid(PLANE)
    kept = [
        grid.add(measured(identity, objective, nodes=12)) for identity, objective in enumerate([None, 3.0, 3.0, 4.0, 2.0, None])
    ]
    assert kept == [False, True, False, False, True, False]
    assert {cell: elite.id for cell, elite in grid.elites.items()} == {(0, 1): 4}


def test_coverage_counts_occupied_cells() -> None:
    """2 by 3 cells, three of them occupied by four candidates."""
    grid = Grid(PLANE)
    for identity, (nodes, calls) in enumerate([(5, 0), (5, 3), (15, 3), (18, 99)]):
        grid.add(measured(identity, 1.0, nodes=nodes, calls=calls))
    assert grid.size == 6
    assert grid.coverage == 0.5
    assert list(grid.elites) == [(0, 0), (1, 0), (1, 1)], "in the order of their first occupation"


def test_occupied_cells_are_drawn_evenly() -> None:
    """However many candidates came for a cell: 3,000 draws from three cells, 1,000 each within five standard deviations (129)."""
    grid = Grid(PLANE)
    for identity in range(50):
        grid.add(measured(identity, 100.0 - identity, nodes=5))
    grid.add(measured(60, 1.0, nodes=15))
    grid.add(measured(61, 1.0, nodes=35))
    rng = random.Random(1)
    counts = Counter(grid.draw(1, rng)[0].id for _ in range(3000))
    assert set(counts) == {49, 60, 61}
    assert all(abs(count - 1000) < 129 for count in counts.values())
    assert all(len({elite.id for elite in grid.draw(2, rng)}) == 2 for _ in range(50))


def test_processor_time_is_a_measure() -> None:
    """Over all instances; a measure that a candidate lacks is 0."""
    made = measured(1, 1.0, nodes=3)
    result = InstanceResult(instance="a", family="tiny", status=Status.OK, cost=1.0, reference=None, cpu_seconds=0.25)
    timed = replace(made, evaluation=replace(made.evaluation, results=(result, result)))
    assert [measure_of(timed, name) for name in ("cpu_seconds", "nodes", "depth")] == [0.5, 3.0, 0.0]


def test_usual_cells_are_sound() -> None:
    """Their edges ascend, and the default grid has 7 by 10 cells."""
    for bins in MEASURE_BINS.values():
        edges = edges_of(bins)
        assert list(edges) == sorted(set(edges))
    assert Grid(DEFAULT_GRID).size == 70


@pytest.mark.parametrize(
    ("bins", "word"),
    [
        ([3], "at least 2"),
        ([1, 1], "do not ascend"),
        ([2, 1], "do not ascend"),
        ([0, float("inf")], "finite"),
        ({"low": 2, "high": 2, "cells": 3}, "low: 2 is not below high: 2"),
        ({"low": 0, "high": 2, "cells": 3, "scale": "log2"}, "no logarithm"),
        ({"low": 0, "high": 2, "cells": 0}, "greater than or equal to 1"),
        ({"low": 0, "high": 2, "cells": 2, "scale": "log10"}, "'linear' or 'log2'"),
        ({"low": 0, "high": 2}, "cells"),
    ],
)
def test_wrong_cells_are_refused(bins: Any, word: str) -> None:
    """The message says what is wrong with them."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter[Bins](Bins).validate_python(bins)
    assert word in str(caught.value)
