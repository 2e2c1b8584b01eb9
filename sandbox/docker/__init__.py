"""Isolation level `docker`: the guest of the jail in a hardened container, and the image it needs. Only `daemon` imports the Docker SDK."""
