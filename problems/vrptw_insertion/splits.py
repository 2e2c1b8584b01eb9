"""Instances of all splits, their references, and files.

The guest must not hold this module.
"""

from evoheur.problems.vrptw.searched_lengths import BEST_KNOWN as REFERENCES
from evoheur.problems.vrptw.short_timed_search import searched_length
from evoheur.problems.vrptw.window_files import read_instances
from evoheur.problems.vrptw.window_splits import instances

__all__ = ["REFERENCES", "instances", "read_instances", "searched_length"]
