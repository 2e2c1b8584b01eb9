"""The shared parts of tour and routing problems.

What travelling salesman and vehicle routing problems share: distance rules, checks of visits, recorded references.
"""
