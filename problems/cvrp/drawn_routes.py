"""Drawings of vehicles' routes."""

import math

from evoheur.drawing import Drawing, DrawnPoints, LineOfPoints, Mark
from evoheur.problem import Json
from evoheur.problems.routing.map_places import map_places

from .instance import CvrpInstance
from .solution import checked_routes, routes_cost, routes_length

__all__ = ["drawn_routes"]


def drawn_routes(instance: CvrpInstance, solution: Json) -> Drawing:
    """Routes by vehicle on the map of their customers, with the loads.

    Where only a matrix of distances is known, the map is the one that was drawn from it.

    Args:
        instance: The trusted copy.
        solution: Routes as lists of customers without the depot; empty ones are ignored.

    Raises:
        Infeasible: It is no such list, or a route is not allowed.
    """
    routes = checked_routes(instance, solution)
    x, y = map_places(instance.coordinates, instance.metric)
    lines: list[Mark] = []
    customers: list[Mark] = []
    loads = [int(instance.demands[route].sum()) for route in routes]
    for number, (route, load) in enumerate(zip(routes, loads, strict=True)):
        way = [0, *route]
        length = routes_length(instance.distances, [route])
        label = f"route {number + 1}: load {load} of {instance.capacity}, length {length:.6g}"
        lines.append(
            LineOfPoints(
                x=tuple(x[node] for node in way), y=tuple(y[node] for node in way), series=number, closed=True, label=label
            )
        )
        customers.append(
            DrawnPoints(
                x=tuple(x[node] for node in route),
                y=tuple(y[node] for node in route),
                parts=tuple(f"customer {node}" for node in route),
                series=number,
            )
        )
    depot = DrawnPoints(x=(x[0],), y=(y[0],), parts=("depot",), shape="square")
    share = 100 * math.fsum(loads) / (len(routes) * instance.capacity) if routes else 0.0
    return Drawing(
        title=f"{instance.name}: routes to {instance.customers} customers",
        marks=(*lines, *customers, depot),
        notes=(f"{len(routes)} routes, cost {routes_cost(instance, routes):.10g}", f"vehicles are {share:.1f} % full on average"),
    )
