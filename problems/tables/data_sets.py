"""The published files, their problems, and expected figures.

Which files are measured with which problems, and what the literature says of the outcome.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["DATA_SETS", "BaselineTable", "DataSet", "PublishedFigure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A figure that the literature gives.

    Attributes:
        what: In words.
        rule: A textbook rule of the table's problem.
        family: Whose instances are meant; "" for all of the table.
        low: Smallest gap that agrees, in percent.
        high: Largest.
    """

    what: str
    rule: str
    family: str = ""
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineTable:
    """The rules of one problem on a data set.

    Attributes:
        problem: Name of a built-in problem.
        settings: Of the problem.
        only: The family that is measured; "" for all.
        checks: What the literature says.
    """

    problem: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    only: str = ""
    checks: tuple[PublishedFigure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A folder of published files.

    Attributes:
        name: As on the command line.
        folders: Inside the data folder; "*" stands for every folder.
        family: Says what an instance is reported with.
        tables: What is measured.
        bound: Whether references are lower bounds, that is, nothing can cost less.
        whole: Whether only the whole part of a cost counts.
        pooled: Whether a family's mean is that of the costs over that of the references.
    """

    name: str
    folders: tuple[str, ...]
    family: Callable[[Any], str]
    tables: tuple[BaselineTable, ...]
    bound: bool = False
    whole: bool = False
    pooled: bool = False


def _own(instance: Any) -> str:
    family: str = instance.family
    return family


def _metric_and_size(instance: Any) -> str:
    sizes = next((text for limit, text in _SIZES if instance.cities <= limit), "")
    return f"{instance.metric} {sizes}" if instance.metric == "EUC_2D" else str(instance.metric)


_SIZES = ((150, "up to 150"), (500, "up to 500"), (1000, "up to 1000"), (3000, "up to 3000"))
_NEAR = 0.3  # how far a deterministic rule may be from a published figure, in points

_TSP_TABLES = (
    BaselineTable(problem="tsp_insertion"),
    BaselineTable(problem="tsp_kicks"),
    BaselineTable(problem="tsp_gls"),
    BaselineTable(problem="tsp_aco"),
    BaselineTable(problem="tsp_aco", settings={"improve": True}),
)

DATA_SETS = (
    DataSet(
        name="tsplib",
        folders=("tsplib",),
        family=_metric_and_size,
        tables=(
            BaselineTable(
                problem="tsp_constructive",
                checks=(
                    PublishedFigure(
                        what="nearest neighbour, 39 files", rule="nearest_neighbour", low=25.1 - _NEAR, high=25.1 + _NEAR
                    ),
                    PublishedFigure(
                        what="farthest insertion, 39 files", rule="farthest_insertion", low=8.8 - _NEAR, high=8.8 + _NEAR
                    ),
                    PublishedFigure(
                        what="greedy + 2-opt + Or-opt, 39 files", rule="greedy_2opt_oropt", low=2.7 - _NEAR, high=2.7 + _NEAR
                    ),
                ),
            ),
            *_TSP_TABLES,
        ),
    ),
    DataSet(
        name="tsp_uniform",
        folders=("tsp_uniform",),
        family=_own,
        tables=(BaselineTable(problem="tsp_constructive"), *_TSP_TABLES),
    ),
    DataSet(
        name="cvrplib",
        folders=("cvrplib",),
        family=_own,
        tables=(
            BaselineTable(problem="cvrp_constructive"),
            BaselineTable(
                problem="cvrp_savings",
                checks=(
                    PublishedFigure(what="Clarke & Wright, 132 files", rule="clarke_wright", low=6.6 - _NEAR, high=6.6 + _NEAR),
                ),
            ),
            BaselineTable(problem="cvrp_aco"),
            BaselineTable(problem="cvrp_aco", settings={"improve": True}),
            BaselineTable(problem="cvrp_ruin_recreate"),
            BaselineTable(
                problem="cvrp_ruin_recreate",
                settings={"iterations": 200_000},
                only="X",
                checks=(
                    PublishedFigure(
                        what="string removal, 30 files of set X", rule="string_removal", family="X", low=0.0, high=2.0
                    ),
                ),
            ),
        ),
    ),
    DataSet(
        name="cvrp_uniform",
        folders=("cvrp_uniform",),
        family=_own,
        tables=(
            BaselineTable(problem="cvrp_constructive"),
            BaselineTable(problem="cvrp_savings"),
            BaselineTable(problem="cvrp_aco"),
            BaselineTable(problem="cvrp_aco", settings={"improve": True}),
            BaselineTable(problem="cvrp_ruin_recreate"),
        ),
    ),
    DataSet(
        name="orlib",
        folders=("binpacking/orlib",),
        family=_own,
        whole=True,
        tables=(
            BaselineTable(
                problem="bin_packing_offline",
                checks=tuple(
                    PublishedFigure(
                        what=f"first fit decreasing, {family}", rule="first_fit_decreasing", family=family, low=1.1, high=1.5
                    )
                    for family in ("u120", "u250", "u500", "u1000")
                ),
            ),
        ),
    ),
    DataSet(
        name="bpplib",
        folders=("binpacking/bpplib/*",),
        family=_own,
        whole=True,
        tables=(BaselineTable(problem="bin_packing_offline"),),
    ),
    DataSet(
        name="weibull",
        folders=("binpacking/weibull",),
        family=_own,
        bound=True,
        pooled=True,
        tables=(
            BaselineTable(
                problem="bin_packing_online",
                checks=tuple(
                    PublishedFigure(what=f"{rule.replace('_', ' ')}, {family}", rule=rule, family=family, low=low, high=high)
                    for rule, low, high in (("best_fit", 4.0, 4.2), ("sum_of_squares", 0.5, 0.6))
                    for family in ("weibull_5k_c100_funsearch", "weibull_5k_c100_train", "weibull_5k_c100_val")
                ),
            ),
            BaselineTable(problem="bin_packing_online_levels", settings={"further": True}),
        ),
    ),
)
"""In the order of the document."""
