"""Execution tiers: a candidate's loops are compiled when that pays and changes nothing; see `docs/tiers.md`.

Runs in the guest, and in the child of a candidate. Imports NumPy, numba and `evoheur.problem` only.
"""

from evoheur.kernel_cache import kernel_cache

kernel_cache()  # before any kernel is declared
