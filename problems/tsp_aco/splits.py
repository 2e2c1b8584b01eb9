"""Instances of all splits, their references, and files: the guest must not hold this module."""

from functools import partial

from problems.tsp.best_known import BEST_KNOWN
from problems.tsp.files import read_instances
from problems.tsp.splits import COLONY
from problems.tsp.splits import instances as _instances

__all__ = ["BEST_KNOWN", "instances", "read_instances"]

instances = partial(_instances, COLONY)
