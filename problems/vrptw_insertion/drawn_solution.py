"""Drawings of the problem's solutions."""

from evoheur.problems.vrptw.timed_drawing import draw

__all__ = ["draw"]
