"""What goes to a terminal and what comes from it: streams, consoles, displays, signals, faults of the machine."""
