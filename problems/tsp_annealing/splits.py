"""Instances of all splits, their references, and files.

The guest must not hold this module.
"""

from functools import partial

from evoheur.problems.tsp.best_known import BEST_KNOWN
from evoheur.problems.tsp.family_splits import KICKS
from evoheur.problems.tsp.files import read_instances
from evoheur.problems.tsp.splits import instances as _instances

__all__ = ["BEST_KNOWN", "instances", "read_instances"]

instances = partial(_instances, KICKS)
