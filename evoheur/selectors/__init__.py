"""Selectors: which heuristic of a set for which instance, learned from costs, as pure functions over arrays."""
