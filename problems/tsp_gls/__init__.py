"""A travelling salesman's tour by guided local search."""
