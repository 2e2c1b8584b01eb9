"""The notice that compiled kernels cannot be kept."""

from evoheur.kernel_cache import kernel_cache

__all__ = ["kernel_notice"]


def kernel_notice() -> str:
    """The notice for somebody whose kernels cannot be kept.

    Every process compiles for itself then. Empty where they are kept.
    """
    return kernel_cache().notice
