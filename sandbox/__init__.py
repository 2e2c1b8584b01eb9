"""Isolation of untrusted code; standard library only, nothing of ours."""

import sys

if sys.platform != "linux":
    raise ImportError(
        f"Candidates are confined by the Linux kernel, and this is {sys.platform}; run evoheur in a Linux container (Docker), or in WSL."
    )
