"""A travelling salesman's tour that grows by insertion."""
