"""The 0/1 knapsack problem, as a package of its own: a change of any file in here is a change of the problem."""

from .problem import Knapsack

__all__ = ["Knapsack"]
