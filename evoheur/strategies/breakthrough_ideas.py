"""Ideas that a model is asked for when a search stagnates, and what became of them."""

import re
from dataclasses import dataclass

__all__ = ["BreakthroughIdea", "IdeaBook", "read_ideas"]

_LONGEST = 600  # characters of an idea; a model that answers with an essay would fill every later prompt with it
_ITEM = re.compile(r"^[ \t]*(?:[-*] )?(?:\*\*)?(?:idea )?\d{1,3}[.):](?=\s)", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True, kw_only=True)
class BreakthroughIdea:
    """An idea, and how the search fared with it.

    Attributes:
        text: What to try, on one line.
        uses: Requests that it guided.
        told: Those of them that came to an end.
        worked: Outcomes that worked.
        improved: Outcomes that were better than the best of their island.
    """

    text: str
    uses: int = 0
    told: int = 0
    worked: int = 0
    improved: int = 0

    @property
    def verdict(self) -> str:
        """What came of it so far, in words."""
        if not self.told:
            return "not tried yet"
        if self.improved:
            return f"better than before in {self.improved} of {self.told}"
        return f"no better in {self.told}" if self.worked else f"failed in {self.told}"


def read_ideas(text: str, most: int) -> list[str]:
    """The numbered items of a reply, each on one line; no more than `most`.

    An item begins on a line of its own with its number; its text goes on to the next one. A reply without numbers has none.
    """
    found = list(_ITEM.finditer(text))
    ends = [item.start() for item in found[1:]] + [len(text)] * bool(found)
    items = [" ".join(text[item.end() : end].split())[:_LONGEST] for item, end in zip(found, ends, strict=True)]
    return [item for item in items if item][:most]


class IdeaBook:
    """The latest ideas with their outcomes.

    Args:
        uses: How often one idea may guide a request.
        shown: How many of the latest ideas, with what became of them, the next request for ideas shows.
    """

    def __init__(self, *, uses: int, shown: int) -> None:
        self._uses = uses
        self._shown = shown
        self._ideas: dict[int, BreakthroughIdea] = {}  # by number, from 1, oldest first
        self._next = 1

    def add(self, texts: list[str]) -> None:
        """Write ideas down; the oldest are forgotten that will neither be used nor shown."""
        for text in texts:
            self._ideas[self._next] = BreakthroughIdea(text=text)
            self._next += 1
        for number in [*self._ideas][: -self._shown]:
            if self._ideas[number].uses >= self._uses:
                del self._ideas[number]

    def take(self) -> tuple[int, str] | None:
        """Number and text of the idea that guides the next request, which counts as a use.

        It is the least used one, then the oldest. None where every idea was used as often as it may be.
        """
        usable = [number for number, idea in self._ideas.items() if idea.uses < self._uses]
        if not usable:
            return None
        number = min(usable, key=lambda place: (self._ideas[place].uses, place))
        self._ideas[number].uses += 1
        return number, self._ideas[number].text

    def learn(self, number: int, *, worked: bool, improved: bool) -> None:
        """Write down what became of a request that an idea guided."""
        if idea := self._ideas.get(number):
            idea.told += 1
            idea.worked += worked
            idea.improved += improved

    def report(self) -> str:
        """The latest ideas and what became of each, one per line; empty while there are none."""
        latest = [*self._ideas.values()][-self._shown :]
        return "\n".join(f"{idea.text} ({idea.verdict})" for idea in latest)
