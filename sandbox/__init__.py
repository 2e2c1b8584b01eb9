"""The boundary to untrusted code; imports nothing of ours, standard library only."""

import sys

if sys.platform != "linux":
    raise ImportError(
        f"Candidates are confined by the Linux kernel, and this is {sys.platform}; run evoheur in a Linux container (Docker), or in WSL."
    )
