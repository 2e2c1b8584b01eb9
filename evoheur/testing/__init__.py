"""Contract tests for every kind of plug-in.

Every strategy, generator, sandbox, executor and problem must pass its contract, ours and yours.

Subclass the contract in your own test suite, provide its factory method, and pytest collects the expectations.
"""
