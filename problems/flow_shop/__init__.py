"""The shared parts of the permutation flow shop problems.

Instances, files, pricing, insertion kernels and what heuristics see of jobs.
"""
