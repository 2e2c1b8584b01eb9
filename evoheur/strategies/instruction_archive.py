"""An archive of instructions, and which of them the next prompt shows.

Source: ShinkaEvolve (Lange et al. 2025, arXiv 2509.19349), whose release keeps ten system prompts, chooses by an upper confidence bound
with c = 1, uniformly at random one time in ten, and takes for the fitness of a prompt with fewer than three correct programs that of the
best established one plus c. How ours differs: credit is that of `InstructionCredit`; what failed is a child as well; at most a fifth of the
requests show an instruction that is not established; and the original, which adds nothing to the templates, always stays.
"""

import math
import random
from collections.abc import Sequence

from evoheur.strategies.evolved_prompt import EvolvedPrompt, Instruction, PromptOrigin
from evoheur.strategies.instance_front import front_leads
from evoheur.strategies.instruction_credit import ChildWorth, InstructionCredit

__all__ = ["ESTABLISHED", "LONGEST", "SHORTEST", "UNESTABLISHED_SHARE", "InstructionArchive"]

ESTABLISHED = 3
"""Children from which on an instruction is established."""
UNESTABLISHED_SHARE = 0.2
"""Share of the requests that may show an instruction that is not."""
SHORTEST, LONGEST = 50, 2000
"""Characters that an instruction may have."""


class InstructionArchive:
    """The instructions of a run; the original is one of them from the start.

    Args:
        size: How many are kept beside the original.
        exploration: c, the weight of what is not known.
        uniform: ε, the share of choices that are uniformly at random.
        rng: Source of randomness.
    """

    def __init__(self, *, size: int, exploration: float, uniform: float, rng: random.Random) -> None:
        self._size = size
        self._exploration = exploration
        self._uniform = uniform
        self._rng = rng
        self._all = [Instruction(number=0)]
        self._kept = [0]
        self._uses: dict[int, int] = {0: 0}
        self._shown = 0  # uses of all
        self._new_uses = 0  # requests that showed one that was not established then
        self._numbers = {"": 0}
        self._credit = InstructionCredit()

    def __getitem__(self, number: int) -> Instruction:
        """The instruction of that number, kept or not."""
        return self._all[number]

    def number_of(self, text: str) -> int:
        """The number of the instruction with that text."""
        return self._numbers[text]

    @property
    def uses(self) -> int:
        """Requests that showed one, the original included."""
        return self._shown

    @property
    def waiting(self) -> Sequence[int]:
        """Those kept that are not established."""
        return [number for number in self._kept if not self.is_established(number)]

    @property
    def established(self) -> Sequence[int]:
        """Those kept that are established, the original first."""
        return [number for number in self._kept if self.is_established(number)]

    def is_established(self, number: int) -> bool:
        """Whether its credit rests on enough children.

        The original's is what others are measured by.
        """
        return number == 0 or self._credit.children(number) >= ESTABLISHED

    def choose(self, operator: str) -> int:
        """Choose an instruction for an operator."""
        number = self._chosen(operator)
        self._new_uses += not self.is_established(number)
        self.show(number)
        return number

    def show(self, number: int) -> None:
        """Count an instruction as shown."""
        self._shown += 1
        self._uses[number] += 1

    def best(self) -> int:
        """The established one of most credit.

        Of equal ones the newest, so that a text comes before none.
        """
        return max(self.established, key=lambda number: (self._credit_or_half(number), number))

    def index(self, number: int, operator: str) -> float:
        """The confidence bound at an operator, or the optimistic prior."""
        if not self.is_established(number):
            return max(self._worth(known, operator) for known in self.established) + self._exploration
        tries = max(1, self._uses[number])
        return self._worth(number, operator) + self._exploration * math.sqrt(math.log(max(1, self.uses)) / tries)

    def add(self, text: str, *, origin: PromptOrigin, parent: int) -> Instruction | None:
        """Take an instruction in.

        None where it is too short, too long, has code in it or is known. The least of the established ones makes room, else the
        oldest; never the original.
        """
        text = text.strip()
        if not self.takes(text):
            return None
        added = Instruction(number=len(self._all), text=text, origin=origin, parent=parent)
        if len(self._kept) > self._size:
            self._kept.remove(self._least())
        self._all.append(added)
        self._kept.append(added.number)
        self._uses[added.number] = 0
        self._numbers[text] = added.number
        return added

    def takes(self, text: str) -> bool:
        """Whether a text may become an instruction."""
        return SHORTEST <= len(text.strip()) <= LONGEST and "```" not in text and text.strip() not in self._numbers

    def leads(self, numbers: Sequence[int]) -> list[int]:
        """On how many training instances each instruction leads.

        By the mean percentile of its children there; see `front_leads`. One that has no children there stands at a half. Where
        nothing is known by instance, their credit is all there is.
        """
        rows = self._credit.instance_rows(numbers)
        return front_leads(rows if rows[0] else [[1.0 - self._credit_or_half(number)] for number in numbers])

    def told(self, child: ChildWorth) -> None:
        """Give credit for what a request brought."""
        self._credit.add(child)

    def credit(self, number: int) -> float:
        """Mean percentile of its children; 0.5 without any."""
        return self._credit_or_half(number)

    def report(self) -> tuple[EvolvedPrompt, ...]:
        """All instructions ever, in order."""
        return tuple(
            EvolvedPrompt(
                instruction=each,
                is_kept=each.number in self._kept,
                is_established=self.is_established(each.number),
                uses=self._uses[each.number],
                children=self._credit.children(each.number),
                credit=self._credit.overall(each.number),
                by_operator=self._credit.by_operator(each.number),
            )
            for each in self._all
        )

    def _chosen(self, operator: str) -> int:
        has_room = self._new_uses + 1 <= UNESTABLISHED_SHARE * (self.uses + 1)
        allowed = self._kept if has_room else self.established
        if self._rng.random() < self._uniform:
            return self._rng.choice(allowed)
        return max(allowed, key=lambda number: (self.index(number, operator), -number))

    def _worth(self, number: int, operator: str) -> float:
        return self._credit.at(number, operator, weight=ESTABLISHED)

    def _credit_or_half(self, number: int) -> float:
        known = self._credit.overall(number)
        return 0.5 if known is None else known

    def _least(self) -> int:
        known = [number for number in self.established if number]
        return min(known, key=self._credit_or_half) if known else self._kept[1]
