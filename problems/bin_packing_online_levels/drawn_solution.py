"""Drawings of the problem's solutions, which are those of online bin packing."""

from evoheur.problems.bin_packing_online.drawn_solution import draw

__all__ = ["draw"]
