"""The web view: pages on the runs of an archive, served to this machine only.

It reads archives through the front door, as the command line does, and never runs a candidate's code.
"""
