"""How many examples Hypothesis tries: by profile, and by what one example costs.

A property test whose examples cost a millisecond or a few needs no settings at all: the profile decides. One whose examples are dearer, or
so cheap that more can be had, says so in a word: `@dear()`, `@very_dear()`, `@cheap()`.

| profile    | runs in                | cheap | no word | dear | very dear |
| ---------- | ---------------------- | ----- | ------- | ---- | --------- |
| `quick`    | `make test-fast`       |    34 |      10 |    4 |         2 |
| `evoheur`  | `make test`, pytest    |    40 |      12 |    4 |         2 |
| `thorough` | `make test-nightly`    |   200 |      60 |   20 |         8 |
| `nightly`  | `make test-properties` |  2000 |     600 |  200 |        80 |
"""

import math
import os
from collections.abc import Collection

from hypothesis import HealthCheck, settings

__all__ = ["cheap", "dear", "load_profiles", "very_dear"]

_CHEAP, _NO_WORD, _DEAR, _VERY_DEAR = 200, 60, 20, 8


def load_profiles() -> None:
    """Register the four profiles and load `evoheur`; pytest's `--hypothesis-profile` loads another afterwards.

    How long an example takes depends on what else the machine does, so there is no deadline in any of them. Where the environment has CI,
    as it has in `.ci/run` and on most hosts, examples are the same each time: a change is not refused for what it did not bring.
    """
    same = "CI" in os.environ
    settings.register_profile("quick", max_examples=_NO_WORD // 6, deadline=None, derandomize=same)
    settings.register_profile("evoheur", max_examples=_NO_WORD // 5, deadline=None, derandomize=same)
    settings.register_profile("thorough", max_examples=_NO_WORD, deadline=None, derandomize=same, print_blob=True)
    settings.register_profile("nightly", max_examples=_NO_WORD * 10, deadline=None, derandomize=same, print_blob=True)
    settings.load_profile("evoheur")


def cheap(*, suppress_health_check: Collection[HealthCheck] = ()) -> settings:
    """Settings of a test whose examples cost microseconds, and which looks for a rare case."""
    return _scaled(_CHEAP, suppress_health_check)


def dear(*, suppress_health_check: Collection[HealthCheck] = ()) -> settings:
    """Settings of a test whose examples cost tens of milliseconds: a solve, an archive, a screen."""
    return _scaled(_DEAR, suppress_health_check)


def very_dear(*, suppress_health_check: Collection[HealthCheck] = ()) -> settings:
    """Settings of a test whose examples cost half a second or more: a process, a run."""
    return _scaled(_VERY_DEAR, suppress_health_check)


def _scaled(examples: int, suppress_health_check: Collection[HealthCheck]) -> settings:
    of_profile = settings.get_profile(settings.get_current_profile_name()).max_examples
    return settings(max_examples=math.ceil(examples * of_profile / _NO_WORD), suppress_health_check=suppress_health_check)
