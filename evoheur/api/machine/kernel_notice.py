"""Whether compiled kernels are kept from one process to the next."""

from evoheur.kernel_cache import kernel_cache

__all__ = ["kernel_notice"]


def kernel_notice() -> str:
    """What to tell somebody whose kernels cannot be kept, so that every process compiles for itself; empty where they are."""
    return kernel_cache().notice
