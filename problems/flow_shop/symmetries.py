"""The symmetry of the flow shop problems: other units.

Renumbered jobs are none, since among equals the lower number comes first.
"""

from evoheur.problem import scaled

__all__ = ["LONGER_TIMES"]

LONGER_TIMES = scaled("times", by=1000)
"""All times in a smaller unit; they stay whole numbers."""
