"""Vehicle routes with time windows that grow by insertion."""
