"""Bundled problems: one folder each, with `problem.py` as its whole definition."""

from evoheur.kernel_cache import kernel_cache, pass_over_stale_kernels

kernel_cache()  # before any kernel is declared
pass_over_stale_kernels()
