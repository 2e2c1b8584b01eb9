"""Typed mutation and crossover of Python functions: the engine of the offline generator."""
