"""Published ruin and recreate, compiled as a whole.

The guest has no need of it.
"""
