"""A sandbox, configured as a user's own would be, that tells what the worker which makes it can see."""

import json
import os
from pathlib import Path

from evoheur.evaluation.isolation import ProcessConfig
from evoheur.sandbox.interface import Entry, Sandbox

KIND = "tests.evoheur.evaluation.ray.support.reporting:ReportingConfig"


class ReportingConfig(ProcessConfig):
    """Writes the environment and working directory of the process it is built in."""

    kind: str = KIND  # type: ignore[assignment]
    folder: str

    def build(self, entry: Entry) -> Sandbox:
        seen = {"environ": dict(os.environ), "cwd": os.getcwd()}  # noqa: PTH109 - a string for JSON
        (Path(self.folder) / f"{os.getpid()}.json").write_text(json.dumps(seen))
        return super().build(entry)
