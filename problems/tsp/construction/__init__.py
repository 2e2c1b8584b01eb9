"""Textbook constructions of a tour."""
