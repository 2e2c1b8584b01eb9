"""Flat rules: scores that are one formula of numbers and vectors, as a list of steps.

A rule without loops, branches and calls of its own is translated in the guest (`translation`), travels as plain data (`flat_rule`), and is
computed by one compiled loop (`kernels`) on either side. Nothing is compiled per rule.
"""
