"""Comparison of archived runs: counts, figures and tests.

Without a word on how they are shown.
"""
