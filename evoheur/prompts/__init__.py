"""Prompts, made from templates, the problem card and the parents.

There is one template per operator.
"""
