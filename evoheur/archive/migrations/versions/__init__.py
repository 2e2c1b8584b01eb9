"""The revisions of the schema, one file each.

In the order of their numbers; a released one is never changed.
"""
