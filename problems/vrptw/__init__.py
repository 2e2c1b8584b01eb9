"""The shared parts of vehicle routing with time windows."""
