"""Taillard's job shops (1993, doi:10.1016/0377-2217(93)90182-M), made by his generator from the seeds that he published.

Their optima are proven, and known from the lists of best known values that the field keeps. The guest must not hold this module.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flow_shop.published_instances import generated_numbers, generated_times

from .instance import JobShopInstance

__all__ = ["SHOP_OPTIMA", "generated_routes", "published_shops"]

_MODULUS = 2**31 - 1

_SEEDS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "15x15": (
        *((840612802, 398197754), (1314640371, 386720536), (1227221349, 316176388), (342269428, 1806358582)),
        *((1603221416, 1501949241), (1357584978, 1734077082), (44531661, 1374316395), (302545136, 2092186050)),
        *((1153780144, 1393392374), (73896786, 1544979948)),
    ),
    "50x15": (
        *((17271, 718939), (660481279, 449650254), (352229765, 949737911), (1197518780, 166840558)),
        *((1376020303, 483922052), (2106639239, 955932362), (1765352082, 1209982549), (1105092880, 1349003108)),
        *((907248070, 919544535), (2011630757, 1845447001)),
    ),
}
"""Size → seeds of times and of machines."""

_FIRST: Mapping[str, int] = {"15x15": 1, "50x15": 51}  # number of the first of each size
_OPTIMA: Mapping[str, tuple[int, ...]] = {
    "15x15": (1231, 1244, 1218, 1175, 1224, 1238, 1227, 1217, 1274, 1241),
    "50x15": (2760, 2756, 2717, 2839, 2679, 2781, 2943, 2885, 2655, 2723),
}


def _name(size: str, place: int) -> str:
    return f"ta{_FIRST[size] + place:02d}"


SHOP_OPTIMA: Mapping[str, int] = {
    _name(size, place): optimum for size, optima in _OPTIMA.items() for place, optimum in enumerate(optima)
}
"""Name of the instance → its optimal makespan."""


def generated_routes(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
    """Orders of machines by Taillard's generator; shape (jobs, machines).

    Each machine of a job, from the first on, changes places with a random one of those from it on.

    Args:
        seed: From 1 to 2^31 - 2.
        jobs: How many.
        machines: How many.
    """
    numbers = generated_numbers(seed)
    routes = np.tile(np.arange(machines), (jobs, 1))
    for route in routes:
        for place in range(machines):
            other = place + next(numbers) * (machines - place) // _MODULUS
            route[[place, other]] = route[[other, place]]
    return routes


def published_shops(size: str) -> list[JobShopInstance]:
    """Taillard's ten job shops of a size.

    Args:
        size: "15x15" or "50x15".
    """
    jobs, machines = (int(number) for number in size.split("x"))
    return [
        JobShopInstance(
            name=_name(size, place),
            family=f"taillard-{size}",
            machines=machines,
            routes=generated_routes(of_machines, jobs, machines),
            times=np.ascontiguousarray(generated_times(of_times, machines, jobs).T),  # job after job
            batches=np.zeros(jobs, dtype=np.int64),
            gaps=np.zeros(1, dtype=np.int64),
        )
        for place, (of_times, of_machines) in enumerate(_SEEDS[size])
    ]
