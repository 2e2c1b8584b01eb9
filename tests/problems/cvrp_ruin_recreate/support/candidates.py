"""Candidates of ruin and recreate: textbook searches in their two functions, as formulas, and as what is none."""

import inspect
from typing import Any

from evoheur.problem import Heuristic
from evoheur.problems.cvrp_ruin_recreate.expressed_textbook import EXPRESSED
from evoheur.problems.cvrp_ruin_recreate.problem import leaving, placing

__all__ = ["HALF_LISTED", "LISTED", "MIXED", "RANDOM_GREEDY", "STRING_REMOVAL", "candidate_of", "listed", "pair"]

_LEAVING = "progress, lot, spacing, per_route, distance, rank, route_rank, offset, size, saving, demand, since, route_noise, shift, noise"
_PLACING = "progress, demand, home, added, edge, free, size, noise"


def candidate_of(code: str) -> Heuristic:
    """A candidate with this source."""
    code = "import numpy as np\nfrom numpy.typing import NDArray\n\n\n" + code
    names: dict[str, Any] = {}
    exec(code, names)
    return Heuristic(code=code, functions={name: names[name] for name in ("leaving", "placing")})


def pair(leaves: str, places: str) -> Heuristic:
    """A candidate of two expressions."""
    return candidate_of(f"def leaving({_LEAVING}):\n    return {leaves}\n\n\ndef placing({_PLACING}):\n    return {places}\n")


def listed(expression: str) -> str:
    """The same scores from an expression that is no formula."""
    return f"np.array(list({expression}))"


STRING_REMOVAL = candidate_of(f"{inspect.getsource(leaving)}\n\n{inspect.getsource(placing)}")
"""The functions that a search starts from."""

_AT_RANDOM, _CHEAPEST = (EXPRESSED["random_greedy"][function] for function in ("leaving", "placing"))
RANDOM_GREEDY = pair(_AT_RANDOM, _CHEAPEST)
LISTED = pair(listed(_AT_RANDOM), listed(_CHEAPEST))
HALF_LISTED = pair(listed(_AT_RANDOM), _CHEAPEST)

_MIXED_LEAVING = (
    "5 * lot - route_rank + saving * noise + 0.1 * since - offset * route_noise / size + 0.3 * demand * shift - 0.1 * rank"
    " - distance * progress + spacing - per_route / 20"
)
MIXED = (
    _MIXED_LEAVING,
    "0.1 * edge * noise - added - 0.2 * free * home + 0.001 * size * demand * progress",
)
"""Two expressions that look at all that is shown."""
