"""Features of customers with time windows, for selectors, and smaller instances."""

from evoheur.problems.vrptw.timed_features import coarse, features

__all__ = ["coarse", "features"]
