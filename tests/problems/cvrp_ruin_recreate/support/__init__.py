"""What the tests of ruin and recreate share."""
