"""Online one-dimensional bin packing by levels; `problem.py` is its definition."""
