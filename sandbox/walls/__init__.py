"""Walls of the Linux kernel around a process.

One mechanism a module, through `ctypes` alone; runs in the guest and its children.
"""
