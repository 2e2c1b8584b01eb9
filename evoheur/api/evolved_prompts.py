"""The instructions of a run that evolved, with their credit."""

from evoheur.archive.reader import ArchiveReader
from evoheur.charts.search_structure import search_structure
from evoheur.strategies.evolved_prompt import EvolvedPrompt

__all__ = ["EvolvedPrompt", "read_evolved_prompts"]


def read_evolved_prompts(archive: ArchiveReader, run_name: str) -> tuple[EvolvedPrompt, ...]:
    """Replay a run, which may be going on, and read off its instructions.

    Args:
        archive: Has the run.
        run_name: Its name.

    Returns:
        The original first, then in the order they came; none where prompts do not evolve.

    Raises:
        ArchiveError: There is no such run.
        ConfigError: Its strategy is not installed here, or its settings are of another version.
        ReplayDiverged: The strategy does not do today what it did then, or the run came from a file without its outcomes.
    """
    return search_structure(archive, run_name, moments=1).prompts
