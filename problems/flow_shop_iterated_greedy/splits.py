"""Instances of all splits, their references, and files.

The guest must not hold this module.
"""

from functools import partial

from evoheur.problems.flow_shop.files import read_instances
from evoheur.problems.flow_shop.published_instances import OPTIMA
from evoheur.problems.flow_shop.splits import GREEDY
from evoheur.problems.flow_shop.splits import instances as _instances

__all__ = ["OPTIMA", "instances", "read_instances"]

instances = partial(_instances, GREEDY)
