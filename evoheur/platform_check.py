"""Check of the system, which has to be Linux.

Linux may run in whatever way a machine has it.
"""

import sys

__all__ = ["refusal_of_system"]

_NAMES = {"win32": "Windows", "cygwin": "Cygwin", "darwin": "macOS"}
_WAYS = {"win32": "install evoheur inside WSL (wsl --install), or in a Linux container with Docker"}
_OTHERWISE = "install it in a Linux container or a virtual machine, for instance with Docker"


def refusal_of_system(platform: str = sys.platform) -> str:
    """What to tell users whose system cannot confine candidates.

    With a way out; empty on Linux.

    Args:
        platform: As `sys.platform` names it.

    Example:
        >>> refusal_of_system("linux")
        ''
    """
    if platform == "linux":
        return ""
    name = _NAMES.get(platform, platform)
    return (
        f"evoheur needs Linux, whose kernel confines what candidates do, and this is {name}; {_WAYS.get(platform, _OTHERWISE)}."
    )
