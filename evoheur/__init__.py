"""evoheur discovers heuristics for hard combinatorial problems by evolving code with a language model."""

__version__ = "0.1.0"
