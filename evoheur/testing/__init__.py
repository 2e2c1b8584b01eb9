"""Contract tests that every strategy, generator, sandbox, executor and problem must pass, ours and yours.

Subclass the contract in your own test suite, provide its factory method, and pytest collects the expectations.
"""
