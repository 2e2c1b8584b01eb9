"""The version of evoheur, for those parts of it that must not import the whole."""

__version__ = "0.1.0"
