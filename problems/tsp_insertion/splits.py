"""Instances of all splits, their references, and files.

The guest must not hold this module.
"""

from collections.abc import Mapping
from functools import partial

from evoheur.problems.fresh_seeds import fresh_seeds
from evoheur.problems.tsp.best_known import BEST_KNOWN
from evoheur.problems.tsp.city_patterns import partly_clustered
from evoheur.problems.tsp.family_splits import INSERTION
from evoheur.problems.tsp.files import read_instances
from evoheur.problems.tsp.generate import CityFamily, drawn
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.splits import instances as _instances

__all__ = ["BEST_KNOWN", "instances", "read_instances", "varied"]

instances = partial(_instances, INSERTION)


def varied(parameters: Mapping[str, float], family: str, seed: int, count: int) -> list[TspInstance]:
    """Instances of 100 cities; arguments as for `Problem.varied`, with the parameters of `partly_clustered`."""
    draw = partial(partly_clustered, clustered=parameters["clustered"], stretch=parameters["stretch"])
    return drawn(CityFamily(name=family, draw=draw, cities=100, seeds=fresh_seeds(seed, family, count)))
