"""Draft the next revision of the schema.

From what the models have and the latest schema lacks: `python -m evoheur.archive.migrations "why"`. Alembic compares columns, keys and
indexes, not check constraints; read the draft, complete it, and rename nothing once released.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from evoheur.archive.connection import connect
from evoheur.archive.schema_state import SCRIPTS, alembic_config, migrate

__all__ = ["draft"]


def draft(message: str, scratch: Path, *, scripts: Path = SCRIPTS) -> None:
    """Write a revision file.

    Args:
        message: What it changes and why; becomes its name.
        scratch: Folder where a database may be made.
        scripts: Alembic's folder, to whose `versions` the file is added.
    """
    url = f"sqlite:///{scratch / 'scratch.db'}"
    migrate(url, "rwc", scripts=scripts)
    latest = ScriptDirectory.from_config(alembic_config(scripts=scripts)).get_current_head()
    number = f"{int(latest or 0) + 1:04}"
    engine = connect(url, "rw")
    with engine.begin() as connection:
        command.revision(alembic_config(connection, scripts), message, autogenerate=True, rev_id=number)
    engine.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        draft(" ".join(sys.argv[1:]), Path(folder))
