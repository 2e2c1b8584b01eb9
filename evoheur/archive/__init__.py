"""The archive of every run, in a SQL database.

Every request, prompt, reply, candidate and evaluation.
"""
