"""A travelling salesman's tour by iterated local search with chosen kicks."""
