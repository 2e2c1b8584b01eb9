"""Drawings of tours."""

from evoheur.drawing import Drawing, DrawnPoints, LineOfPoints
from evoheur.problem import Json
from evoheur.problems.routing.distances import EXPLICIT
from evoheur.problems.routing.map_places import map_places

from .instance import TspInstance
from .tour import price

__all__ = ["drawn_tour"]


def drawn_tour(instance: TspInstance, solution: Json) -> Drawing | None:
    """A tour on the map of its cities; None where only a matrix of distances is known.

    Args:
        instance: The trusted copy.
        solution: Cities in the order of visiting, each of 0..cities-1 once.

    Raises:
        Infeasible: It is no such list.
    """
    length = price(instance, solution)
    if instance.metric.partition("*")[0] == EXPLICIT:
        return None
    x, y = map_places(instance.data, instance.metric)
    return Drawing(
        title=f"{instance.name}: tour of {instance.cities} cities",
        marks=(
            LineOfPoints(x=tuple(x[city] for city in solution), y=tuple(y[city] for city in solution), closed=True),
            DrawnPoints(x=x, y=y, parts=tuple(f"city {city}" for city in range(instance.cities))),
        ),
        notes=(f"length {length:.10g}",),
    )
