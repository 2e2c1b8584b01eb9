"""A travelling salesman's tour built city by city."""
