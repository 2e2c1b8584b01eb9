"""Heuristics with everything taken away that they do not need.

Three stages, each held against scores: rewrites that leave every cost as it is, removal of terms that no family of instances needs, and
constants with fewer digits. `simplifier` goes through them.
"""
