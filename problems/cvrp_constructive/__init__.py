"""Vehicle routes built customer by customer."""
