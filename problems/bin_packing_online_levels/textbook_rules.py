"""The textbook rules, which are those of the other online problem."""

from evoheur.problems.bin_packing_online.textbook_rules import RULES

__all__ = ["RULES"]
