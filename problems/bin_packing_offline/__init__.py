"""Offline bin packing: all items are known, then packed one by one."""
