"""The offline generator's engine: typed mutation and crossover of Python functions."""
