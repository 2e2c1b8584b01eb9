"""MAP-Elites' grid with niches.

They are a further axis that is not a measure of the code.
"""

import random
from collections.abc import Mapping, Sequence

from evoheur.candidate import Candidate
from evoheur.strategies.measure_grid import Bins, Cell, Grid
from evoheur.strategies.niches import Niches, NichesConfig

__all__ = ["NICHE_AXIS", "NicheGrid"]

NICHE_AXIS = "niche"
"""The name of the axis; the last of a cell's numbers is the niche's."""


class NicheGrid(Grid):
    """The best candidate of every cell of every niche.

    When niches are formed anew all elites move to their new cells; where two meet, the better stays, of equal ones the older.

    Args:
        bins: As of `Grid`.
        config: Of the niches.
    """

    def __init__(self, bins: Mapping[str, Bins], config: NichesConfig) -> None:
        super().__init__(bins)
        self._niches = Niches(config)
        self.edges = {**self.edges, NICHE_AXIS: tuple(float(edge) for edge in range(config.count + 1))}

    def cell_of(self, candidate: Candidate) -> Cell:
        """The cell by measures, and the niche as last number."""
        measured = super().cell_of(candidate)[:-1]  # no candidate has a measure of the axis's name
        return (*measured, self._niches.label(candidate))

    def add(self, candidate: Candidate) -> bool:
        """Keep a candidate that is its cell's first or best.

        Niches may be formed anew then.
        """
        kept = super().add(candidate)
        if candidate.objective is not None:
            self._niches.arrived()
            if self._niches.due(len(self._elites)):
                self.refile(list(self._elites.values()))
        return kept

    def refile(self, elites: Sequence[Candidate]) -> None:
        """Form niches of elites, and put them into their cells.

        Args:
            elites: What is to be held; those that failed are left out.
        """
        working = [elite for elite in elites if elite.objective is not None]
        held = {elite.id: cell[-1] for cell, elite in self._elites.items()}
        self._niches.form(working, lambda elite: held.get(elite.id, 0))
        self._elites.clear()
        self._occupied.clear()
        for elite in sorted(working, key=lambda each: each.id):
            super().add(elite)

    def draw(self, count: int, rng: random.Random) -> tuple[Candidate, ...]:
        """Draw elites of so many different niches.

        Each niche and then each of its cells is as likely as any other.

        Where there are fewer niches, those of different cells of all; at most `len(elites)`.
        """
        by_niche: dict[int, list[Cell]] = {}
        for cell in self._occupied:
            by_niche.setdefault(cell[-1], []).append(cell)
        if len(by_niche) < count:
            return super().draw(count, rng)
        chosen = rng.sample(sorted(by_niche), count)
        return tuple(self._elites[rng.choice(by_niche[niche])] for niche in chosen)

    def mates_of(self, first: Candidate) -> Sequence[Candidate]:
        """The elites of other niches.

        All, where there is no niche but the first parent's.
        """
        niche = next((cell[-1] for cell, elite in self._elites.items() if elite.id == first.id), None)
        others = [elite for cell, elite in self._elites.items() if cell[-1] != niche]
        return others or list(self._elites.values())
