"""Textbook rules written as heuristics of the problem, with which a search can begin."""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "spt": {"priority": "-time"},
    "mwkr": {"priority": "remaining.copy()"},
    "mopnr": {"priority": "operations.copy()"},
    "fifo": {"priority": "waited.copy()"},
    "spt_winq": {"priority": "-(time + next_queue)"},
    "spt_winq_npt": {"priority": "-(2 * time + next_time + next_queue)"},
    "spt_mwkr": {"priority": "np.where(remaining == 0.0, 0.0, -time / remaining)"},
    "flow_due_date_mwkr": {"priority": "np.where(remaining == 0.0, 0.0, -(done + time) / remaining)"},
}
"""Textbook rule → function → the expression that it returns."""
