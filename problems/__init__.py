"""Bundled problems: one folder each, with `problem.py` as its whole definition."""

from evoheur.kernel_cache import kernel_cache

kernel_cache()  # before any kernel is declared
