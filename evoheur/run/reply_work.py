"""What is computed for one request and depends on nothing else: breeding offline, and reading a reply.

The run's own process can do it, and the breeding process beside it; what comes out is the same.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from evoheur.code.program import ProgramFacts, read_program
from evoheur.code.signature import FunctionSignature
from evoheur.generation.edits import parse_edits
from evoheur.generation.mutation.breeding import Breeder, Offspring, Parent
from evoheur.generation.parsing import ParsedReply, parse_reply
from evoheur.generation.tuning.marked_space import marked_space, unwanted_markers
from evoheur.request import Failure
from evoheur.simplification.reduced_form import reduced_hash
from evoheur.variation import Variation

__all__ = ["Bred", "BreedingJob", "Finding", "RawReply", "ReplyWork"]


@dataclass(frozen=True, slots=True)
class RawReply:
    """A reply that is to be read.

    Attributes:
        text: As it came.
        truncated: Whether the model was cut at its token limit.
        edited: The heuristic that the reply may change in place; None where it must hold whole code.
    """

    text: str
    truncated: bool = False
    edited: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reply holds.

    Attributes:
        found: Thought and code, or why there are none.
        facts: What is known of the code; None where there is none.
    """

    found: ParsedReply | Failure
    facts: ProgramFacts | None


@dataclass(frozen=True, slots=True)
class BreedingJob:
    """A heuristic that is to be bred; the attributes are those of `Breeder.breed`, with the seed of its randomness."""

    variation: Variation
    parents: tuple[Parent, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Bred:
    """A new heuristic, and its reply, read."""

    offspring: Offspring
    finding: Finding


@dataclass(frozen=True, kw_only=True)
class ReplyWork:
    """Breeds and reads for one run; it can be pickled.

    Attributes:
        signatures: What a reply must define.
        marks: What opens and closes thinking aloud, beyond the marks of known models.
        breeder: Of the offline generator; None with any other.
        fills: Whether code may have markers, which are filled later.
    """

    signatures: tuple[FunctionSignature, ...]
    marks: tuple[tuple[str, ...], ...] = ()
    breeder: Breeder | None = None
    fills: bool = False

    def read(self, reply: RawReply) -> ParsedReply | Failure:
        """Find thought and code in a reply, or why there are none."""
        found = self._parsed(reply)
        if isinstance(found, Failure):
            return found
        fault = marked_space(found.code) if self.fills else unwanted_markers(found.code)
        return fault if isinstance(fault, Failure) else found

    def _parsed(self, reply: RawReply) -> ParsedReply | Failure:
        if reply.edited is None:
            return parse_reply(reply.text, self.signatures, truncated=reply.truncated, marks=self.marks)
        return parse_edits(reply.text, reply.edited, self.signatures, truncated=reply.truncated, marks=self.marks)

    def find(self, reply: RawReply) -> Finding:
        """Read a reply, and find out what a run will ask about the code in it."""
        found = self.read(reply)
        return Finding(found, None if isinstance(found, Failure) else _facts_of(found.code))

    def breed(self, variation: Variation, parents: Sequence[Parent], seed: int) -> Offspring:
        """Breed a heuristic.

        Raises:
            Stuck: Nothing came of many draws.
        """
        assert self.breeder is not None, "only the offline generator asks for it, and it has one"
        return self.breeder.breed(variation, parents, random.Random(seed))  # noqa: S311 - no secret

    def breed_and_find(self, job: BreedingJob) -> Bred:
        """Breed a heuristic, and read its reply.

        Raises:
            Stuck: Nothing came of many draws.
        """
        offspring = self.breed(job.variation, job.parents, job.seed)
        return Bred(offspring, self.find(RawReply(offspring.reply)))


def _facts_of(code: str) -> ProgramFacts:
    program = read_program(code)
    return ProgramFacts(
        hash=program.hash, reduced_hash=reduced_hash(code), imports=program.imports, measures=dict(program.measures)
    )
