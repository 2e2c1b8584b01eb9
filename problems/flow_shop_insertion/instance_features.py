"""Features of shops, for selectors, and smaller shops."""

from evoheur.problems.flow_shop.shop_features import coarse, features

__all__ = ["coarse", "features"]
