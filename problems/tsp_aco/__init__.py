"""A travelling salesman's tour by an ant colony."""
