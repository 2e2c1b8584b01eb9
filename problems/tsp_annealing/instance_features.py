"""Features of maps of cities, for selectors, and smaller maps."""

from evoheur.problems.tsp.city_features import coarse, features

__all__ = ["coarse", "features"]
