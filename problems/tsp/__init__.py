"""The shared parts of the travelling salesman problems.

Instances, files, pricing, textbook tours and local search.
"""
