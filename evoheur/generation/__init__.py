"""Generators, which turn prompts into replies, and parsing of replies.

Parsing turns a reply into code.
"""
