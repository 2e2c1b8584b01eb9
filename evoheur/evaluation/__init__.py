"""Evaluation: what a candidate is worth.

Screening, the guest's job, pricing on the trusted side, executors.
"""
