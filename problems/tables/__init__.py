"""Tables of the textbook rules on published benchmark files.

They are those of `docs/textbook-rules.md`; the guest has no need of it.
"""
