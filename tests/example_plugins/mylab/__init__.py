"""Parts of evoheur of our own: an example that is installed and run by the tests."""
