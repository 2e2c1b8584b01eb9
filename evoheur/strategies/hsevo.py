"""HSEvo: ReEvo with fewer reflections, personas and tuned constants.

One reflection per generation takes the place of one per pair; there are ten personas at the start, and tuned constants.

Source: Pham Vu Tuan Dat et al. 2025, "HSEvo: Elevating Automatic Heuristic Design with Diversity-Driven Harmony Search and Genetic
Algorithm Using LLMs", AAAI (arXiv:2412.14995), and its release. Selection, replacement, elite and mutation are ReEvo's (Ye et al. 2024,
arXiv:2402.01145). Own are: the flash reflection, which looks at all selected heuristics at once, best first, and yields an analysis of
them and an experience; the comprehensive reflection, which weighs that experience against earlier ones that were followed by a new elite
and those that were not, and overwrites its predecessor; crossovers that are given analysis and comprehensive reflection, better parent
first; and harmony search over the constants of the best member that was not tuned yet, whose result joins the population though it may
be worse.

| step of a generation  | requests | parents                    | is given                                            |
| --------------------- | -------- | -------------------------- | --------------------------------------------------- |
| init (first only)     | 30       | problem's own              | one of ten personas in turn, temperature + 0.3      |
| reflect_flash         | 1        | all selected, best first   |                                                     |
| reflect_comprehensive | 1        |                            | experience; good and bad experiences before it      |
| crossover             | 10       | better, worse              | analysis; comprehensive reflection                  |
| mutate                | 5        | elite                      | comprehensive reflection                            |
| harmony               | 1        | best member not tuned yet  | how many evaluations it may take                    |

How ours differs. By default it runs in *steady state*: nothing waits for a reflection. A crossover takes the guidance that there is when it
is asked; with one request in flight that is the published order, with many it is at times the generation before's, or none at the very
start. When so many crossovers have ended as make a generation, whichever they are, their children replace the population, and mutants,
harmony search and the next flash reflection follow. `generational: true` restores the published barriers: with it the sequence of
requests is the published one. In both modes

* constants are found in the syntax tree and no model is asked for them (the release has the model rewrite them as parameters and name
  their ranges, which it then executes in its own process); there is one attempt per generation (the release makes up to three);
* a heuristic that was selected several times is shown to the flash reflection once, as its code would only repeat (the release means to,
  but compares texts that hold the rank);
* a reply without the two headings counts as analysis and as experience, whole;
* lists of experiences are bounded, and external knowledge is in the initial prompt (the release leaves its place empty);
* failed reflections leave the previous guidance in force, and a population without two different objectives, which ends the release's
  run, is topped up by further initial requests.
"""

import random
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request, RequestKind
from evoheur.strategies.personas import PERSONAS
from evoheur.strategies.reflective import FAILURES_SHOWN, LONGEST_NOTE, ReflectiveConfig, ReflectiveEvolution, note_text
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard

__all__ = ["FlashReflection", "HsEvo", "HsEvoConfig"]

_HEADING = re.compile(r"^[ \t#*_\d.)>-]*(analysis|experience)\b[ \t*_]*(?:[:.-]|$)[ \t*_]*", re.IGNORECASE | re.MULTILINE)
_LONGEST_FLASH = 20_000  # characters of a reply that are looked into
_RESULTS = {"results": '"yes": costs by instance are shown as well; else empty'}
_MEMORY = {"memory": "external knowledge and comprehensive reflection; may be empty"}


class HsEvoConfig(ReflectiveConfig):
    """HSEvo (Dat et al. 2025); defaults are the paper's values."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "init": OperatorCard(
            summary="vary the problem's own heuristic boldly, in the manner of a persona",
            parents=(1, 1),
            context={**BASELINE_SHOWN, "persona": "who the model is to be", "knowledge": "external knowledge; may be empty"},
        ),
        "reflect_flash": OperatorCard(
            summary="analyse heuristics, best first, and say what they teach",
            parents=(2, None),
            produces="note",
            context={**BASELINE_SHOWN, **_RESULTS},
        ),
        "reflect_comprehensive": OperatorCard(
            summary="weigh the newest experience against earlier ones; the parents failed and are there to learn from",
            parents=(0, FAILURES_SHOWN),
            produces="note",
            context={
                **BASELINE_SHOWN,
                "experience": "the newest experience",
                "good": "experiences that were followed by a new best heuristic, one per line; may be empty",
                "bad": "experiences that were not, one per line; may be empty",
            },
        ),
        "crossover": OperatorCard(
            summary="breed from a better and a worse heuristic, in this order",
            variation="vary",
            parents=(2, 2),
            context={**BASELINE_SHOWN, "analysis": "the flash reflection's analysis; may be empty", **_MEMORY},
        ),
        "mutate": OperatorCard(
            edits=True, summary="improve the elite", variation="vary", parents=(1, 1), context={**BASELINE_SHOWN, **_MEMORY}
        ),
        "harmony": OperatorCard(
            summary="tune the constants by harmony search",
            parents=(1, 1),
            kind=RequestKind.TUNING,
            context={"evaluations": "how many evaluations it may take", "method": '"harmony-search"'},
        ),
    }

    kind: Literal["hsevo"] = "hsevo"

    experiences: int = Field(default=10, ge=1)
    """The most good and the most bad experiences that are remembered, the latest ones. Release: all of them, without limit."""

    harmony_evaluations: int = Field(default=10, ge=0)
    """Evaluations of one harmony search; 0 for no harmony search. Paper: 10, of which 5 fill the harmony memory."""

    def build(self, baseline: Candidate, rng: random.Random) -> "HsEvo":
        """Make the strategy."""
        return HsEvo(self, baseline, rng)


@dataclass(frozen=True, slots=True)
class FlashReflection:
    """What a flash reflection says.

    Attributes:
        analysis: How the heuristics it was shown compare.
        experience: What is to be learnt from that for later ones, in one line.
    """

    analysis: str
    experience: str

    @classmethod
    def read(cls, text: str) -> "FlashReflection":
        """Take a reply apart at the headings "Analysis" and "Experience".

        A part that is missing or empty is the whole text.

        Args:
            text: Any text; headings may be marked up, numbered and in either order.
        """
        pieces = _HEADING.split(text)  # what stands before the first heading, then headings and what follows them in turn
        parts: dict[str, str] = {}
        for heading, body in zip(pieces[1::2], pieces[2::2], strict=True):
            parts.setdefault(heading.lower(), body.strip())
        analysis, experience = (parts.get(name) or text.strip() for name in ("analysis", "experience"))
        return cls(analysis[:LONGEST_NOTE], " ".join(experience.split())[:LONGEST_NOTE])


class HsEvo(ReflectiveEvolution):
    """HSEvo in steady state or by generations; see `ReflectiveEvolution` for when it waits."""

    cycle = ("reflect_flash", "reflect_comprehensive", "crossover", "mutate", "harmony")
    filler = "crossover"

    def __init__(self, config: HsEvoConfig, baseline: Candidate, rng: random.Random) -> None:
        super().__init__(config, baseline, rng)
        self._evaluations = config.harmony_evaluations
        self._selected: deque[tuple[Candidate, Candidate]] = (
            deque()
        )  # what the flash reflection sees; in steady state the rest of it
        self._flash = FlashReflection("", "")
        self._condensed = True  # whether the comprehensive reflection was asked about the newest experience
        self._improved = False  # whether a crossover or a mutation found a new elite since that experience
        self._good: deque[str] = deque(maxlen=config.experiences)
        self._bad: deque[str] = deque(maxlen=config.experiences)
        self._memory = self._knowledge
        self._tuned: set[int] = set()  # code numbers of what harmony search was asked for

    def _first_context(self, number: int) -> dict[str, str]:
        return {"baseline": "header", "persona": PERSONAS[number % len(PERSONAS)], "knowledge": self._knowledge}

    def _phase(self, name: str) -> Sequence[Request]:
        match name:
            case "reflect_flash":
                return self._reflect_flash() or self._start_again()
            case "reflect_comprehensive":
                return self._reflect_comprehensive()
            case "crossover":
                return self._crossovers() or self._start_again()
            case "mutate":
                return self._mutate()
            case _:
                return self._harmony()

    def _learn(self, request: Request, outcome: Outcome) -> None:
        match request.operator:
            case "reflect_flash":
                self._learn_flash(note_text(outcome, longest=_LONGEST_FLASH))
            case "reflect_comprehensive":
                if text := note_text(outcome):
                    self._memory = f"{self._knowledge}\n{text}".strip()
            case "crossover":
                elite = self._population.elite
                if self._population.add_child(outcome) and not self._settings.generational:
                    self._due.extend(("mutate", "harmony", "reflect_flash"))
                self._improved |= self._population.elite is not elite
            case "mutate":
                elite = self._population.elite
                self._population.add(outcome)
                self._improved |= self._population.elite is not elite
            case _:
                self._population.add(outcome)

    def _learn_flash(self, text: str) -> None:
        """File the experience that was followed until now, and follow the new one."""
        if not text:
            return
        if self._flash.experience:
            (self._good if self._improved else self._bad).append(self._flash.experience)
        self._flash = FlashReflection.read(text)
        self._condensed = self._improved = False
        if not self._settings.generational:
            self._queue.extendleft(self._reflect_comprehensive())

    def _reflect_flash(self) -> list[Request]:
        self._selected = deque(self._pairs(self._settings.population_size))
        if not self._selected:
            return []
        distinct = {_code_number(parent): parent for pair in self._selected for parent in pair}
        ranked = sorted(distinct.values(), key=lambda parent: (parent.objective or 0.0, parent.id))
        context = {"baseline": "header", "results": self._results}
        return [self._note("reflect_flash", ranked, context)]

    def _reflect_comprehensive(self) -> list[Request]:
        if self._condensed:
            return []
        self._condensed = True
        context = {
            "baseline": "header",
            "experience": self._flash.experience,
            "good": "\n".join(self._good),
            "bad": "\n".join(self._bad),
        }
        return [self._note("reflect_comprehensive", self._failures(), context)]

    def _crossovers(self) -> list[Request]:
        """Crossover requests, one per selected pair.

        That is by generations; in steady state one, of a fresh pair if none is left.
        """
        pairs = list(self._selected) if self._settings.generational else self._next_pair()
        context = {"baseline": "header", "analysis": self._flash.analysis, "memory": self._memory}
        return [self._heuristic("crossover", (better, worse), context) for worse, better in pairs]

    def _next_pair(self) -> list[tuple[Candidate, Candidate]]:
        return [self._selected.popleft()] if self._selected else self._pairs(1)

    def _mutate(self) -> list[Request]:
        context = {"baseline": "header", "memory": self._memory}
        return [self._heuristic("mutate", (self._population.elite,), context)] * self._settings.mutants

    def _harmony(self) -> list[Request]:
        untuned = [member for member in self._population.members if _code_number(member) not in self._tuned]
        if not untuned or not self._evaluations:
            return []
        best = min(untuned, key=lambda member: (member.objective or 0.0, member.id))
        self._tuned.add(_code_number(best))
        context = {"evaluations": str(self._evaluations), "method": "harmony-search"}
        return [
            Request(operator="harmony", kind=RequestKind.TUNING, parents=(best,), context=context, tag=self._population.completed)
        ]


def _code_number(candidate: Candidate) -> int:
    """The number of the first candidate with the same code."""
    return candidate.id if candidate.duplicate_of is None else candidate.duplicate_of
