"""Strategies: search methods that decide which heuristics to breed.

Every one is a pure state machine behind `ask` and `tell`.
"""
