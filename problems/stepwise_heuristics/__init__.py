"""Stepwise heuristics: functions that are asked again and again, as instructions that one compiled loop carries out.

A candidate with loops, branches, functions of its own, lists, sets and dicts is translated (`step_translation`) and carried out
by one machine for all (`run_loop`) with Python's kinds of values, so nothing is compiled for each. What the machine does not know
how to do exactly, it leaves to Python, that one question alone (`asked`).
"""
