"""The forms of instance files that both packing problems read, for people."""

__all__ = ["FORMATS"]

FORMATS = (
    ".txt, .bpp: how many items, the capacity, then the sizes (BPPLIB); or a line with size and count for each size",
    '.txt, .bpp, .csv: a first line "capacity 100", then the sizes, a line each or separated by commas, spaces or semicolons',
    ".txt, .bpp: several instances as in the OR-Library: how many; then each one's name, capacity, number of items, best known bins, sizes",
    '.csv, .txt: a table with a column size (or weight), and count, capacity, instance if wanted; or "capacity,100" on a line above it',
    '.json: {"capacity": 100, "items": [30, 70]}, a list of such, {"name": {...}}, or {"meta": {"set": ...}, "instances": [...]}',
    "any: # begins a comment, decimals are scaled to whole numbers by one power of ten, and the file's order is kept",
)
"""A line each."""
