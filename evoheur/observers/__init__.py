"""Observers, which hear of events after the fact.

They can neither steer nor stop a run.
"""
