"""Online one-dimensional bin packing; `problem.py` is its definition."""
