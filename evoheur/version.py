"""The version of evoheur.

It lies here for those parts that must not import the whole.
"""

__version__ = "0.1.0"
