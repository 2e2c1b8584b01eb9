"""A flow shop's order of jobs by iterated greedy search with chosen jobs."""
