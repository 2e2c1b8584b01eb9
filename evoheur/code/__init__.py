"""What is known of a candidate's code without running it.

`program` parses a source once for everybody who asks.
"""
