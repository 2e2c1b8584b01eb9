"""Instances of all splits, their references, and files.

The guest must not hold this module.
"""

from functools import partial

from evoheur.problems.cvrp.files import read_instances
from evoheur.problems.cvrp.references import BEST_KNOWN as REFERENCES
from evoheur.problems.cvrp.splits import MANY
from evoheur.problems.cvrp.splits import instances as _instances
from evoheur.problems.cvrp_ruin_recreate.textbook.fresh_references import searched_length

__all__ = ["REFERENCES", "instances", "read_instances", "searched_length"]

instances = partial(_instances, MANY)
