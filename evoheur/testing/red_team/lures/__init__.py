"""Lures: prizes of attacks, watched from outside the sandbox."""
