"""Ruin and recreate as published, compiled as a whole: the guest has no need of it."""
