"""The shared parts of tour and routing problems.

What travelling salesman and vehicle routing problems share: metrics, checks of visits, recorded references.
"""
