"""Best known lengths."""

__all__ = ["BEST_KNOWN"]

BEST_KNOWN: dict[str, float] = {}
