"""What NaN means in online bin packing, written into the runs that left it to the default.

The default was that it is a fault, and is now that it wins; so that a run goes on as it began, its configuration says so.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_RUN = sa.table("run", sa.column("id"), sa.column("problem"), sa.column("config", sa.JSON()))


def upgrade() -> None:
    """Change stored configurations only."""
    connection = op.get_bind()
    for number, config in connection.execute(
        sa.select(_RUN.c.id, _RUN.c.config).where(_RUN.c.problem == "bin_packing_online")
    ).all():
        changed = _with_nan(config)
        if changed is not None:
            connection.execute(_RUN.update().where(_RUN.c.id == number).values(config=changed))


def _with_nan(config: Any) -> dict[str, Any] | None:
    problem = config.get("problem") if isinstance(config, Mapping) else None
    if not isinstance(problem, Mapping):
        return None
    settings = problem.get("settings") or {}
    if "nan" in settings:
        return None
    return {**config, "problem": {**problem, "settings": {**settings, "nan": "error"}}}
