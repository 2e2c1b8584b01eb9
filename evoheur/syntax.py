"""Parsing a candidate's source without a word on the user's terminal."""

import ast
import threading
import warnings

__all__ = ["parsed"]

_quiet = threading.Lock()  # what is ignored is ignored in the whole process, so one thread at a time


def parsed(code: str) -> ast.Module:
    """The tree of a source; that it has an invalid escape in a string is no news to our user.

    Args:
        code: Source that parses.
    """
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)
