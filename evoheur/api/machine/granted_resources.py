"""Processors, memory and means of isolation that the system grants.

They are read and never changed.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["Kernel", "granted_processors", "landlock_abi"]

_LANDLOCK_CREATE_RULESET = 444  # the same number on every architecture
_LANDLOCK_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION: asks for the ABI and creates nothing
_UNLIMITED = 1 << 60  # control groups of version 1 say "no limit" with a number near 2**63


class Kernel:
    """The grants of the kernel, read from /proc and /sys.

    Args:
        root: Where they are found; another than "/" is for tests.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self._proc = root / "proc"
        self._groups = root / "sys/fs/cgroup"

    def processors(self) -> float | None:
        """The number of processors that control groups grant.

        Such as 1.5; None where they set no limit.
        """
        quotas = [
            float(quota) / float(period)
            for quota, period in [*self._pairs_v2(), *self._pairs_v1()]
            if quota != "max" and float(quota) > 0 and float(period) > 0
        ]
        return min(quotas, default=None)

    def memory(self) -> tuple[int, int] | None:
        """Bytes of memory, and bytes of it that are available.

        Limits of control groups are applied. None where the kernel does not say.
        """
        words = dict(line.split(":", 1) for line in _read(self._proc / "meminfo").splitlines() if ":" in line)
        if "MemTotal" not in words or "MemAvailable" not in words:
            return None
        total, available = (int(words[key].split()[0]) * 1024 for key in ("MemTotal", "MemAvailable"))
        texts = [_read(path) for path in (*self._files("", "memory.max"), *self._files("memory", "memory.limit_in_bytes"))]
        limits = [int(text) for text in texts if text.isdigit() and int(text) < _UNLIMITED]
        total = min([total, *limits])
        return total, min(available, total)

    def user_namespaces(self) -> bool:
        """Whether an ordinary user may make user namespaces.

        As far as the kernel's settings tell.
        """
        settings = self._proc / "sys"
        many = _read(settings / "user/max_user_namespaces")
        forbidden = (
            _read(settings / "kernel/unprivileged_userns_clone") == "0"  # Debian's switch
            or _read(settings / "kernel/apparmor_restrict_unprivileged_userns") == "1"  # Ubuntu's
        )
        return many.isdigit() and int(many) > 0 and not forbidden

    def seccomp_filters(self) -> bool:
        """True if processes may filter their system calls."""
        return "errno" in _read(self._proc / "sys/kernel/seccomp/actions_avail").split()

    def _pairs_v2(self) -> Iterator[tuple[str, str]]:
        for path in self._files("", "cpu.max"):
            words = _read(path).split()
            if len(words) == 2:
                yield words[0], words[1]

    def _pairs_v1(self) -> Iterator[tuple[str, str]]:
        for path in self._files("cpu", "cpu.cfs_quota_us"):
            period = _read(path.with_name("cpu.cfs_period_us"))
            if period:
                yield _read(path), period

    def _files(self, controller: str, name: str) -> Iterator[Path]:
        """The files of this process's control group and its ancestors.

        Controller "" is version 2's single hierarchy.
        """
        for line in _read(self._proc / "self/cgroup").splitlines():
            _, controllers, group = line.split(":", 2)
            if controller not in controllers.split(","):
                continue
            for mount in dict.fromkeys((controllers, controller)):
                top = self._groups / mount
                inner = top / group.lstrip("/")
                for folder in (inner, *inner.parents):
                    if folder.is_relative_to(top) and (folder / name).is_file():
                        yield folder / name


def landlock_abi() -> int | None:
    """Version of Landlock that the kernel offers; None without it."""
    if sys.platform != "linux":
        return None
    call = ctypes.CDLL(None, use_errno=True).syscall
    abi: int = call(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    return abi if abi > 0 else None


def granted_processors() -> int:
    """Processors this process may be scheduled on."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
