"""Prizes that attacks are after, each with eyes outside the sandbox."""
