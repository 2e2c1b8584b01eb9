"""Other numbers for a heuristic that is there already: found by evaluating, without a model."""
