"""Configuration, assembly and course of a run.

The loop, resume by replay, budgets and events.
"""
