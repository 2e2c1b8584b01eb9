"""What only the trusted side may hold."""

VALUES = {"train": (5, 1, 4, 2, 8, 3), "validation": (2, 7, 1, 8, 2, 8), "test": (3, 1, 4, 1, 5, 9)}
