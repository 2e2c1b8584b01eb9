"""Isolation level `docker`: hardened containers and their image.

The guest in the container is that of the jail. Only `daemon` imports the Docker SDK.
"""
