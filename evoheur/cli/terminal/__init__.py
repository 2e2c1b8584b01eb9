"""Input, output and signals of a terminal.

Streams, consoles, displays, Ctrl-C, faults of the machine.
"""
