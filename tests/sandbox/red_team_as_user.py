"""A program: give up root, then attack one level and write a line of JSON per verdict.

python red_team_as_user.py process|L0|L1
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from evoheur.testing.red_team.run import Range
from evoheur.testing.red_team.team import ATTACKS
from tests.sandbox.ordinary_user import become
from tests.sandbox.red_team_levels import LEVELS


def main(level: str) -> None:
    """Run the attacks on the sandbox itself; those on scores do not depend on who runs them."""
    become([Path(__file__).resolve().parents[2]])
    with Range(LEVELS[level]) as place:
        for attack in ATTACKS:
            sys.stdout.write(json.dumps(asdict(place.run(attack))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
