"""Flat heuristics: scores that are one formula of numbers and vectors, as a list of steps.

One without loops, branches and calls of its own is translated in the guest (`translation`), travels as plain data (`flat_heuristic`), and
is computed by one compiled loop (`kernels`) on either side. Nothing is compiled for each of them.
"""
