"""Tuning: other numbers for a heuristic, found by evaluating.

No model is asked.
"""
