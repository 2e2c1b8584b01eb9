"""Findings on this machine.

Isolation levels, processors, memory, packages, a place for compiled kernels.
"""

from evoheur.platform_check import refusal_of_system

__all__ = ["refusal_of_system"]
