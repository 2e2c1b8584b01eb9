"""Reading streams of items from files, which are those of the other online problem."""

from evoheur.problems.bin_packing_online.files import read_streams

__all__ = ["read_streams"]
