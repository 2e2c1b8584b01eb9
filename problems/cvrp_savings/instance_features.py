"""Features of customers and vehicles, for selectors, and smaller instances."""

from evoheur.problems.cvrp.customer_features import coarse, features

__all__ = ["coarse", "features"]
