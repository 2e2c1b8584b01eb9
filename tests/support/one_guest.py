"""The `evaluation` section of runs that prove something else than how candidates are kept apart."""

from collections.abc import Mapping
from typing import Any

__all__ = ["ONE_GUEST"]

ONE_GUEST: Mapping[str, Any] = {
    "sandbox": {"kind": "process", "allow_unisolated": True},
    "executor": {"kind": "local", "slots": 1},
}
"""One guest without a jail: a small run takes half a second of processor time with it, and nearly twice that with two in jails."""
