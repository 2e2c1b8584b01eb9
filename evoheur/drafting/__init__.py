"""Drafts of problems that a model writes, checked in a jail until their author says yes."""
