"""A flow shop's order of jobs that grows by insertion."""
