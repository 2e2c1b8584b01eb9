"""Bundled problems: one folder each, with `problem.py` as its whole definition."""
