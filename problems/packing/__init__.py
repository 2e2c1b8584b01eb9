"""The shared parts of the bin packing problems."""
