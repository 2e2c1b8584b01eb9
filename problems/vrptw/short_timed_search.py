"""References of instances that are drawn afresh during a run, by short searches."""

from .instance import TimeWindowInstance
from .timed_search import searched_routes
from .timely_routes import timed_price

__all__ = ["searched_length"]

_ITERATIONS_PER_CUSTOMER = 100


def searched_length(instance: TimeWindowInstance) -> float:
    """The length that one short search finds, in some tens of milliseconds.

    It is the same for every heuristic that is measured from it.
    """
    routes = searched_routes(instance, iterations=_ITERATIONS_PER_CUSTOMER * instance.customers, seed=0)
    return timed_price(instance, routes)
