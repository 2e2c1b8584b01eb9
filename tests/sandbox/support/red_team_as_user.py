"""A program: give up root, then attack one level and write a line of JSON per verdict.

python red_team_as_user.py process|L0|L1 ATTACK...
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from evoheur.testing.red_team.attack_range import Range
from evoheur.testing.red_team.team import ATTACKS
from tests.sandbox.support.ordinary_user import become
from tests.sandbox.support.red_team_levels import LEVELS

__all__ = ["CANNOT", "main"]

CANNOT = 3
"""Exit code where root cannot be given up with the interpreter in reach."""


def main(level: str, *names: str) -> None:
    """Run the attacks on the sandbox itself; those on scores do not depend on who runs them."""
    try:
        become([Path(__file__).resolve().parents[3]])
    except OSError as error:  # root of a container, for example, may not mount
        sys.stderr.write(str(error))
        sys.exit(CANNOT)
    with Range(LEVELS[level]) as place:
        for attack in (each for each in ATTACKS if each.name in names):
            sys.stdout.write(json.dumps(asdict(place.run(attack))) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
