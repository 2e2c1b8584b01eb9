"""The command line.

Each command checks what it was given, calls the library, and shows what came of it.
"""

import sys

from evoheur.api.machine import refusal_of_system

# Before anything is imported that another system does not have.
if _refusal := refusal_of_system():
    sys.stderr.write(f"error: {_refusal}\n")
    raise SystemExit(2)
