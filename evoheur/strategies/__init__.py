"""Which heuristics to breed: every search method is one pure state machine behind `ask` and `tell`."""
