"""What the bin-packing problems share."""
