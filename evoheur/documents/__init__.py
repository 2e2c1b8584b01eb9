"""The documents that evoheur writes for programs.

Their forms, their versions and their JSON schemas.
"""
