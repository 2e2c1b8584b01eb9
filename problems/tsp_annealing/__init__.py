"""A travelling salesman's tour by simulated annealing under control."""
