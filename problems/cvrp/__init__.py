"""The shared parts of the vehicle routing problems.

Instances, files, checking, pricing, kernels and textbook rules of capacitated vehicle routing.
"""
