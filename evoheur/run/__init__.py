"""Putting it to work: configuration, the loop, resume by replay, budgets and events."""
