"""Vehicle routes found by an ant colony."""
