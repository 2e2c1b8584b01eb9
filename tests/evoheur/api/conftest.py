"""The run that the tests of the command line look at, for the tests of what is behind it."""

from tests.evoheur.cli.conftest import _own_folder, finished, history, write_config

__all__ = ["_own_folder", "finished", "history", "write_config"]
