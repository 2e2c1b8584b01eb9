"""An observer: writes a line to a file whenever a heuristic is the best so far."""

from pathlib import Path

from evoheur.run.configured_observers import ObserverConfig
from evoheur.run.events import Event, NewBest, Observer

__all__ = ["Bell", "BellConfig"]


class BellConfig(ObserverConfig):
    """Rings at every new best heuristic."""

    kind: str = "bell"
    path: Path = Path("bell.txt")
    """Where the lines go; they are added to what is there."""

    def build(self) -> "Bell":
        """Make the observer."""
        return Bell(self.path)


class Bell(Observer):
    """Hears every event of a run, after the fact; what it raises is logged and ends its part, not the run."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def notify(self, event: Event) -> None:
        """Ring for a new best."""
        if isinstance(event, NewBest):
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{event.candidate.objective:g} by candidate {event.candidate.id}\n")
