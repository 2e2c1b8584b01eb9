"""Decides from the syntax tree whether a rule scores every bin by the item and that bin's own free space alone."""

from .module import Verdict, analyse

__all__ = ["Verdict", "analyse"]
