"""What benchmarks measure against, and how."""
